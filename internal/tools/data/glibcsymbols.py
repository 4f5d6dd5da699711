#!/usr/bin/env python3
"""Writes manylinux/data/glibc.txt: the symbols of glibc by the version that brought each.

    python3 internal/tools/data/glibcsymbols.py DIRECTORY SOURCE DATE

DIRECTORY has glibc's libraries for x86_64, as in the package libc6 of Debian; SOURCE is
that package with its release. It needs GNU readelf. Versions of x86_64 serve for every
machine: a symbol is never older on another one, and where glibc itself is newer, its
first version there is above that.
"""
import pathlib
import re
import subprocess
import sys
import textwrap

LIBRARIES = ["libc.so.6", "libm.so.6", "libmvec.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1",
             "libutil.so.1", "libresolv.so.2", "libanl.so.1", "ld-linux-x86-64.so.2"]
OUT = pathlib.Path(__file__).parents[3] / "manylinux/data/glibc.txt"


def exported(path: pathlib.Path):
    """Yields each defined symbol with its version as numbers."""
    text = subprocess.run(["readelf", "-W", "--dyn-syms", path], check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        match = re.search(r" (GLOBAL|WEAK) +\w+ +(\w+) (\S+?)@@?GLIBC_([0-9.]+)\b", line)
        if match and match[2] != "UND":
            yield match[3], tuple(int(n) for n in match[4].split("."))


def main() -> None:
    directory, source, date = sys.argv[1:]
    first = {}
    for library in LIBRARIES:
        for name, version in exported(pathlib.Path(directory, library)):
            first[name] = min(first.get(name, version), version)
    groups = {}
    for name, version in first.items():
        groups.setdefault(max(version, (2, 5)), []).append(name)
    lines = ["# The symbols of glibc by the version that brought each; 2.5 is for it and all before.",
             f"# Source: {source}, x86_64; read {date} by internal/tools/data/glibcsymbols.py."]
    for version in sorted(groups):
        lines.append("version GLIBC_" + ".".join(map(str, version)))
        lines += textwrap.wrap(" ".join(sorted(groups[version])), 110, initial_indent="\t", subsequent_indent="\t",
                               break_long_words=False, break_on_hyphens=False)
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
