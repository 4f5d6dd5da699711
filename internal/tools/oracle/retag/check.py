#!/usr/bin/env python3
"""Compares retag with the command "wheel tags", and installs what it makes with pip and uv.

    python internal/tools/oracle/retag/check.py --wheeltag PATH --pip PATH --uv PATH [WHEEL...]

Python has the package wheel. The wheels are those of testdata and the ones given. For the
same words, file name, Tag lines and Build of both commands must be equal. What is installed
of a wheel with other tags, and of one that was repaired, must be byte for byte what is
installed of the wheel that it was made of.
"""

import argparse, importlib.metadata, io, pathlib, shutil, subprocess, sys, tempfile, zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import wanted

TESTDATA = HERE.parents[3] / "testdata"
FLAGS = {"python": "--python-tag", "abi": "--abi-tag", "platform": "--platform-tag", "build": "--build"}
WORDS = [
    {"python": "py3"}, {"python": "+py2"}, {"python": "py2.py3"}, {"python": "+cp310.cp312"}, {"abi": "none"}, {"abi": "+abi3"},
    {"platform": "linux_x86_64"}, {"platform": "+linux_x86_64"}, {"platform": "win32.any"}, {"platform": "-manylinux2014_x86_64"},
    {"platform": "-nowhere"}, {"build": "1"}, {"build": "7abc"}, {"build": ""}, {"build": "2", "python": "py312", "platform": "manylinux_2_28_x86_64.manylinux_2_17_x86_64"},
]
ALONE = {"WHEEL", "RECORD", "INSTALLER", "direct_url.json", "uv_cache.json", "REQUESTED"}


def run(*command, **options):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)


def fail(message):
    sys.exit("FAIL: " + message)


def tags(path):
    """The Tag and Build lines of a wheel."""
    with zipfile.ZipFile(path) as z:
        (name,) = [n for n in z.namelist() if n.endswith(".dist-info/WHEEL")]
        lines = z.read(name).decode().splitlines()
    return [l for l in lines if l.startswith("Tag: ")], [l for l in lines if l.startswith("Build: ")]


def contents(path):
    """The content of each file that both commands leave as it is."""
    with zipfile.ZipFile(path) as z:
        return {n: z.read(n) for n in z.namelist() if n.rsplit("/", 1)[-1] not in ALONE}


def compare_words(wheeltag, wheel, words, work):
    theirs, ours = work / "theirs", work / "ours"
    for folder in (theirs, ours):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(wheel, folder)
    flags = [f"{FLAGS[k]}={v}" for k, v in words.items()]
    their = run(sys.executable, "-m", "wheel", "tags", *flags, theirs / wheel.name)
    our = run(wheeltag, "retag", "--force", *[f"--{k}={v}" for k, v in words.items()], ours / wheel.name)
    what = f"{wheel.name} {words}"
    if their.returncode != 0 and "AssertionError" in their.stderr:
        return False  # WHEEL and the file name disagree, which retag repairs
    if their.returncode != 0 or our.returncode != 0:
        fail(f"{what}:\n{their.stderr}{our.stdout}{our.stderr}")
    a, b = sorted(p.name for p in theirs.iterdir()), sorted(p.name for p in ours.iterdir())
    name = their.stdout.strip()
    if a != b or name not in b:
        fail(f"{what}: wheel made {a}, retag {b}")
    # Where the tags are those of the source, retag leaves WHEEL as it is, in any order.
    same = sorted(tags(ours / name)[0]) == sorted(tags(wheel)[0])
    their_tags, our_tags = ((sorted(t), b) if same else (t, b) for t, b in (tags(theirs / name), tags(ours / name)))
    if their_tags != our_tags:
        fail(f"{what}: {tags(theirs / name)} by wheel, {tags(ours / name)} by retag")
    if contents(ours / name) != contents(wheel):
        fail(f"{what}: other files")
    return True


def environment(name):
    """The flags of pip and uv for a wheel's own tags, None where an installer has no word for them."""
    *_, python, abi, platform = name.removesuffix(".whl").split("-")
    platform = platform.split(".")[-1]
    version = {"cp311": "3.11", "cp38": "3.11", "py3": "3.11", "py312": "3.12"}.get(python)
    machine = {"x86_64": "x86_64", "aarch64": "aarch64"}.get(next((m for m in ("x86_64", "aarch64") if platform.endswith(m)), ""))
    if version is None or platform != "any" and (machine is None or "linux_" not in platform or platform.startswith("linux")):
        return None
    pip = ["--python-version", version, "--implementation", "cp", "--abi", "cp" + version.replace(".", ""), "--abi", "abi3", "--abi", "none"]
    pip += ["--platform", "any" if platform == "any" else platform]
    uv = ["--python-version", version]
    if platform != "any":
        uv += ["--python-platform", f"{machine}-unknown-linux-musl" if "musl" in platform else f"{machine}-manylinux_2_40"]
    return pip, uv


def installed(tool, options, wheel, target):
    """What a tool installs of a wheel: the files but those that are about the wheel itself."""
    shutil.rmtree(target, ignore_errors=True)
    if tool.name == "uv":
        command = [tool, "pip", "install", "--no-config", "--no-cache", "--offline", "--no-deps", "--quiet", "--python", sys.executable]
    else:
        command = [tool, "install", "--isolated", "--disable-pip-version-check", "--no-input", "--no-index", "--no-deps", "--quiet", "--no-compile", "--only-binary=:all:"]
    done = run(*command, *options, "--target", target, wheel)
    if done.returncode != 0:
        fail(f"{tool.name} does not install {wheel.name}: {done.stderr}")
    files = [p for p in target.rglob("*") if p.is_file() and p.name not in ALONE and p.name != ".lock"]
    return {str(p.relative_to(target)): (p.read_bytes(), p.stat().st_mode & 0o111) for p in files}


def compare_installed(tools, source, made, work):
    before, after = environment(source.name), environment(made.name)
    if before is None or after is None:
        return 0
    for i, tool in enumerate(tools):
        if installed(tool, before[i], source, work / "before") != installed(tool, after[i], made, work / "after"):
            fail(f"{tool.name} installs other files of {made.name} than of {source.name}")
    return len(tools)


def damaged(wheel, folder):
    """Copies of a wheel with faults that are repaired."""
    data = wheel.read_bytes()
    folder.mkdir()
    streamed = io.BytesIO()

    class Pipe(io.RawIOBase):  # which cannot seek, so that zipfile writes data descriptors
        writable = lambda self: True
        write = lambda self, b: streamed.write(b)

    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            out.writestr(item, source.read(item))
    record = io.BytesIO()
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(record, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            content = source.read(item)
            if item.filename.endswith(".dist-info/RECORD"):
                content = b"gone.py,,\n" + b"".join(content.splitlines(True)[1:])
            out.writestr(item, content)
    for name, content in {"prefix": b"#!/bin/sh\n" + data, "trailing": data + b"\n", "streamed": streamed.getvalue(), "record": record.getvalue()}.items():
        (folder / name).mkdir()
        path = folder / name / wheel.name
        path.write_bytes(content)
        yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheeltag", required=True, type=lambda p: pathlib.Path(p).absolute())
    parser.add_argument("--pip", required=True, type=lambda p: pathlib.Path(p).absolute())
    parser.add_argument("--uv", required=True, type=lambda p: pathlib.Path(p).absolute())
    parser.add_argument("wheels", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    wanted.require("wheel", importlib.metadata.version("wheel"))
    wanted.require("pip", run(args.pip, "--version").stdout.split()[1])
    wanted.require("uv", run(args.uv, "--version").stdout.split()[1])
    tools = [args.pip, args.uv]
    own = sorted((TESTDATA / "wheels").glob("*.whl"))
    with tempfile.TemporaryDirectory() as temp:
        work = pathlib.Path(temp)
        equal = skipped = 0
        for i, wheel in enumerate([*own, *args.wheels]):
            for j, words in enumerate(WORDS):
                if wheel in own or (i + j) % 5 == 0:
                    if compare_words(args.wheeltag, wheel, words, work):
                        equal += 1
                    else:
                        skipped += 1
        print(f"ok    {equal} times the names and tags of wheel tags; {skipped} that it refuses")
        installs = 0
        for k, wheel in enumerate([*own, *args.wheels[::10]]):
            for i, flags in enumerate((["--build", "3"], ["--platform", "auto", "--build", "4"], ["--python", "+cp312", "--build", "5"])):
                out = work / f"tags-{k}-{i}"
                done = run(args.wheeltag, "retag", "--force", *flags, "-o", out, wheel)
                if done.returncode != 0:
                    fail(done.stdout + done.stderr)
                (made,) = out.iterdir()
                installs += compare_installed(tools, wheel, made, work)
        for k, wheel in enumerate(w for w in own if w.name.startswith(("demo_pure", "demo_bundled", "demo-1.0-cp311-cp311-musllinux_1_2_x86_64"))):
            for broken in damaged(wheel, work / f"damaged-{k}"):
                done = run(args.wheeltag, "retag", "-o", work / "repaired", "--force", broken)
                if done.returncode != 0:
                    fail(done.stdout + done.stderr)
                made = work / "repaired" / wheel.name
                if run(args.wheeltag, "audit", "--verify", made).returncode != 0 or contents(made) != contents(wheel):
                    fail(f"{broken} is not repaired")
                installs += compare_installed(tools, wheel, made, work)
                made.unlink()
        print(f"ok    {installs} times an installer makes the same files of the new wheel and its source")


if __name__ == "__main__":
    main()
