#!/usr/bin/env python3
"""Builds the fixtures of this folder from the sources in src/.

    pip install ziglang==0.17.0
    python testdata/build.py            # writes elf/, wheels*/, roots/ and the tables of README.md anew
    python testdata/build.py --check    # rebuilds elsewhere and compares

Needs Python 3.11 or newer and the ziglang package, which brings a compiler and
a linker for every machine. The same zig makes the same bytes on any computer.
Which files there are stands in elffixtures.py and elfcases.py (ELF files), in
wheelfixtures.py and badwheels.py (wheels), in rootfixtures.py (roots).
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from badwheels import dishonest
from elfcases import all_cases
from elffixtures import all_fixtures
import rootfixtures
from readme import with_tables
from toolchain import Toolchain
from wheelfixtures import honest, judged_otherwise
from wheelwriter import archive, contents

HERE = Path(__file__).resolve().parent
WHEELS = {"wheels": honest, "wheels-differ": judged_otherwise, "wheels-bad": dishonest}
FOLDERS = ("elf", *WHEELS, "roots")


def build_fixture(tools: Toolchain, fixture, out: Path):
    obj = tools.compile(fixture.source, fixture.target, fixture.cflags)
    path = out / fixture.name
    if fixture.object_only:
        path.write_bytes(obj.read_bytes())
    elif fixture.libc:
        tools.link_libc([obj], fixture.target, path, fixture.ldflags)
    else:
        stubs = [tools.stub(soname, versions, fixture.target) for soname, versions in fixture.stubs]
        flags = [flag.replace("{src}", str(tools.source_dir)) for flag in fixture.ldflags]
        tools.link([obj, *stubs], path, flags)
    if fixture.patch:
        path.write_bytes(fixture.patch(path.read_bytes()))
    path.chmod(0o644)


def build_all(out: Path, scratch: Path):
    """Builds every fixture into the empty folder out."""
    for folder in ("elf", *WHEELS):
        (out / folder).mkdir(parents=True)
    tools = Toolchain(HERE / "src", scratch)
    fixtures = all_fixtures() + all_cases()
    for fixture in fixtures:
        build_fixture(tools, fixture, out / "elf")
    groups = {}
    for folder, table in WHEELS.items():
        groups[folder] = table(lambda name: (out / "elf" / name).read_bytes())
        for wheel in groups[folder]:
            (out / folder / wheel.filename).write_bytes(archive(wheel))
    rootfixtures.write(out / "roots", rootfixtures.roots(lambda name: (out / "elf" / name).read_bytes()))
    text = (HERE / "README.md").read_text(encoding="utf-8")
    facts = HERE / "facts.json"  # what others say of the ELF files; not there at the very first build
    known = json.loads(facts.read_text(encoding="utf-8")) if facts.exists() else {}
    (out / "README.md").write_text(with_tables(text, fixtures, groups, known), encoding="utf-8")


def differences(built: Path) -> list:
    """Names the files that differ from, miss in, or are added to the committed ones."""
    out = []
    for folder in FOLDERS:
        names = {str(p.relative_to(side / folder)) for side in (built, HERE) for p in (side / folder).rglob("*")
                 if p.is_symlink() or not p.is_dir()}
        for name in sorted(names):
            if not _same(built / folder / name, HERE / folder / name):
                out.append(f"{folder}/{name}")
    if not _same(built / "README.md", HERE / "README.md"):
        out.append("README.md")
    return out


def _same(a: Path, b: Path) -> bool:
    if a.is_symlink() or b.is_symlink():
        return a.is_symlink() and b.is_symlink() and a.readlink() == b.readlink()
    if not (a.is_file() and b.is_file()):
        return False
    first, second = a.read_bytes(), b.read_bytes()
    # Deflate is not the same everywhere: what matters is what readers see.
    return first == second or a.suffix == ".whl" and contents(first) == contents(second)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true",
                        help="change nothing; exit 1 when a rebuilt file differs from its committed one")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "built"
        build_all(out, Path(scratch))
        if args.check:
            changed = differences(out)
            print("\n".join(f"differs: testdata/{name}" for name in changed) or "all fixtures are as committed")
            return 1 if changed else 0
        for folder in FOLDERS:  # so that nothing of an older table stays
            shutil.rmtree(HERE / folder, ignore_errors=True)
        shutil.copytree(out, HERE, symlinks=True, dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
