"""The tables of wheels: honest ones, honest ones judged otherwise, bad ones.

Each function takes elf, a function from the name of a fixture to its bytes.
"""

from wheelwriter import Wheel

# The name that CPython gives an extension module for each machine.
SOABI = {
    "x86_64": "x86_64-linux-gnu", "i686": "i386-linux-gnu", "aarch64": "aarch64-linux-gnu",
    "armv7l": "arm-linux-gnueabihf", "ppc64le": "powerpc64le-linux-gnu",
    "s390x": "s390x-linux-gnu", "riscv64": "riscv64-linux-gnu",
}
INIT = {"demo_pure/__init__.py": b'"""A package without machine code."""\n'}


def module(machine: str, python: str = "311", libc: str = "gnu") -> str:
    return f"demo.cpython-{python}-{SOABI[machine].replace('gnu', libc)}.so"


def manylinux(minor: int, machine: str = "x86_64") -> str:
    """The platform part of a file name, with the old alias where there is one."""
    alias = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}.get(minor)
    tag = f"manylinux_2_{minor}_{machine}"
    return f"{alias}_{machine}.{tag}" if alias else tag


def cp311(name: str, platform: str) -> str:
    return f"{name}-1.0-cp311-cp311-{platform}.whl"


def honest(elf) -> list:
    """Wheels that keep their promise; auditwheel agrees with each."""
    def gnu(name, machine, floor, minor, shows):
        return Wheel(cp311(name, manylinux(minor, machine)), shows,
                     {module(machine): elf(f"ext-{machine}-gnu{floor}.so")}, f"manylinux_2_{minor}_{machine}")

    def musl(machine):
        return Wheel(cp311("demo", f"musllinux_1_2_{machine}"), "musl by Alpine's library name",
                     {module(machine, libc="musl"): elf(f"musl-{machine}-alpine.so")}, f"musllinux_1_2_{machine}")

    out = [gnu("demo", machine, "2.17", 17, "a plain extension for glibc 2.17")
           for machine in ("x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x")]
    return out + [
        gnu("demo", "riscv64", "2.27", 31, "the oldest manylinux that RISC-V has"),
        gnu("demo_old", "x86_64", "2.5", 5, "an extension for glibc 2.5, that needs librt.so.1 too"),
        gnu("demo_new", "x86_64", "2.34", 34, "an extension that needs glibc 2.34"),
        gnu("demo_new", "aarch64", "2.28", 28, "an extension that needs glibc 2.28"),
        musl("x86_64"), musl("aarch64"), musl("armv7l"),
        Wheel("demo_pure-1.0-py3-none-any.whl", "no machine code", INIT, "pure", purelib=True),
        Wheel(f"demo_abi3-1.0-cp38-abi3-{manylinux(5)}.whl", "the stable ABI only",
              {"demo.abi3.so": elf("export-x86_64-abi3.so")}, "manylinux_2_5_x86_64"),
        Wheel(cp311("demo_cxx", manylinux(17)), "C++ within manylinux_2_17",
              {module("x86_64"): elf("cxx-x86_64-glibcxx3.4.19.so")}, "manylinux_2_17_x86_64"),
        Wheel(cp311("demo_bundled", manylinux(5)), "carries the library it needs",
              {module("x86_64"): elf("bundle-x86_64-runpath.so"),
               "demo.libs/libbundled-abc123.so.1": elf("libbundled-abc123.so.1")}, "manylinux_2_5_x86_64"),
        Wheel(f"demo_exe-1.0-py3-none-{manylinux(5)}.musllinux_1_1_x86_64.whl",
              "a static program, at home on either libc",
              {"demo_exe-1.0.data/scripts/demo": elf("exe-x86_64-static-pie")},
              "manylinux_2_5_x86_64 (on a glibc host; musllinux_1_2 on a musl host)"),
    ]


def judged_otherwise(elf) -> list:
    """Wheels that keep their promise, though auditwheel says something else."""
    def wheel(name, platform, source, shows, auditwheel, **more):
        return Wheel(cp311(name, platform), shows,
                     {module("x86_64", libc="musl" if "musl" in platform else "gnu"): elf(source), **more}, auditwheel)

    return [
        wheel("demo_libcso", "musllinux_1_2_x86_64", "ext-x86_64-musl.so",
              "needs libc.so, which musl's loader always takes for itself", "linux_x86_64"),
        wheel("demo_gap", manylinux(25), "ext-x86_64-gnu2.25.so",
              "glibc 2.25, for which there is no named policy", "manylinux_2_26_x86_64"),
        wheel("demo_gap", manylinux(30), "ext-x86_64-gnu2.30.so",
              "glibc 2.30, for which there is no named policy", "manylinux_2_31_x86_64"),
        wheel("demo_versions", manylinux(5), "bundle-x86_64-versions.so",
              "needs GLIBCXX_3.4.99, which the bundled library defines", "linux_x86_64",
              **{"demo.libs/libdemoxx-abc123.so.6": elf("libdemoxx-abc123.so.6")}),
        wheel("demo_loader", manylinux(35), "need-x86_64-rseq.so",
              "needs GLIBC_2.35 of the loader, which auditwheel passes over", "manylinux_2_5_x86_64"),
        wheel("demo_noheaders", manylinux(34), "nosections-x86_64-gnu2.34.so",
              "section headers zeroed; the floor is 2.34 all the same", "manylinux_2_5_x86_64"),
    ]
