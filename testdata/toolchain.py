"""Compiles and links fixtures with the zig package, for any machine.

Two ways to link: with zig's own C libraries (real symbol versions of a chosen
glibc, or musl), or with stub libraries made here, which define whatever symbols
and versions a fixture is to need. The second needs no C library at all.
"""

import os
import subprocess
import sys
from pathlib import Path

ZIG_VERSION = "0.17.0"

# Nothing that differs between two computers may reach the output: no debug
# information (holds paths), no build id, no stack protector from the defaults.
CFLAGS = ["-O1", "-g0", "-w", "-fPIC", "-fno-stack-protector", "-fno-sanitize=all",
          "-fno-asynchronous-unwind-tables", "-fno-unwind-tables"]

# Bound at once and read-only after that, as zig does it too: a fixture shows one
# property, and lazy binding is another's.
LDFLAGS = ["-s", "--build-id=none", "-z", "now"]


class Toolchain:
    """Runs zig in one scratch directory."""

    def __init__(self, source_dir: Path, scratch: Path):
        self.source_dir = source_dir
        self.scratch = scratch
        self.env = dict(os.environ, ZIG_LOCAL_CACHE_DIR=str(scratch / "zig-cache"))
        self._objects = {}
        self._stubs = {}
        found = self._zig("version").strip()
        if found != ZIG_VERSION:
            sys.exit(f"fixtures are built with zig {ZIG_VERSION}, found {found}: "
                     f"pip install ziglang=={ZIG_VERSION}")

    def _zig(self, *args, cwd=None) -> str:
        done = subprocess.run([sys.executable, "-m", "ziglang", *map(str, args)],
                              cwd=cwd or self.scratch, env=self.env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            sys.exit(f"zig {' '.join(map(str, args))}\n{done.stdout}{done.stderr}")
        return done.stdout

    def compile(self, source: str, target: str, flags=()) -> Path:
        """Compiles one file of the source directory to an object, once."""
        key = (source, target, tuple(flags))
        if key not in self._objects:
            out = self.scratch / f"{len(self._objects)}.o"
            self._zig("cc", "-target", target, *CFLAGS, *flags, "-c", source, "-o", out,
                      cwd=self.source_dir)
            self._objects[key] = out
        return self._objects[key]

    def link_libc(self, objects, target: str, out: Path, flags=()):
        """Links a shared object with the C library that zig has for target."""
        passed = [f"-Wl,{flag}" for flag in flags]
        self._zig("cc", "-target", target, "-shared", "-s", "-Wl,--build-id=none",
                  *passed, *objects, "-o", out)

    def link(self, objects, out: Path, flags=("-shared",)):
        """Links with nothing but what is given: objects, stubs, flags."""
        self._zig("ld.lld", *LDFLAGS, *flags, *objects, "-o", out)

    def stub(self, soname: str, versions: dict, target: str) -> Path:
        """Makes a shared library that defines the symbols of each version.

        versions maps a version name to its symbols; the name "" means no
        version. A symbol that starts with "=" is a variable.
        """
        key = (soname, target, repr(versions))
        if key not in self._stubs:
            folder = self.scratch / f"stub{len(self._stubs)}"
            folder.mkdir()
            self._stubs[key] = self._make_stub(folder, soname, versions, target)
        return self._stubs[key]

    def _make_stub(self, folder: Path, soname: str, versions: dict, target: str) -> Path:
        code, script = [], []
        for version, symbols in versions.items():
            names = [symbol.lstrip("=") for symbol in symbols]
            code += [f"int {n[1:]};" if n[0] == "=" else f"void {n}(void) {{}}" for n in symbols]
            if version:
                script.append(f"{version} {{ {' '.join(n + ';' for n in names)} }};")
        (folder / "stub.c").write_text("\n".join(code))
        (folder / "stub.map").write_text("\n".join(script))
        self._zig("cc", "-target", target, *CFLAGS, "-ffreestanding", "-fno-builtin",
                  "-c", "stub.c", "-o", "stub.o", cwd=folder)
        flags = ["-shared", "-soname", soname]
        if script:
            flags += ["--version-script", "stub.map"]
        self._zig("ld.lld", *flags, "stub.o", "-o", soname, cwd=folder)
        return folder / soname
