#!/usr/bin/env python3
"""Records how Python 3.13 reads zip archives, rows of RECORD and the fields of
METADATA, for the tests of package wheel.

    generate.py           writes the recordings
    generate.py --check   compares them with what is committed

Everything comes from a fixed seed. The recordings are JSON lines:

archives: first the base archives by name, in base64. Then [base, changes, answer]:
each change is [offset, bytes that go, bytes that come in hexadecimal]; the answer is
null when zipfile refuses the archive, else a list of [name, offset of the local
header, start of the SHA-256 of the content, or null when that cannot be read].

rows: [text, rows] as csv.reader(text.splitlines()) gives them, or null.

fields: [text, [[name, value], ...], body] as email.parser gives them; values without
white space around them.
"""
import argparse, base64, csv, email.parser, gzip, hashlib, io, json, pathlib, random, sys, tempfile, warnings, zipfile

import zips

assert sys.version_info[:2] == (3, 13), "Python 3.13 is required"
warnings.simplefilter("ignore")

HERE = pathlib.Path(__file__).resolve().parents[4] / "wheel" / "testdata"
ARCHIVES, ROWS, FIELDS = 3000, 4000, 4000


def read(path):
    try:
        z = zipfile.ZipFile(path)
    except Exception:
        return None
    with z:
        members = []
        for info in z.infolist():
            try:
                content = z.open(info).read()
                digest = hashlib.sha256(content).hexdigest()[:16]
            except Exception:
                digest = None
            members.append([info.filename, max(min(info.header_offset, 2**63 - 1), -1), digest])
        return members


def archives():
    bases = zips.bases()
    yield {name: base64.b64encode(data).decode() for name, data in bases.items()}
    with tempfile.TemporaryDirectory() as d:
        path = pathlib.Path(d) / "a.zip"
        for name, changes in zips.cases(ARCHIVES):
            path.write_bytes(zips.apply(bases[name], changes))
            yield [name, [[at, gone, came.hex()] for at, gone, came in changes], read(path)]


def rows():
    rng = random.Random("rows of RECORD")
    words = ["a", "demo/x.so", "sha256=47DEQpj8HBSa", "12", "", '"', '""', '"a"', '"a,b"', '"a""b"', 'a"b', '"a"b', " ", "\u00e9", "\0", "\t", '"\n', "'", "\\", '"a\nb"']
    ends = ["\n"] * 12 + ["\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029", "\n\n", "\u00a0"]
    for i in range(ROWS):
        text = ""
        for _ in range(rng.randrange(1, 6)):
            text += ",".join("".join(rng.choice(words) for _ in range(rng.choice([1, 1, 1, 2, 3]))) for _ in range(rng.choice([1, 2, 3, 3, 3, 4]))) + rng.choice(ends)
        if i % 3 == 0:
            text = text[: rng.randrange(len(text))]
        if i % 500 == 0:
            text += "b" * (131072 - i % 3) + rng.choice(["", "bb"]) + ",,\n"
        try:
            yield [text, list(csv.reader(text.splitlines()))]
        except csv.Error:
            yield [text, None]


SPACE = " \t\r\n\v\f"


def fields():
    rng = random.Random("fields of METADATA")
    names = ["Name", "Version", "name", "Requires-Dist", "X", "a b", "", "N\u00e9", "From", "Tag", "Version "]
    values = [" demo", "demo", " 1.0 ", "", " a: b", "\t>=3", " \u00e9", " x\f", "\v1", " a\x1fb"]
    lines = ["no field", "From here", "From: there", " folded", "\tfolded: x", "", " ", ":", ": x", "\u00a0", "From x: y"]
    ends = ["\n"] * 12 + ["\r\n", "\r", "\n\n"]
    for _ in range(FIELDS):
        text = ""
        for _ in range(rng.randrange(1, 9)):
            if rng.random() < 0.75:
                text += rng.choice(names[: rng.choice([4, 11])]) + ":" + rng.choice(values)
            else:
                text += rng.choice(lines)
            text += rng.choice(ends)
        if rng.random() < 0.2:
            text = text[:-1]
        m = email.parser.Parser().parsestr(text)
        body = m.get_payload()
        yield [text, [[k, str(v).strip(SPACE)] for k, v in m.items()], body if isinstance(body, str) else ""]


def pack(lines):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as f:
        for value in lines:
            f.write((json.dumps(value, separators=(",", ":")) + "\n").encode())
    return out.getvalue()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--check", action="store_true", help="compare, write nothing")
    args = ap.parse_args()
    bad = 0
    for name, make in (("archives", archives), ("rows", rows), ("fields", fields)):
        data = pack(make())
        path = HERE / f"{name}.jsonl.gz"
        if not args.check:
            path.write_bytes(data)
        elif not path.exists() or gzip.decompress(path.read_bytes()) != gzip.decompress(data):
            print(f"{path.name} is not what Python says now", file=sys.stderr)
            bad = 1
        print(f"{name}: {gzip.decompress(data).count(10)} lines, {len(data)} bytes")
    return bad


if __name__ == "__main__":
    sys.exit(main())
