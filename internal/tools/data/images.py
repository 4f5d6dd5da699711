#!/usr/bin/env python3
"""Writes for which releases Docker's python and pypy images exist or existed.

    images.py PYTHON PYPY    rewrites the last column of tags/distro/data/images.tsv from
                             clones of docker-library/python and docker-library/pypy

Every directory with a Dockerfile that the history of a clone has added counts. Those of
a pre-release (3.15-rc) count until there is one of the release. The other columns, and
which rows there are, are kept by hand.
"""
import pathlib, re, subprocess, sys

DATA = pathlib.Path(__file__).resolve().parents[3] / "tags" / "distro" / "data"


def releases():
    """The names of releases by the word that image tags have for them."""
    words = {}
    for table in ("releases.tsv", "extra.tsv"):
        for line in (DATA / table).read_text().splitlines():
            cells = line.split("\t")
            if cells[0] == "alpine":
                words["alpine" + cells[1]] = "alpine:" + cells[1]
            elif cells[0] == "debian" and cells[2] != "-":
                words[cells[2]] = "debian:" + cells[1]
    return words


def existed(clone, words):
    """The releases of each version of Python."""
    log = subprocess.run(["git", "-C", clone, "log", "--no-renames", "--diff-filter=A", "--name-only", "--format="],
                         check=True, capture_output=True, text=True).stdout
    found, early = {}, {}
    for path in log.splitlines():
        m = re.fullmatch(r"(3\.\d+)(-rc)?/(?:slim-)?([a-z0-9.]+)(?:/slim)?/Dockerfile", path)
        if m and m[3] in words:
            (early if m[2] else found).setdefault(m[1], set()).add(words[m[3]])
    return early | found


def order(name):
    distro, _, version = name.partition(":")
    return distro != "debian", [int(n) if n.isdigit() else 99 for n in version.split(".")]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    words = releases()
    known = {"python": existed(sys.argv[1], words), "pypy": existed(sys.argv[2], words)}
    lines = []
    for line in (DATA / "images.tsv").read_text().splitlines():
        cells = line.split("\t")
        if not line.startswith("#") and known[cells[0]].get(cells[1]):
            cells[4] = ",".join(sorted(known[cells[0]][cells[1]], key=order))
        lines.append("\t".join(cells))
    (DATA / "images.tsv").write_text("\n".join(lines) + "\n")


main()
