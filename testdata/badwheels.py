"""Wheels that do not keep their promise; the project name says which fault."""

from wheelfixtures import cp311, manylinux, module
from wheelwriter import Wheel

# What auditwheel says where it sees no fault, and two of its refusals.
AGREES, LOWEST = "manylinux_2_17_x86_64", "manylinux_2_5_x86_64"
NOTHING = "refuses: no ELF file found"
NO_MACHINE = "refuses: no ELF file for the machine"
PLAIN = "ext-x86_64-gnu2.17.so"


def dishonest(elf) -> list:
    return _payload(elf) + _elf_faults(elf) + _names(elf) + _archive(elf)


def _one(elf, fault, source, shows, rules, auditwheel, minor=17, machine="x86_64") -> Wheel:
    """A wheel of one extension module with the usual name."""
    return Wheel(cp311(fault, manylinux(minor, machine)), shows, {module(machine): elf(source)}, auditwheel, rules)


def _payload(elf) -> list:
    """Needs that the claimed policy does not meet."""
    musl = "musllinux_1_2_x86_64"
    return [
        _one(elf, "toonew", "ext-x86_64-gnu2.34.so", "claims 2_17, needs GLIBC_2.34", "WT201",
             "manylinux_2_34_x86_64"),
        _one(elf, "toonew", "ext-aarch64-gnu2.28.so", "claims 2_17, needs GLIBC_2.28", "WT201",
             "manylinux_2_28_aarch64", machine="aarch64"),
        _one(elf, "future", "need-x86_64-glibc2.99.so", "needs GLIBC_2.99", "WT201", "linux_x86_64"),
        _one(elf, "toonewcxx", "cxx-x86_64-glibcxx3.4.25.so", "claims 2_28, needs GLIBCXX_3.4.25", "WT201",
             "manylinux_2_31_x86_64", minor=28),
        _one(elf, "noheaders", "nosections-x86_64-gnu2.34.so", "the same as toonew, section headers zeroed",
             "WT201", "manylinux_2_5_x86_64"),
        _one(elf, "external", "lib-x86_64-foo.so", "needs libfoo.so.1 from outside the wheel", "WT202",
             "linux_x86_64", minor=5),
        _one(elf, "banned", "lib-x86_64-inflate_fast.so", "uses inflate_fast of zlib", "WT203",
             "linux_x86_64", minor=5),
        _one(elf, "bannedatexit", "atexit-aarch64-strong.so",
             "uses __cxa_thread_atexit_impl, banned in 2_17 though the version is allowed", "WT203",
             "manylinux_2_24_aarch64", machine="aarch64"),
        Wheel(cp311("muslinmany", manylinux(17)), "musl code in a manylinux wheel",
              {module("x86_64", libc="musl"): elf("musl-x86_64-alpine.so")}, NOTHING, "WT205"),
        Wheel(cp311("glibcinmusl", musl), "glibc code in a musllinux wheel",
              {module("x86_64"): elf(PLAIN)}, NOTHING, "WT205"),
        Wheel(cp311("muslsymbol", musl), "needs a function that only glibc has",
              {module("x86_64", libc="musl"): elf("musl-x86_64-atexit.so")}, "musllinux_1_2_x86_64", "WT211"),
    ]


def _elf_faults(elf) -> list:
    """Files for another machine, unreadable ones, and what the loader refuses."""
    return [
        _one(elf, "wrongmachine", "ext-aarch64-gnu2.17.so", "aarch64 code in an x86_64 wheel", "WT204", NO_MACHINE),
        _one(elf, "softfloat", "arch-arm-softfloat.so", "soft-float code in an armv7l wheel", "WT204", NO_MACHINE,
             machine="armv7l"),
        _one(elf, "x32", "arch-x32.so", "x32 code in an x86_64 wheel", "WT204", NO_MACHINE),
        Wheel(cp311("mixed", manylinux(17)), "an x86_64 module and an aarch64 helper",
              {module("x86_64"): elf(PLAIN), "demo_tools/helper.so": elf("ext-aarch64-gnu2.17.so")}, AGREES, "WT204"),
        Wheel(cp311("truncated", manylinux(17)), "the file ends inside its dynamic section",
              {module("x86_64"): elf(PLAIN)[:0x480]}, "traceback", "WT206"),
        Wheel(cp311("garbage", manylinux(17)), "the ELF magic and then noise",
              {module("x86_64"): b"\x7fELF" + bytes(range(255, 0, -1)) * 3}, NOTHING, "WT206"),
        _one(elf, "isav3", "isa-x86_64-v3.so", "needs x86-64-v3", "WT207", "linux_x86_64", minor=5),
        _one(elf, "execstack", "hard-x86_64-execstack.so", "asks for an executable stack", "WT208", LOWEST, minor=5),
        _one(elf, "libpython", "lib-x86_64-libpython.so", "linked to libpython", "WT212 (a warning)",
             "linux_x86_64", minor=5),
        _one(elf, "orphan", "need-x86_64-orphan.so", "a version need on a library not in DT_NEEDED", "WT213",
             LOWEST, minor=5),
        Wheel(cp311("notfound", manylinux(5)), "the bundled library is where the run path does not lead",
              {module("x86_64"): elf("bundle-x86_64-wrongdir.so"),
               "demo.libs/libbundled-abc123.so.1": elf("libbundled-abc123.so.1")}, "linux_x86_64", "WT214"),
        _one(elf, "pagesize", "page-aarch64-4k.so", "segments aligned to 4 KiB", "WT215 (a warning)",
             "manylinux_2_17_aarch64", machine="aarch64"),
        _one(elf, "leaves", "path-x86_64-up.so", "a run path out of the wheel", "WT216 (a warning)", LOWEST, minor=5),
    ]


def _names(elf) -> list:
    """Tags, folders and module names that contradict the payload."""
    plain = {module("x86_64"): elf(PLAIN)}
    return [
        Wheel("anyelf-1.0-py3-none-any.whl", "machine code in a wheel for any platform", plain, AGREES, "WT209"),
        Wheel(cp311("purelibelf", manylinux(17)), "machine code below purelib",
              {"purelibelf-1.0.data/purelib/" + module("x86_64"): elf(PLAIN)}, "traceback", "WT209"),
        Wheel(cp311("purelibroot", manylinux(17)), "Root-Is-Purelib: true with machine code at the root", plain,
              AGREES, "WT106", purelib=True),
        Wheel(cp311("tagmismatch", manylinux(17)), "WHEEL says cp312, the file name cp311", plain, AGREES, "WT105",
              tags=("cp312-cp312-manylinux2014_x86_64", "cp312-cp312-manylinux_2_17_x86_64")),
        Wheel(cp311("soabi", manylinux(17)), "a module for 3.12 in a wheel for 3.11",
              {module("x86_64", "312"): elf(PLAIN)}, AGREES, "WT301"),
        Wheel(f"abi3private-1.0-cp38-abi3-{manylinux(5)}.whl", "calls a function outside the stable ABI",
              {"demo.abi3.so": elf("export-x86_64-abi3-private.so")}, LOWEST, "WT302"),
        Wheel(f"abi3new-1.0-cp38-abi3-{manylinux(5)}.whl", "calls a function of 3.12's stable ABI",
              {"demo.abi3.so": elf("export-x86_64-abi3-312.so")}, LOWEST, "WT303"),
    ]


def _archive(elf) -> list:
    """RECORD does not describe the archive."""
    name = module("x86_64")
    plain = {name: elf(PLAIN), "demo_data.txt": b"not a code file\n"}
    return [
        Wheel(cp311("unrecorded", manylinux(17)), "the module is not in RECORD", plain, NOTHING, "WT4xx",
              unrecorded=(name,)),
        Wheel(cp311("recordhash", manylinux(17)), "RECORD has another hash for a file", plain, AGREES, "WT4xx",
              recorded_as={"demo_data.txt": b"not a code file?"}),
    ]
