"""Root file systems in miniature: what a program that reads roots looks at.

The programs are ELF fixtures; a C library is one with the string behind it that
tells its version. Nothing in them could run.
"""

GLIBC = b"GNU C Library (Debian GLIBC 2.36-9+deb12u10) stable release version 2.36.\n"
MUSL = b"\0musl libc (aarch64)\n\0\x001.2.5\0"


def roots(elf) -> dict:
    """Maps a path below roots/ to its content: bytes, or the target of a link."""
    alpine = {
        "etc/os-release": b'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n',
        "lib/ld-musl-aarch64.so.1": elf("ext-aarch64-musl.so") + MUSL,
        "bin/busybox": elf("exe-aarch64-musl"),
        "bin/sh": "/bin/busybox",
        "usr/bin/python3": "python3.12",
        "usr/bin/python3.12": elf("exe-aarch64-musl") + b"\x003.12.7\0",
        "usr/lib/python3.12/os.py": b"# the landmark of a standard library\n",
        "usr/lib/python3.12/EXTERNALLY-MANAGED": b"[externally-managed]\n",
    }
    debian = {
        "etc/os-release": b'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
        "etc/ld.so.conf": b"include /etc/ld.so.conf.d/*.conf\n",
        "etc/ld.so.conf.d/local.conf": b"/usr/local/lib\n",
        "lib64/ld-linux-x86-64.so.2": elf("ext-x86_64-gnu2.17.so"),
        "usr/lib/x86_64-linux-gnu/libc.so.6": elf("ext-x86_64-gnu2.17.so") + GLIBC,
        "bin/sh": elf("exe-x86_64-dynamic"),
        "usr/bin/python3": "python3.11",
        "usr/bin/python3.11": elf("exe-x86_64-dynamic") + b"\x003.11.2\0",
        "usr/lib/python3.11/os.py": b"# the landmark of a standard library\n",
        "usr/local/bin/python3.14t": elf("exe-x86_64-dynamic"),
        "usr/local/lib/python3.14t/os.py": b"# the landmark of a standard library\n",
        "usr/local/lib/python3.14t/build-details.json":
            b'{"schema_version": "1.0", "language": {"version": "3.14"}, "implementation": {"name": "cpython", "version":'
            b' {"major": 3, "minor": 14, "micro": 1, "releaselevel": "final", "serial": 0}}, "abi": {"flags": ["t"],'
            b' "extension_suffix": ".cpython-314t-x86_64-linux-gnu.so"}}\n',
        "opt/venv/bin/python": "/usr/bin/python3",
        "opt/venv/pyvenv.cfg": b"home = /usr/bin\nversion = 3.11.2\n",
    }
    return {f"{name}/{path}": content for name, tree in (("alpine", alpine), ("debian", debian))
            for path, content in tree.items()}


def write(folder, tree: dict):
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.symlink_to(content)
        else:
            path.write_bytes(content)
            path.chmod(0o644)
