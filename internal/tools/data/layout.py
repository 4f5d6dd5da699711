#!/usr/bin/env python3
"""Lays the files of source data out with one fact a line, so that a change can be read.

    layout.py            writes *.json of this directory anew
    layout.py --check    writes nothing, fails when a file is laid out otherwise

A list or object of plain values is on one line, and so is a policy and a release
of a distribution.
"""
import json, pathlib, sys

HERE = pathlib.Path(__file__).resolve().parent
MEMBERS = ("about", "source", "as_of")  # what each file begins with


def on_one_line(value):
    if isinstance(value, dict) and (isinstance(value.get("release"), str) or isinstance(value.get("name"), str)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return not any(isinstance(v, (dict, list)) for v in inner)


def written(value, indent=""):
    if not isinstance(value, (dict, list)) or on_one_line(value):
        return json.dumps(value, ensure_ascii=False)
    deeper = indent + " "
    if isinstance(value, dict):
        rows = [f"{deeper}{json.dumps(k)}: {written(v, deeper)}" for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + indent + "}"
    return "[\n" + ",\n".join(deeper + written(v, deeper) for v in value) + "\n" + indent + "]"


def main():
    status = 0
    for path in sorted(HERE.glob("*.json")):
        facts = json.loads(path.read_text())
        if tuple(facts)[:3] != MEMBERS:
            sys.exit(f"{path.name}: must begin with {', '.join(MEMBERS)}")
        text = written(facts) + "\n"
        if "--check" not in sys.argv:
            path.write_text(text)
        elif path.read_text() != text:
            print(f"{path.name}: run internal/tools/data/layout.py", file=sys.stderr)
            status = 1
    sys.exit(status)


main()
