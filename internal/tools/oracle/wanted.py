"""Which release of a tool a script asks: internal/reference/tools.tsv says it."""
import pathlib, sys

TABLE = pathlib.Path(__file__).resolve().parents[2] / "reference" / "tools.tsv"


def release(tool: str) -> str:
    """The release of a tool that the recorded answers come from."""
    for line in TABLE.read_text().splitlines():
        cells = line.split("\t")
        if cells[0] == tool:
            return cells[2]
    sys.exit(f"{TABLE.name} does not list {tool}")


def require(tool: str, found: str) -> None:
    """Ends the script when the release found is not the one wanted."""
    if found != release(tool):
        sys.exit(f"{tool} {release(tool)} is needed, found {found}")
