#!/usr/bin/env python3
"""Turns facts about the manylinux policies, as JSON, into manylinux/data/policies.txt.

    policies.py [--check]

The source, internal/tools/data/manylinux-policies.json, holds, for each machine and version namespace, the first policy that
allows a version; the first policy that allows a library; and ranges of policies
that ban symbols. The text holds the same, one policy's additions a line.
"""
import json, pathlib, sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCE = ROOT / "internal" / "tools" / "data" / "manylinux-policies.json"
OUT = ROOT / "manylinux" / "data" / "policies.txt"

HEAD = """\
# The manylinux policies (PEP 513, 571, 599, 600): what each one allows.
# Source: the policies of auditwheel 6.8.2; those it lacks, marked "later", are from
# the measurements of pep600_compliance, {as_of}. A policy also allows whatever a
# lower one does.
#
# policy   NAME [=ALIAS] [later] : machines it is defined for
# library  NAME : the first policy that allows to link to it
# version  MACHINE NAMESPACE POLICY : versions first allowed there
# ban      LIBRARY FIRST..LAST : symbols that a wheel must not take from it
"""


def order(name):
    return tuple(map(int, name.split("_")[1:]))


def main():
    facts = json.loads(SOURCE.read_text())
    lines = [HEAD.format(**facts)]
    for p in facts["policies"]:
        words = [p["name"], *("=" + a for a in p["aliases"]), *([] if p["auditwheel"] else ["later"])]
        lines.append("policy %s : %s\n" % (" ".join(words), " ".join(sorted(p["machines"]))))
    lines.append("\n")
    for name, policy in sorted(facts["libraries"].items(), key=lambda kv: (order(kv[1]), kv[0])):
        lines.append(f"library {name} : {policy}\n")
    lines.append("\n")
    for machine, spaces in sorted(facts["versions"].items()):
        for space, versions in sorted(spaces.items()):
            for policy in sorted(set(versions.values()), key=order):
                added = [v for v, p in versions.items() if p == policy]
                lines.append(f"version {machine} {space} {policy} : {' '.join(added)}\n")
    lines.append("\n")
    for library, ranges in sorted(facts["banned_symbols"].items()):
        for span, symbols in ranges.items():
            lines.append(f"ban {library} {span} : {' '.join(symbols)}\n")
    text = "".join(lines)
    if "--check" in sys.argv:
        if OUT.read_text() != text:
            sys.exit(f"{OUT.name} is not what the facts say now")
        print(f"{OUT.name}: {len(text.splitlines())} lines, as committed")
        return
    OUT.write_text(text)


main()
