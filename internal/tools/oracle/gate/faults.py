"""Wheels with one to three faults each, the same ones for a seed."""
import base64, hashlib, pathlib, random, zipfile

ELF = pathlib.Path(__file__).resolve().parents[4] / "testdata" / "elf"
DIST = "demo-1.0.dist-info"


class Wheel:
    """The parts of a wheel that faults change before it is written."""

    def __init__(self):
        self.name = "demo-1.0-py3-none-any.whl"
        self.files = {"demo/__init__.py": b"x = 1\n", "demo/cli.py": b"def main():\n    return 0\n"}
        self.metadata = ["Metadata-Version: 2.1", "Name: demo", "Version: 1.0", "Summary: one line", "Description-Content-Type: text/markdown"]
        self.description = "# demo\n\nText.\n"
        self.wheel = ["Wheel-Version: 1.0", "Generator: test", "Root-Is-Purelib: true", "Tag: py3-none-any"]
        self.dist = DIST
        self.without = set()  # files of the *.dist-info directory
        self.rows = None  # changes the rows of RECORD
        self.late = None  # changes the members once RECORD is made
        self.twice = None  # a member that is there twice

    def platform(self, tag, files):
        self.name = f"demo-1.0-{tag}.whl"
        self.files.update(files)
        self.wheel[2:] = ["Root-Is-Purelib: false", f"Tag: {tag}"]

    def write(self, directory, prefix):
        members = dict(self.files)
        text = "\n".join(self.metadata) + "\n\n" + self.description
        for file, content in {"METADATA": text, "WHEEL": "\n".join(self.wheel) + "\n"}.items():
            if file not in self.without:
                members[f"{self.dist}/{file}"] = content.encode()
        rows = [[name, "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(c).digest()).rstrip(b"=").decode(), str(len(c))] for name, c in members.items()]
        rows.append([f"{self.dist}/RECORD", "", ""])
        if self.rows:
            rows = self.rows(rows)
        if "RECORD" not in self.without:
            members[f"{self.dist}/RECORD"] = "".join(",".join(r) + "\n" for r in rows).encode()
        if self.late:
            self.late(members)
        folder = directory / prefix
        folder.mkdir()
        path = folder / self.name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for name, content in members.items():
                z.writestr(zipfile.ZipInfo(name), content)
            if self.twice:
                z.writestr(zipfile.ZipInfo(self.twice), b"other\n")
        return path


def put(*files):
    def fault(w, rng):
        for name in files:
            w.files[name] = f"# {name}\nvalue = {rng.randrange(10**9)}\n".encode()
    return fault


def same(*files):
    def fault(w, rng):
        content = f"the same {rng.randrange(10**9)} in each of these files\n".encode()
        for name in files:
            w.files[name] = content
    return fault


def row(change):
    def fault(w, rng):
        before = w.rows
        w.rows = lambda rows: change(before(rows) if before else rows)
    return fault


def late(change):
    def fault(w, rng):
        before = w.late
        def both(members):
            if before:
                before(members)
            change(members)
        w.late = both
    return fault


def fields(old, new):
    def fault(w, rng):
        w.metadata = [new if line.startswith(old) else line for line in w.metadata if not (new is None and line.startswith(old))]
    return fault


def wheel_line(old, new):
    def fault(w, rng):
        w.wheel = [new if line.startswith(old) else line for line in w.wheel if not (new is None and line.startswith(old))]
    return fault


def described(kind, text):
    def fault(w, rng):
        w.metadata = [line for line in w.metadata if not line.startswith("Description-Content-Type")]
        if kind:
            w.metadata.append("Description-Content-Type: " + kind)
        w.description = text
    return fault


def abi3(tag, elf, name="demo/_x.abi3.so"):
    def fault(w, rng):
        w.platform(tag + "-abi3-manylinux_2_17_x86_64", {name: (ELF / elf).read_bytes()})
    return fault


def only(**files):
    def fault(w, rng):
        w.files = {name: b"text of a file\n" for name in files.get("names", ())}
    return fault


def change_first(index, value):
    def change(rows):
        rows = [list(r) for r in rows]
        for r in rows:
            if r[0].startswith("demo/"):
                r[index] = value
                break
        return rows
    return change


def gone(members):
    members.pop("demo/cli.py", None)


def changed(members):
    if "demo/cli.py" in members:
        members["demo/cli.py"] = b"def main():\n    return 1\n"


def twice(w, rng):
    w.twice = "demo/__init__.py"


def two_dirs(w, rng):
    w.files["demo-2.0.dist-info/METADATA"] = b"Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n"


def lacks(file):
    def fault(w, rng):
        w.without.add(file)
    return fault


def directory(name):
    def fault(w, rng):
        w.dist = name
    return fault


def filename(name):
    def fault(w, rng):
        w.name = name
    return fault


FAULTS = {
    "bytecode": put("demo/cli.pyc"),
    "cached bytecode": put("demo/__pycache__/cli.cpython-312.pyc"),
    "optimised bytecode": put("demo/old.pyo"),
    "copies": same("demo/a.txt", "demo/b.txt"),
    "three copies": same("demo/d/a.json", "demo/d/b.json", "demo/e.json"),
    "license at the top": put("LICENSE"),
    "stubs at the top": put("demo.pyi"),
    "py.typed at the top": put("py.typed"),
    "script with a dash": put("demo/my-script.py"),
    "keyword": put("demo/class.py"),
    "directory with a dash": put("demo/my-dir/x.py"),
    "package with a dash": put("my-demo/__init__.py"),
    "tests": put("tests/__init__.py", "tests/test_demo.py"),
    "src": put("src/demo2/__init__.py"),
    "docs": put("docs/conf.py"),
    "build": put("build/lib/demo/__init__.py"),
    "init at the top": put("__init__.py"),
    "second package": put("other/__init__.py"),
    "directory without modules": put("share/demo.conf"),
    "libraries directory": put("demo.libs/libfoo-0a1b2c3d.so.1"),
    "nothing": only(),
    "data alone": only(names=["demo-1.0.data/data/share/demo.txt"]),
    "program alone": only(names=["demo-1.0.data/scripts/demo"]),
    "purelib in data": put("demo-1.0.data/purelib/demo2/__init__.py"),
    "platlib in data": put("demo-1.0.data/platlib/demo2/__init__.py"),
    "headers": put("demo-1.0.data/headers/demo.h"),
    "module and package": put("demo/sub.py", "demo/sub/__init__.py"),
    "space": put("demo/a b.txt"),
    "accents": put("demo/caf\u00e9.txt"),
    "letter case": put("demo/Cli.py"),
    "long path": put("demo/" + "directory/" * 20 + "x.txt"),
    "of Git": put("demo/.gitignore"),
    "of a Mac": put("demo/.DS_Store"),
    "of a service": put("demo/.github/workflows/x.yml"),
    "two extensions": put("demo/a.yml", "demo/b.yaml"),
    "many files": lambda w, rng: w.files.update({f"demo/data/{i}.txt": f"{i} of many files\n".encode() * 3 for i in range(2001)}),
    "no row": row(lambda rows: [r for r in rows if r[0] != "demo/cli.py"]),
    "row too many": row(lambda rows: rows + [["demo/gone.py", "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", "0"]]),
    "row for a directory": row(lambda rows: rows + [["demo/", "", ""]]),
    "row twice": row(lambda rows: rows + [list(r) for r in rows if r[0] == "demo/cli.py"]),
    "wrong hash": row(change_first(1, "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")),
    "weak hash": row(change_first(1, "md5=1B2M2Y8AsgTpgAmY7PhCfg")),
    "no hash": row(change_first(1, "")),
    "wrong size": row(change_first(2, "4711")),
    "size of words": row(change_first(2, "many")),
    "two columns": row(lambda rows: [r[:2] if r[0].startswith("demo/c") else r for r in rows]),
    "row that leads out": row(lambda rows: rows + [["../evil.py", "", ""]]),
    "absolute row": row(lambda rows: rows + [["/evil.py", "", ""]]),
    "hash for RECORD": row(lambda rows: [[r[0], "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", "0"] if r[0].endswith("/RECORD") else r for r in rows]),
    "file gone": late(gone),
    "file changed": late(changed),
    "member twice": twice,
    "no RECORD": lacks("RECORD"),
    "no WHEEL": lacks("WHEEL"),
    "no METADATA": lacks("METADATA"),
    "two dist-info": two_dirs,
    "other dist-info": directory("other-1.0.dist-info"),
    "other version": directory("demo-1.1.dist-info"),
    "no Root-Is-Purelib": wheel_line("Root-Is-Purelib", None),
    "odd Root-Is-Purelib": wheel_line("Root-Is-Purelib", "Root-Is-Purelib: perhaps"),
    "Root-Is-Purelib false": wheel_line("Root-Is-Purelib", "Root-Is-Purelib: false"),
    "wheel version 9": wheel_line("Wheel-Version", "Wheel-Version: 9.0"),
    "no Name": fields("Name", None),
    "other Name": fields("Name", "Name: other"),
    "odd Name": fields("Name", "Name: de mo"),
    "no Version": fields("Version", None),
    "odd Version": fields("Version", "Version: one"),
    "metadata version 9": fields("Metadata-Version", "Metadata-Version: 9.0"),
    "no metadata version": fields("Metadata-Version", None),
    "long summary": fields("Summary", "Summary: " + "x" * 600),
    "odd requirement": fields("Summary", "Requires-Dist: requests >>> 1"),
    "odd Requires-Python": fields("Summary", "Requires-Python: three"),
    "odd license": fields("Summary", "License-Expression: My Own License"),
    "odd classifier": fields("Summary", "Classifier: Topic :: Nothing"),
    "no description": described("text/markdown", ""),
    "no content type": described(None, "Text.\n"),
    "odd content type": described("text/html", "<p>Text.</p>\n"),
    "damaged reStructuredText": described("text/x-rst", "Title\n=\n\n.. nothing::\n\n   `unfinished\n"),
    "raw HTML in reStructuredText": described("text/x-rst", ".. raw:: html\n\n   <p>x</p>\n"),
    "sound reStructuredText": described("text/x-rst", "Title\n=====\n\nText.\n"),
    "private symbols": abi3("cp39", "export-x86_64-abi3-private.so"),
    "later symbols": abi3("cp38", "export-x86_64-abi3-312.so"),
    "stable symbols": abi3("cp312", "export-x86_64-abi3-312.so"),
    "older stable symbols": abi3("cp39", "export-x86_64-abi3.so"),
    "capital letters": filename("Demo-1.0-py3-none-any.whl"),
    "odd file name": filename("demo-1.0-py3-none.whl"),
    "odd version in the file name": filename("demo-one-py3-none-any.whl"),
}


def wheels(directory, count, seed):
    """Writes the wheels and yields each path with the names of its faults."""
    rng = random.Random(seed)
    names = sorted(FAULTS)
    rare = {"many files"}
    for i in range(count):
        if i < len(names):
            chosen = [names[i]]
        else:
            chosen = rng.sample([n for n in names if n not in rare], rng.choice([1, 2, 2, 3, 3]))
        w = Wheel()
        for name in chosen:
            FAULTS[name](w, rng)
        yield w.write(directory, f"{i:04}"), chosen
