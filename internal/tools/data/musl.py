#!/usr/bin/env python3
"""Turns facts about musl's exported symbols, as JSON, into manylinux/data/musl.txt.

    musl.py [--check]

The source, internal/tools/data/musl-symbols.json, gives, for each machine, the first release of musl whose libc.so
exports a symbol, and the last one if it was dropped. The text has one line for
each pair of releases.
"""
import json, pathlib, sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCE = ROOT / "internal" / "tools" / "data" / "musl-symbols.json"
OUT = ROOT / "manylinux" / "data" / "musl.txt"

HEAD = """\
# What musl's libc.so exports, by release, from its own release tags (1.1.0 to 1.2.5).
#
# release  MACHINE : the releases that were read
# symbol   MACHINE SINCE [LAST] : names exported from SINCE on, up to LAST if they
#          were dropped. The oldest release stands for itself and all before it.
#          Names ending in 64, dropped in 1.2.4, are still found by the loader.
"""
MACHINES = {"i386": "i686", "x86_64": "x86_64"}


def main():
    facts = json.loads(SOURCE.read_text())
    order = lambda release: tuple(map(int, release.split(".")))
    lines = [HEAD]
    for arch, data in sorted(facts["arch"].items()):
        lines.append(f"release {MACHINES[arch]} : {' '.join(data['releases'])}\n")
        groups = {}
        for name, span in sorted(data["symbols"].items()):
            groups.setdefault((span["since"], span.get("last")), []).append(name)
        for (since, last), names in sorted(groups.items(), key=lambda kv: (order(kv[0][0]), order(kv[0][1] or "9.9.9"))):
            lines.append(f"symbol {MACHINES[arch]} {since}{' ' + last if last else ''} : {' '.join(names)}\n")
    text = "".join(lines)
    if "--check" in sys.argv:
        if OUT.read_text() != text:
            sys.exit(f"{OUT.name} is not what the facts say now")
        print(f"{OUT.name}: {len(text)} bytes, as committed")
        return
    OUT.write_text(text)


main()
