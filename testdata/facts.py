#!/usr/bin/env python3
"""Writes facts.json: what two independent programs say of every ELF fixture.

    python testdata/facts.py

Needs GNU readelf on the path and, in the running Python, auditwheel 6.8.2. To be
run by hand after build.py when a fixture is added; then run build.py again, which
puts the verdicts into README.md. A file without section headers has null where
readelf cannot look.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from elfcases import all_cases
from elffixtures import all_fixtures
from wheelfixtures import cp311
from wheelwriter import Wheel, archive

HERE = Path(__file__).resolve().parent

# zig's names of machines where a wheel tag has another.
MACHINES = {"x86": "i686", "arm": "armv7l", "powerpc64le": "ppc64le", "powerpc64": "ppc64"}


def readelf(path: Path, *options: str) -> str:
    done = subprocess.run(["readelf", "-W", *options, str(path)], capture_output=True, text=True)
    return done.stdout


def header(path: Path) -> dict:
    rows = dict(re.findall(r"^  ([A-Z][^:]+): +(.+?)\s*$", readelf(path, "-h"), re.M))
    return {"class": int(rows["Class"].removeprefix("ELF")), "endian": rows["Data"].split()[-2],
            "os_abi": rows["OS/ABI"], "type": rows["Type"].split()[0], "machine": rows["Machine"],
            "flags": rows["Flags"].split(",")[0], "sections": int(rows["Number of section headers"])}


def segments(path: Path) -> dict:
    text = readelf(path, "-l")
    rows = [line.split() for line in text.splitlines() if re.match(r"  [A-Z]+\w* +0x", line)]
    flags = {row[0]: "".join(row[6:-1]) for row in rows}
    interp = re.search(r"interpreter: (.+?)\]", text)
    return {"interp": interp and interp[1], "stack": flags.get("GNU_STACK"), "relro": "GNU_RELRO" in flags,
            "load": [["".join(row[6:-1]), int(row[-1], 16)] for row in rows if row[0] == "LOAD"]}


def dynamic(path: Path) -> dict:
    text = readelf(path, "-d")

    def strings(tag):
        return re.findall(rf"\({tag}\).*\[(.*)\]", text)

    return {"needed": strings("NEEDED"), "soname": (strings("SONAME") or [None])[0],
            "rpath": (strings("RPATH") or [None])[0], "runpath": (strings("RUNPATH") or [None])[0],
            "bind_now": "NOW" in text, "textrel": "TEXTREL" in text,
            "tags": sorted(set(re.findall(r"\(([A-Z0-9_]+)\)", text)))}


def versions(path: Path) -> dict:
    """The version needs by library and the versions defined, in file order."""
    needs, defined, library = {}, [], None
    for line in readelf(path, "-V").splitlines():
        if found := re.search(r"File: (\S+)", line):
            library = needs.setdefault(found[1], [])
        elif "Rev:" in line and (found := re.search(r"Flags: (\S+).*Name: (\S+)", line)):
            defined += [found[2]] if found[1] != "BASE" else []
        elif library is not None and (found := re.search(r"Name: (\S+) +Flags: (\S+)", line)):
            library.append(found[1] + ("" if found[2] == "none" else f" {found[2]}"))
    return {"needs": needs, "defines": defined}


def symbols(path: Path) -> dict:
    """Names of dynamic symbols, in file order: undefined with version and bind."""
    row = re.compile(r"\s*[1-9]\d*: [0-9a-f]+ +\S+ +\w+ +(\w+) +\w+ +(?:\[.*?\] +)?(\w+) +(?:\[.*?\] +)?(\S+)")
    found = [m.groups() for m in map(row.match, readelf(path, "--dyn-syms").splitlines()) if m]
    return {"undefined": [[name.replace("@@", "@"), bind] for bind, where, name in found if where == "UND"],
            "exported": [name.replace("@@", "@") for bind, where, name in found if where != "UND"]}


def auditwheel(path: Path, target: str) -> str:
    """The tag of a wheel that holds the file alone, or the kind of refusal.

    The wheel claims the machine that the file was compiled for.
    """
    machine = target.split("-")[0]
    machine = MACHINES.get(machine, machine)
    member = f"demo.cpython-311-{target.split('.')[0].replace('x86-', 'i386-')}.so"
    wheel = Wheel(cp311("demo", f"linux_{machine}"), "", {member: path.read_bytes()}, "")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / wheel.filename
        file.write_bytes(archive(wheel))
        done = subprocess.run([sys.executable, "-m", "auditwheel", "show", "--json", "--ldpaths", "", str(file)],
                              capture_output=True, text=True)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return "traceback: " + done.stderr.strip().splitlines()[-1]
    return answer.get("overall_tag") or "error: " + answer["error"].split(",")[0].split(":")[0]


def facts(path: Path, target: str) -> dict:
    out = header(path) | segments(path) | dynamic(path)
    readable = out["sections"] > 0
    for part in (versions, symbols):
        values = part(path)
        out |= values if readable else dict.fromkeys(values)
    return out | {"auditwheel": auditwheel(path, target)}


def main():
    fixtures = sorted(all_fixtures() + all_cases(), key=lambda f: f.name)
    lines = [f"{json.dumps(f.name)}: {json.dumps(facts(HERE / 'elf' / f.name, f.target))}" for f in fixtures]
    (HERE / "facts.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
