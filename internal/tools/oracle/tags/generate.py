#!/usr/bin/env python3
"""Records what other tools list as compatible tags, for the tests of package tags.

    generate.py packaging       with packaging 26.3 installed
    generate.py packaging@26.2  with packaging 26.2 installed
    generate.py pip             with pip 26.3 installed
    generate.py uv --uv BINARY  with a program around uv's crate uv-platform-tags 0.0.98 (see --help)

Described targets come from a fixed seed, so every run asks the same questions.
For each the tool's own code makes the list, with only its probes of the host
replaced, and one line records the description, the number of tags and the
first 16 hex digits of the SHA-256 of the list, one tag a line. The result goes
to tags/testdata/PROFILE.jsonl.gz, a few whole lists to tags/testdata/lists.
With --check nothing is written and a difference is an error.
"""
import argparse, gzip, hashlib, io, itertools, json, pathlib, random, subprocess, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import wanted

ROOT = pathlib.Path(__file__).resolve().parents[4]
DATA = ROOT / "tags" / "testdata"
COUNTS = {"packaging": 10500, "packaging@26.2": 2200, "pip": 2200, "uv": 2600}

LINUX = ["x86_64", "i686", "aarch64", "armv7l", "armv8l", "ppc64le", "s390x", "riscv64", "loongarch64",
         "ppc64", "armv6l", "armv5tel", "mips64", "i386", "sparc64"]
MACS = ["x86_64", "arm64", "i386", "ppc64", "ppc", "intel", "universal2", "fat"]
IOS = ["arm64_iphoneos", "arm64_iphonesimulator", "x86_64_iphonesimulator"]
ANDROID = ["arm64_v8a", "armeabi_v7a", "x86_64", "x86"]
OTHERS = ["freebsd_14_1_release_amd64", "isilon_onefs", "aix_7204_1806_64", "cygwin_3_4_6_x86_64", "wasi_0_0_0_wasm32"]


def pythons(rng, uv):
    """An endless mix of interpreters, the usual ones most often."""
    while True:
        kind = rng.random()
        if kind < 0.70:
            major, minor = rng.choice([(3, m) for m in range(6, 17)] * 4 + [(3, m) for m in range(0, 6)] + [(2, 7), (2, 6), (4, 0), (4, 2), (3, 100)])
            py = {"major": major, "minor": minor}
            if rng.random() < 0.25:
                py["threaded"] = True
            if rng.random() < 0.15:
                py["debug"] = True
            if not uv and rng.random() < 0.04:
                py["minor"] = -1
                py.pop("threaded", 0), py.pop("debug", 0)
            if not uv and rng.random() < 0.08:
                n = f"cp{major}{py['minor']}" if py["minor"] >= 0 else f"cp{major}"
                py["abis"] = rng.choice([[n], [n, "abi3"], [n, n + "t"], [n + "t", "abi3t"], ["none", n], ["abi3t"], ["abi3", "none", "abi3"],
                                         [n + "dm"], [n + "mu"], ["weird", n], [n + "test"], [], ["abi2026", n], [n, n], [n + "td", n + "t", "abi3"]])
                py.pop("threaded", 0), py.pop("debug", 0)
            yield py
        elif kind < 0.87:
            minor = rng.choice([6, 7, 8, 9, 10, 11])
            yield {"impl": "pypy", "major": 3, "minor": minor}
        elif kind < 0.94:
            minor = rng.choice([8, 10, 11, 12])
            yield {"impl": "graalpy", "major": 3, "minor": minor}
        elif not uv:
            impl = rng.choice(["ironpython", "jython", "pyston", "python", "rustpython"])
            major, minor = rng.choice([(3, 4), (2, 7), (3, 8), (3, 12)])
            abis = rng.choice([None, [], ["none", "a"], ["a", "none", "b"], ["pyston_23"], ["abi3"], ["a", "a"]])
            py = {"impl": impl, "major": major, "minor": minor}
            if abis is not None:
                py["abis"] = abis
            yield py


def platforms(rng, uv):
    while True:
        kind = rng.random()
        if kind < 0.60:
            arch = rng.choice(LINUX[:9] * 3 + LINUX)
            if uv and arch in ("mips64", "i386", "sparc64"):
                continue
            p = {"os": "linux", "arch": arch}
            libc = rng.random()
            if libc < 0.66:
                p["glibc"] = [2, rng.choice([4, 5, 11, 12, 13, 16, 17, 18] + list(range(19, 46)))]
                if rng.random() < 0.04:
                    p["glibc"] = [rng.choice([3, 3, 4]), rng.choice([0, 2, 20])]
                if not uv and rng.random() < 0.04:
                    p["no_manylinux"] = True
            elif libc < 0.96 or uv:
                p["musl"] = [1, rng.choice([0, 1, 2, 2, 2, 3, 7])]
            yield p
        elif kind < 0.80:
            arch = rng.choice(MACS[:2] * 4 + MACS)
            version = rng.choice([(10, m) for m in range(0, 18)] + [(m, n) for m in (11, 12, 13, 14, 15, 26, 27) for n in (0, 3)] * 2 + [(9, 0)])
            if uv and (arch not in MACS[:2] or version[0] < 10 or arch == "arm64" and version[0] < 11):
                continue
            yield {"os": "macos", "arch": arch, "version": version}
        elif kind < 0.86:
            yield {"os": "windows", "arch": rng.choice(["amd64", "arm64", "x86"])}
        elif uv:
            continue
        elif kind < 0.91:
            yield {"os": "ios", "arch": rng.choice(IOS), "version": rng.choice([(7, 0), (11, 9), (12, 0), (12, 4), (13, 0), (14, 3), (17, 5), (18, 12), (26, 0)])}
        elif kind < 0.96:
            yield {"os": "android", "arch": rng.choice(ANDROID), "version": [rng.choice([15, 16, 21, 24, 33, 36]), 0]}
        elif kind < 0.98:
            p = {"os": "emscripten", "arch": "wasm32", "emscripten": "5_0_3"}
            if rng.random() < 0.7:
                p["pyemscripten"] = "2026_0"
            yield p
        else:
            yield {"os": "generic", "arch": rng.choice(OTHERS)}


def targets(profile):
    """The described targets of a profile, without repeats."""
    rng = random.Random("tags/" + profile)
    seen, out = set(), []
    for py, plat in zip(pythons(rng, profile == "uv"), platforms(rng, profile == "uv")):
        t = {"python": py, "platform": plat}
        key = json.dumps(t, sort_keys=True)
        if key not in seen:
            seen.add(key)
            out.append(t)
        if len(out) == COUNTS[profile]:
            return out


class Packaging:
    """packaging's own generators, its probes of the host answered from a target."""

    def __init__(self, tags, many, musl):
        self.T, self.many, self.musl = tags, many, musl

    def platforms(self, p):
        T, version = self.T, tuple(p.get("version", ()))
        if p["os"] == "linux":
            glibc, musl = p.get("glibc"), p.get("musl")
            self.many._get_glibc_version = lambda: tuple(glibc) if glibc else (-1, -1)
            allowed = set(self.many._ALLOWED_ARCHS) | {"i686", "armv7l"}
            self.many._have_compatible_abi = lambda exe, archs: not p.get("no_manylinux") and any(a in allowed for a in archs)
            self.many._get_manylinux_module = lambda: None
            self.musl._get_musl_version = lambda exe: self.musl._MuslVersion(*musl) if musl else None
            T.sysconfig.get_platform = lambda: "linux-" + p["arch"]
            return list(T._linux_platforms(is_32bit=False))
        if p["os"] == "macos":
            return list(T.mac_platforms(version, p["arch"]))
        if p["os"] == "ios":
            return list(T.ios_platforms(version, p["arch"]))
        if p["os"] == "android":
            return list(T.android_platforms(version[0], p["arch"]))
        if p["os"] == "emscripten":
            T.sysconfig.get_platform = lambda: "emscripten-5.0.3-wasm32"
            T.sysconfig.get_config_var = {"PYEMSCRIPTEN_PLATFORM_VERSION": p.get("pyemscripten")}.get
            return list(T._emscripten_platforms())
        if p["os"] == "windows":
            return [{"amd64": "win_amd64", "arm64": "win_arm64", "x86": "win32"}[p["arch"]]]
        return [p["arch"]]

    def abis(self, py, plat):
        """What packaging would find in such an interpreter."""
        if "abis" in py:
            return list(py["abis"])
        T, impl = self.T, py.get("impl", "cpython")
        version = (py["major"], py["minor"])
        if impl == "cpython":
            if py["minor"] < 0:
                return []
            wide = 4 if plat["os"] == "linux" else 2
            config = {"Py_DEBUG": int(py.get("debug", 0)), "Py_GIL_DISABLED": int(py.get("threaded", 0)), "WITH_PYMALLOC": 1, "Py_UNICODE_SIZE": wide}
            T._get_config_var = lambda name, warn=False: config.get(name)
            return T._cpython_abis(version)
        nodot = "%d%d" % version
        suffix = {"pypy": f".pypy{nodot}-pp73-x86_64-linux-gnu.so",
                  "graalpy": ".graalpy%s-%s-native-x86_64-linux.so" % ({8: "222", 10: "240", 11: "242", 12: "250"}.get(py["minor"]), nodot)}.get(impl)
        if suffix is None:
            return []
        T._get_config_var = lambda name, warn=False: suffix
        return T._generic_abi()

    def tags(self, t):
        T, py, plat = self.T, t["python"], t["platform"]
        version = (py["major"],) if py["minor"] < 0 else (py["major"], py["minor"])
        nodot, impl = "".join(map(str, version)), py.get("impl", "cpython")
        P, abis = self.platforms(plat), self.abis(py, plat)
        if not P:  # packaging 26.3 and older would ask the host; no platform fits anything but "any"
            P = ["\0"]
        if impl == "cpython":
            tags = itertools.chain(T.cpython_tags(version, abis, P), T.compatible_tags(version, "cp" + nodot, P))
        else:
            short = T.INTERPRETER_SHORT_NAMES.get(impl, impl)
            tags = itertools.chain(T.generic_tags(short + nodot, abis, P), T.compatible_tags(version, "pp3" if impl == "pypy" else None, P))
        return [s for s in map(str, tags) if not s.endswith("\0")]


class Pip(Packaging):
    def __init__(self, *modules):
        super().__init__(*modules)
        from pip._internal.utils import compatibility_tags
        self.pip = compatibility_tags
        self.pip._expand_allowed_platforms = lambda platforms: platforms

    def tags(self, t):
        py, plat = t["python"], t["platform"]
        P, abis = self.platforms(plat) or ["\0"], self.abis(py, plat)
        impl = self.T.INTERPRETER_SHORT_NAMES.get(py.get("impl", "cpython"), py.get("impl"))
        nodot = f"{py['major']}" if py["minor"] < 0 else f"{py['major']}{py['minor']}"
        if not abis and impl == "cp":
            self.T._get_config_var = lambda name, warn=False: None
            self.pip.cpython_tags = lambda python_version, abis, platforms: self.T.cpython_tags(python_version, abis or [], platforms)
        if not abis and impl != "cp":
            self.pip.generic_tags = lambda interpreter, abis, platforms: self.T.generic_tags(interpreter, abis or [], platforms)
        return [s for s in map(str, self.pip.get_supported(nodot, P, impl, abis)) if not s.endswith("\0")]


def uv_lists(binary, wanted):
    """One call of the program: JSON targets in, lists separated by empty lines out."""
    lines = []
    for t in wanted:
        py, p = t["python"], t["platform"]
        q = {"py": [py["major"], py["minor"]], "impl": py.get("impl", "cpython"), "t": py.get("threaded", False), "d": py.get("debug", False)}
        if q["impl"] == "pypy":
            q["iv"] = [7, 3]
        if q["impl"] == "graalpy":
            q["iv"] = {8: [22, 2], 10: [24, 0], 11: [24, 2], 12: [25, 0]}[py["minor"]]
        arch = {"amd64": "x86_64", "arm64": "aarch64", "x86": "i686"}.get(p["arch"], p["arch"])
        q["arch"] = arch
        if p["os"] == "linux":
            q["os"], version = ("manylinux", p["glibc"]) if "glibc" in p else ("musllinux", p["musl"])
        else:
            q["os"], version = p["os"], p.get("version", (0, 0))
        q["major"], q["minor"] = version
        lines.append(json.dumps(q))
    out = subprocess.run([binary, "tags"], input="\n".join(lines) + "\n", text=True, capture_output=True, check=True).stdout
    lists = [block.split("\n") for block in out.rstrip("\n").split("\n\n")]
    assert len(lists) == len(wanted), (len(lists), len(wanted))
    return [[tag for tag in one if tag] for one in lists]


def lister(profile):
    if profile == "pip":
        import pip
        wanted.require("pip", pip.__version__)
        from pip._vendor.packaging import tags, _manylinux, _musllinux
        return Pip(tags, _manylinux, _musllinux)
    import packaging
    from packaging import tags, _manylinux, _musllinux
    wanted.require(profile, packaging.__version__)
    return Packaging(tags, _manylinux, _musllinux)


WHOLE = {  # lists kept in full, for people and for the examples
    "packaging": {
        "cp311-debian11-aarch64": {"python": {"major": 3, "minor": 11}, "platform": {"os": "linux", "arch": "aarch64", "glibc": [2, 31]}},
        "cp313t-glibc2.28-x86_64": {"python": {"major": 3, "minor": 13, "threaded": True}, "platform": {"os": "linux", "arch": "x86_64", "glibc": [2, 28]}},
        "pp310-glibc2.28-x86_64": {"python": {"impl": "pypy", "major": 3, "minor": 10}, "platform": {"os": "linux", "arch": "x86_64", "glibc": [2, 28]}},
        "cp312-macos14-arm64": {"python": {"major": 3, "minor": 12}, "platform": {"os": "macos", "arch": "arm64", "version": [14, 0]}},
    },
    "uv": {"cp312-musl1.2-x86_64-uv": {"python": {"major": 3, "minor": 12}, "platform": {"os": "linux", "arch": "x86_64", "musl": [1, 2]}}},
}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("profile", choices=COUNTS)
    ap.add_argument("--uv", metavar="BINARY", help="program that reads {py,impl,iv,t,d,os,arch,major,minor} lines on 'tags' and prints uv's lists")
    ap.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    args = ap.parse_args()
    wanted, whole = targets(args.profile), WHOLE.get(args.profile, {})
    asked = wanted + list(whole.values())
    if args.profile == "uv":
        lists = uv_lists(args.uv, asked)
    else:
        source = lister(args.profile)
        lists = (source.tags(t) for t in asked)
    records, texts, total = io.StringIO(), {}, 0
    for i, (t, tags) in enumerate(zip(asked, lists)):
        text = "".join(tag + "\n" for tag in tags)
        if i < len(wanted):
            total += len(tags)
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            records.write(json.dumps({**t, "count": len(tags), "hash": digest}, separators=(",", ":")) + "\n")
        else:
            texts[DATA / "lists" / (list(whole)[i - len(wanted)] + ".txt")] = text.encode()
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as f:
        f.write(records.getvalue().encode())
    files = {DATA / (args.profile + ".jsonl.gz"): packed.getvalue(), **texts}
    bad = 0
    for path, data in files.items():
        if not args.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            continue
        old = path.read_bytes() if path.exists() else b""
        same = gzip.decompress(old) == gzip.decompress(data) if old and path.suffix == ".gz" else old == data
        if not same:
            print(f"{path.relative_to(ROOT)} is not what {args.profile} says now", file=sys.stderr)
            bad += 1
    print(f"{args.profile}: {len(wanted)} targets, {total} tags" + (", all as committed" if args.check and not bad else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
