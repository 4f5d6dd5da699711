#!/usr/bin/env python3
"""Says which of the tools that are followed have a newer release, and how old data is.

    newer.py [DAYS]    asks pip and cargo for the newest releases; lists the embedded
                       tables whose date is more than DAYS (90) ago

It changes nothing. README.md says how to follow a newer release.
"""
import datetime, pathlib, re, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOOLS = ROOT / "internal" / "reference" / "tools.tsv"
CRATES = {"uv-platform-tags"}
# Followed, but no oracle: what is asked, and where the version stands.
OTHERS = [("cibuildwheel", "tags/fleet/data/cibuildwheel.tsv", r"of cibuildwheel ([\d.]+);"),
          ("ziglang", "CONTRIBUTING.md", r"ziglang==([\d.]+)")]


def newest(name):
    """The newest release of a package, or None."""
    if name in CRATES:
        command, pattern = ["cargo", "info", name], r"^version: (\S+)"
    else:
        command, pattern = [sys.executable, "-m", "pip", "index", "versions", name], r"\(([^)]+)\)"
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(pattern, done.stdout, re.M)
    return found[1] if found else None


def followed():
    """The tools and the newest release of each that is followed."""
    releases = {}
    for line in TOOLS.read_text().splitlines():
        cells = line.split("\t")
        if not line.startswith("#") and len(cells) > 2:
            name = cells[0].split("@")[0]
            releases[name] = max(releases.get(name, "0"), cells[2], key=numbers)
    for name, file, pattern in OTHERS:
        releases[name] = re.search(pattern, (ROOT / file).read_text())[1]
    return releases


def numbers(version):
    return [int(n) for n in re.findall(r"\d+", version)]


def dates():
    """The tables with a date: path and the last one that a file states."""
    for path in sorted(ROOT.glob("**/data/*.tsv")):
        found = re.findall(r"^#as-of (\d{4}-\d\d-\d\d)", path.read_text(), re.M)
        if found:
            yield path.relative_to(ROOT), datetime.date.fromisoformat(max(found))


def main():
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 90
    for name, have in followed().items():
        latest = newest(name)
        if latest is None:
            print(f"{name} {have}: no answer")
        elif numbers(latest) > numbers(have):
            print(f"{name} {have}: {latest} is newer")
        else:
            print(f"{name} {have}: newest")
    for path, date in dates():
        age = (datetime.date.today() - date).days
        if age > days:
            print(f"{path}: {age} days old")


main()
