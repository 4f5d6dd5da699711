#!/usr/bin/env python3
"""Records how packaging 26.3 reads wheel file names, and what Python's str calls
letters, for the tests of packages wheel and pystr.

    generate.py                 writes the recordings
    generate.py --check         compares them with what is committed
    generate.py --names FILE    answers for the names in FILE, on standard output

Names come from a fixed seed: well-formed ones, and the same with one or two
faults put in. A record is a JSON line: the name, then null when packaging
refuses it, else [name, version, build, tags, hash], where hash is the start of
the SHA-256 of the sorted tags, one a line.
"""
import argparse, gzip, hashlib, io, json, pathlib, random, sys, unicodedata

import packaging
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import wanted

wanted.require("packaging", packaging.__version__)
sys.set_int_max_str_digits(0)

ROOT = pathlib.Path(__file__).resolve().parents[4]
COUNT = 20000

NAMES = ["demo", "Demo", "foo_bar", "foo.bar", "foo__bar", "_foo", "foo_", ".", "_", "f\u00f6\u00f6", "foo..bar", "a", "A.B_C", "\u0130x", "\u4e2d", "x\u00bd",
         "foo bar", "foo+", "", "foo!", "zope.interface", "ruamel.yaml.clib", "9lives", "\u03a3\u03a3", "x\u0301", "x\u2167"]
VERSIONS = ["1.0", "1", "01.00.RC1", "1.0+local_x", "1!2.0", "2.0.post1", "1.0_1", "1.0.dev0", "v1.0", "", "1.0.0-1", " 1.0", "1.0\n", "1.0.x", "2026.9.1",
            "1.0_build1", "99999999999999999999.1", "1.0a1.post2.dev3+u.1", "\u0661.0", "1..0"]
BUILDS = ["1", "0", "00012abc", "1.2", "1_x", "0.editable", "99999999999999999999", "x", "", "\u0661", "1\n2", "12 3", "3\u00e9"]
PYTHONS = ["py3", "py2", "cp311", "cp312", "CP311", "py", "cp3", "pp310", "graalpy311", "_custom", "sillywalk", "2", "2.7.6", "py+3", "", "f\u00f6\u00f6", "py 3", "cp311t", "\u212aelvin",
           "p\u0130", "\u2118x", "\u00b7x", "x\u00b7"]
ABIS = ["none", "abi3", "abi3t", "cp311", "cp313t", "None", "", "n/ne", "any ", "pypy310_pp73", "cp27mu", "x y", "\u00e9", "cp37m"]
PLATFORMS = ["any", "ANY", "linux_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_aarch64", "musllinux_1_2_x86_64", "musllinux_1_2", "win_amd64", "win32",
             "macosx_11_0_arm64", "macosx_10_9_universal2", "", "a/b", "\u03a3\u03a3", "manylinux_2_17_x86_64\n", "ios_13_0_arm64_iphoneos", "null"]


def compressed(rng, words):
    n = rng.choice([1, 1, 1, 1, 2, 2, 3, 6])
    return ".".join(rng.choice(words[: max(4, len(words) - rng.choice([0, 6, 12]))]) for _ in range(n))


def mutate(rng, name):
    i = rng.randrange(len(name) + 1)
    kind = rng.random()
    if kind < 0.35:
        return name[:i] + rng.choice("-._+ \n\t/\\aZ0\u00e9\u0000") + name[i:]
    if kind < 0.7:
        return name[:i] + name[i + 1 :]
    return name[:i] + rng.choice("-._Aa0") + name[i + 1 :]


def names():
    rng = random.Random("wheel names")
    seen = set()
    while len(seen) < COUNT:
        # The front of each list is well-formed; the whole is used now and then.
        few = lambda words, good: rng.choice(words[:good] if rng.random() < 0.85 else words)
        parts = [few(NAMES, 4), few(VERSIONS, 6)]
        if rng.random() < 0.25:
            parts.append(few(BUILDS, 4))
        if rng.random() < 0.7:
            parts += [".".join(rng.sample(PYTHONS[:5], rng.choice([1, 1, 2]))), rng.choice(ABIS[:6]), ".".join(rng.choice(PLATFORMS[:8]) for _ in range(rng.choice([1, 1, 2, 3])))]
        else:
            parts += [compressed(rng, PYTHONS), compressed(rng, ABIS), compressed(rng, PLATFORMS)]
        name = "-".join(parts) + rng.choice([".whl"] * 30 + [".WHL", ".whl ", ".whl\n", "", ".zip"])
        if rng.random() < 0.3:
            name = mutate(rng, name)
        if name not in seen:
            seen.add(name)
            yield name


def answer(name):
    try:
        project, version, build, tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return [name, None]
    text = "".join(sorted(f"{t}\n" for t in tags))
    return [name, [project, str(version), list(map(str, build)), len(tags), hashlib.sha256(text.encode()).hexdigest()[:16]]]


def ranges(predicate):
    """Code points for which the predicate holds, as [first, last] pairs."""
    out = []
    for c in range(0x110000):
        if not 0xD800 <= c <= 0xDFFF and predicate(chr(c)):
            if out and out[-1][1] == c - 1:
                out[-1][1] = c
            else:
                out.append([c, c])
    return out


def characters():
    lowered = {c: chr(c).lower() for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF and chr(c).lower() != chr(c)}
    return {
        "unicode": unicodedata.unidata_version,
        "assigned": ranges(lambda s: unicodedata.category(s) != "Cn"),
        "start": ranges(str.isidentifier),
        "continue": ranges(lambda s: ("a" + s).isidentifier()),
        "word": ranges(lambda s: s.isalnum() or s == "_"),
        "lower": {str(c): s for c, s in lowered.items()},
    }


def pack(text):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as f:
        f.write(text.encode())
    return out.getvalue()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--check", action="store_true", help="compare, write nothing")
    ap.add_argument("--names", metavar="FILE", help="answer for the names in FILE")
    args = ap.parse_args()
    dump = lambda value: json.dumps(value, separators=(",", ":"))
    if args.names:
        for name in pathlib.Path(args.names).read_text().splitlines():
            print(dump(answer(name)))
        return 0
    records = [answer(name) for name in names()]
    files = {
        ROOT / "wheel" / "testdata" / "names.jsonl.gz": "".join(dump(r) + "\n" for r in records),
        ROOT / "internal" / "pystr" / "testdata" / "characters.json.gz": dump(characters()) + "\n",
    }
    bad = 0
    for path, text in files.items():
        if not args.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack(text))
            continue
        if not path.exists() or gzip.decompress(path.read_bytes()).decode() != text:
            print(f"{path.relative_to(ROOT)} is not what Python says now", file=sys.stderr)
            bad = 1
    print(f"names: {len(records)}, of which {sum(r[1] is not None for r in records)} are accepted" + (", all as committed" if args.check and not bad else ""))
    return bad


if __name__ == "__main__":
    sys.exit(main())
