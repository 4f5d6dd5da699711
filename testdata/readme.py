"""Fills the tables of README.md from the tables that the fixtures are built from."""


def with_tables(text: str, fixtures, groups: dict, facts: dict) -> str:
    """Returns text with the rows between each pair of table marks replaced.

    facts is the content of facts.json; a fixture may be missing in it.
    """
    text = _replace(text, "elf", ["| file | shows | auditwheel 6.8.2 |", "|---|---|---|"]
                    + [f"| `{f.name}` | {f.shows} | {facts.get(f.name, {}).get('auditwheel', '?')} |"
                       for f in sorted(fixtures, key=lambda f: f.name)])
    for folder, wheels in groups.items():
        rules = any(w.rules for w in wheels)
        head = ["| file | shows | " + ("findings | " if rules else "") + "auditwheel 6.8.2 |",
                "|---|---|" + ("---|" if rules else "") + "---|"]
        rows = [f"| `{w.filename}` | {w.shows} | " + (f"{w.rules} | " if rules else "") + f"{w.auditwheel} |"
                for w in wheels]
        text = _replace(text, folder, head + rows)
    return text


def _replace(text: str, name: str, lines: list) -> str:
    start, end = f"<!-- table {name} -->\n", f"<!-- end {name} -->"
    before, rest = text.split(start)
    return before + start + "\n".join(lines) + "\n" + end + rest.split(end)[1]
