#!/usr/bin/env python3
"""Asks real installers which file of a pool they take, for generated pools.

    python internal/tools/oracle/pools/generate.py pip            # with pip 26.3 installed
    python internal/tools/oracle/pools/generate.py uv --uv PATH   # uv 0.13.9
    python internal/tools/oracle/pools/generate.py pip --check

Each record of wheel/coverage/testdata/NAME.jsonl.gz is one pool of files of the
project "demo", a target, a version if it was pinned, and the file taken. The
pools are the same every time. pip runs as `pip download --no-index --find-links
PAGE --only-binary :all:`, and where source distributions are on offer through its
own finder; uv as `uv pip install --dry-run` with an index on the loopback.
"""

import argparse, gzip, html, http.server, io, json, pathlib, random, re, subprocess, sys, tarfile, tempfile, threading, zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import wanted

OUT = HERE.parents[3] / "wheel/coverage/testdata"
COUNT = {"pip": 360, "uv": 400}

# A word for a target, uv's name for the platform, the Python, and the parts of
# tags that lie around it.
TARGETS = [
    ("3.11@manylinux_2_31_aarch64", "aarch64-manylinux_2_31", "3.11", ["manylinux_2_17_aarch64", "manylinux_2_31_aarch64", "manylinux_2_34_aarch64", "manylinux2014_aarch64", "linux_aarch64"]),
    ("3.12@manylinux_2_28_x86_64", "x86_64-manylinux_2_28", "3.12", ["manylinux_2_17_x86_64", "manylinux_2_28_x86_64", "manylinux_2_34_x86_64", "manylinux_2_5_x86_64"]),
    ("3.13@musllinux_1_2_x86_64", "x86_64-unknown-linux-musl", "3.13", ["musllinux_1_1_x86_64", "musllinux_1_2_x86_64", "manylinux_2_17_x86_64"]),
    ("3.10@win_amd64", "x86_64-pc-windows-msvc", "3.10", ["win_amd64", "win32", "win_arm64"]),
]
VERSIONS = ["0.9", "1.0", "1.0.post1", "1.1", "1.2rc1", "2.0a1", "2.0"]
REQUIRES = [None, None, None, ">=3.8", ">=3.11", ">=3.12", ">=3.13", ">=3.14", ">=3.7,!=3.8.*"]


def wheel_name(rng, target):
    _, _, python, platforms = target
    nodot = python.replace(".", "")
    older = "3" + str(int(python[2:]) - rng.choice([0, 1, 2]))
    interpreter, abi = rng.choice([(f"cp{nodot}", f"cp{nodot}"), (f"cp{nodot}", "none"), (f"cp{older}", "abi3"), ("py3", "none"), ("py2.py3", "none"), ("cp39", "cp39")])
    platform = rng.choice(platforms + (["any", "any"] if abi == "none" else []))
    build = rng.choice(["", "", "", "-1", "-2", "-2a"])
    return f"demo-{rng.choice(VERSIONS)}{build}-{interpreter}-{abi}-{platform}.whl"


def pools(name):
    rng = random.Random("pools/" + name)
    for case in range(COUNT[name]):
        target = rng.choice(TARGETS)
        sdists = case % 3 == 0 if name == "pip" else rng.random() < 0.6
        files, seen = [], set()
        for _ in range(rng.randint(1, 9)):
            filename = f"demo-{rng.choice(VERSIONS)}.tar.gz" if sdists and rng.random() < 0.3 else wheel_name(rng, target)
            if filename not in seen:
                seen.add(filename)
                files.append({"name": filename, "requires": rng.choice(REQUIRES), "yanked": rng.random() < 0.12})
        pinned = rng.choice([None, None, rng.choice(VERSIONS)])
        yield {"target": target[0], "files": files, "pinned": pinned, "sdists": sdists}, target


def write_files(folder, pool):
    """Writes each file of the pool, and the page that lists them."""
    lines = ["<!DOCTYPE html><html><body>"]
    for f in pool["files"]:
        path, version = folder / f["name"], f["name"].split("-")[1].removesuffix(".tar.gz")
        requires = f"Requires-Python: {f['requires']}\n" if f["requires"] else ""
        metadata = f"Metadata-Version: 2.2\nName: demo\nVersion: {version}\n{requires}"
        if path.suffix == ".whl":
            with zipfile.ZipFile(path, "w") as z:
                info = f"demo-{version}.dist-info/"
                z.writestr(info + "METADATA", metadata)
                z.writestr(info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                z.writestr(info + "RECORD", "")
        else:
            with tarfile.open(path, "w:gz") as t:
                for name, text in (("PKG-INFO", metadata), ("pyproject.toml", "[build-system]\nrequires = []\nbuild-backend = 'x'\n")):
                    member = tarfile.TarInfo(f"demo-{version}/{name}")
                    member.size = len(text)
                    t.addfile(member, io.BytesIO(text.encode()))
        attributes = f' data-requires-python="{html.escape(f["requires"])}"' if f["requires"] else ""
        attributes += ' data-yanked=""' if f["yanked"] else ""
        lines.append(f'<a href="{f["name"]}"{attributes}>{f["name"]}</a>')
    page = folder / "page.html"
    page.write_text("\n".join(lines + ["</body></html>"]))
    return page


def supported(pip, target):
    """The ordered tags of a target as pip itself makes them."""
    sys.path.insert(0, str(HERE.parent / "tags"))
    import generate as tags
    word, _, python, _ = target
    parts = re.fullmatch(r".*@(manylinux|musllinux|win)_(?:(\d+)_(\d+)_)?(\w+)", word)
    kind, major, minor, arch = parts.groups()
    platform = {"os": "windows", "arch": arch} if kind == "win" else {"os": "linux", "arch": arch}
    if kind != "win":
        platform["glibc" if kind == "manylinux" else "musl"] = [int(major), int(minor)]
    return tags.lister("pip").tags({"python": {"major": 3, "minor": int(python[2:])}, "platform": platform})


class Pip:
    def __init__(self, _):
        import pip
        wanted.require("pip", pip.__version__)

    def platforms(self, target):
        seen = {}
        for tag in supported(self, target):
            seen.setdefault(tag.split("-")[2])
        return [p for p in seen if p != "any"]

    def ask(self, folder, page, pool, target):
        if pool["sdists"]:
            return self.find(page, pool, target)
        nodot = target[2].replace(".", "")
        out = folder / "out"
        args = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "-q", "--no-index", "--find-links", str(page), "--no-deps",
                "--only-binary", ":all:", "--python-version", target[2], "--implementation", "cp", "--abi", f"cp{nodot}", "--abi", "abi3", "--abi", "none", "-d", str(out)]
        for platform in self.platforms(target):
            args += ["--platform", platform]
        subprocess.run(args + ["demo" + (f"=={pool['pinned']}" if pool["pinned"] else "")], capture_output=True)
        found = [p.name for p in out.glob("*")] if out.exists() else []
        return found[0] if found else None

    def find(self, page, pool, target):
        """The finder and the resolver's rule for yanked files, for source distributions too."""
        from pip._internal.index.collector import LinkCollector
        from pip._internal.index.package_finder import PackageFinder
        from pip._internal.models.search_scope import SearchScope
        from pip._internal.models.selection_prefs import SelectionPreferences
        from pip._internal.models.target_python import TargetPython
        from pip._internal.network.session import PipSession
        from pip._vendor.packaging.specifiers import SpecifierSet
        from pip._vendor.packaging.tags import parse_tag
        version = tuple(int(x) for x in target[2].split(".")) + (0,)
        python = TargetPython(platforms=["x"], py_version_info=version, abis=["x"], implementation="cp")
        tags = [next(iter(parse_tag(t))) for t in supported(self, target)]
        python._valid_tags, python._valid_tags_set = tags, set(tags)
        scope = SearchScope.create(find_links=[str(page)], index_urls=[], no_index=True)
        finder = PackageFinder.create(LinkCollector(PipSession(), scope), SelectionPreferences(allow_yanked=True), python)
        specifier = SpecifierSet(f"=={pool['pinned']}" if pool["pinned"] else "")
        found = finder.find_best_candidate("demo", specifier=specifier).applicable_candidates
        found = sorted(found, key=finder.make_candidate_evaluator("demo", specifier=specifier)._sort_key)
        if not (pool["pinned"] and all(c.link.is_yanked for c in found)):
            found = [c for c in found if not c.link.is_yanked]
        return found[-1].link.filename if found else None


class UV:
    """uv behind an index on the loopback: with --find-links it passes over the attributes of a page."""

    def __init__(self, binary):
        self.binary = binary
        version = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout
        wanted.require("uv", version.split()[1])
        outer = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def translate_path(self, path):
                return outer.place(path)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}/simple/"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def place(self, path):
        """The file behind a request."""
        name = path.rstrip("/").rpartition("/")[2]
        return str(self.folder / ("page.html" if name == "demo" else name))

    def ask(self, folder, page, pool, target):
        self.folder = folder
        args = [self.binary, "pip", "install", "--dry-run", "-v", "--no-config", "--python-platform", target[1], "--python-version", target[2],
                "--default-index", self.url, "--no-deps", "--no-cache", "--target", str(folder / "out"), "demo" + (f"=={pool['pinned']}" if pool["pinned"] else "")]
        out = subprocess.run(args, capture_output=True, text=True).stderr
        if " + demo==" not in out:
            return None
        return re.findall(r"Selecting: demo==\S+ \[[^\]]*\] \(([^)]*)\)", out)[-1]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("tool", choices=COUNT)
    ap.add_argument("--uv", help="the uv program")
    ap.add_argument("--check", action="store_true", help="compare with the committed file, write nothing")
    args = ap.parse_args()
    tool = {"pip": Pip, "uv": UV}[args.tool](args.uv)
    records = []
    for pool, target in pools(args.tool):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            pool["file"] = tool.ask(folder, write_files(folder, pool), pool, target)
        records.append(json.dumps(pool))
    text = "\n".join(records) + "\n"
    path = OUT / f"{args.tool}.jsonl.gz"
    if args.check:
        same = gzip.decompress(path.read_bytes()).decode() == text
        print(f"{path.name}: {'as committed' if same else 'differs'}")
        return 0 if same else 1
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{path.name}: {len(records)} pools, {sum(json.loads(r)['file'] is not None for r in records)} with an answer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
