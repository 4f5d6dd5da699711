#!/usr/bin/env python3
"""Makes pure wheels for install.sh.

    python wheels.py FOLDER          # a pool of them
    python wheels.py --tamper WHEEL  # the same size and structure, other bytes
    python wheels.py --variants FOLDER  # a release with wheel variants (PEP 825)
"""

import base64, hashlib, json, pathlib, sys, zipfile

# Name of the file, and further lines of METADATA. Of sitedemo, 1.1 in build 2 is
# the one to take: 2.0 is for a Python that is not there yet, 3.0 for an old one.
POOL = {
    "sitedemo-1.0-py3-none-any.whl": ["Requires-Dist: site.dep"],
    "sitedemo-1.1-1-py3-none-any.whl": ["Requires-Dist: site.dep"],
    "sitedemo-1.1-2-py3-none-any.whl": ["Requires-Dist: site.dep", "Requires-Python: >=3.8, <4"],
    "sitedemo-2.0-py3-none-any.whl": ["Requires-Python: >=3.99"],
    "sitedemo-3.0-cp27-none-any.whl": [],
    "site_dep-0.9-py3-none-any.whl": [],
    "site_dep-1.0+local.1-py3-none-any.whl": [],
}


# The properties of the variants of "varied", of which a static provider supports all
# but "best"; a wheel without a label is none.
VARIANTS = {"": None, "null": {}, "slow": {"demo": {"speed": ["low"]}}, "fast": {"demo": {"speed": ["high"]}}, "best": {"demo": {"speed": ["beyond"]}}}


def variant_metadata(label, properties):
    """The variant.json of one wheel."""
    return json.dumps({
        "$schema": "https://variants-schema.wheelnext.dev/peps/850/v0.2.0.json",
        "default-priorities": {"namespace": ["demo"]},
        "providers": {"demo": {"static-properties": {"speed": ["high", "low"]}}},
        "variants": {label: properties},
    })


def wheel(path, fields, label=""):
    """Writes one wheel with a module that tells from which file it came."""
    parts = path.name[:-4].removesuffix(f"-{label}").split("-")
    info = f"{parts[0]}-{parts[1]}.dist-info"
    members = {
        f"{parts[0]}.py": f"what = {path.name!r}\n",
        f"{info}/METADATA": "\n".join(["Metadata-Version: 2.1", f"Name: {parts[0]}", f"Version: {parts[1]}", *fields]) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: " + "-".join(parts[-3:]) + "\n",
    }
    if label:
        members[f"{info}/variant.json"] = variant_metadata(label, VARIANTS[label])
    record = ""
    for name, text in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f'"{name}",sha256={digest},{len(text)}\n'
    members[f"{info}/RECORD"] = record + f'"{info}/RECORD",,\n'
    with zipfile.ZipFile(path, "w") as z:
        for name, text in members.items():
            z.writestr(zipfile.ZipInfo(name), text)


def tamper(path):
    """Changes the time of the first member, which no checksum of the archive covers."""
    with zipfile.ZipFile(path) as z:
        offset = z.start_dir
    data = bytearray(path.read_bytes())
    data[offset + 12] ^= 1
    path.write_bytes(data)
    assert zipfile.ZipFile(path).testzip() is None


def main():
    if sys.argv[1] == "--tamper":
        tamper(pathlib.Path(sys.argv[2]))
    elif sys.argv[1] == "--variants":
        folder = pathlib.Path(sys.argv[2])
        folder.mkdir()
        for label in VARIANTS:
            wheel(folder / ("varied-1.0-py3-none-any" + (label and f"-{label}") + ".whl"), [], label)
    else:
        folder = pathlib.Path(sys.argv[1])
        folder.mkdir()
        for name, fields in POOL.items():
            wheel(folder / name, fields)


main()
