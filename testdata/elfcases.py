"""ELF fixtures that each show one property, fault or near miss.

They are linked against stub libraries, so the needs of each are exactly what its
row says. Symbol names are real ones of the version they stand in, except
versioned_call, which belongs to a version that does not exist or whose symbols
do not matter.
"""

import elfpatch
from elffixtures import GNU, MUSL, Fixture, calls

# The oldest version of each glibc port, with a symbol that was there from the start.
LIBC = {machine: ("libc.so.6", {f"GLIBC_{first}": ["strchr"]}) for machine, first in {
    "x86_64": "2.2.5", "i686": "2.0", "aarch64": "2.17", "armv7l": "2.4", "ppc64le": "2.17",
    "riscv64": "2.27", "s390x": "2.2"}.items()}
LOADERS = {"x86_64": "/lib64/ld-linux-x86-64.so.2", "aarch64": "/lib/ld-linux-aarch64.so.1",
           "armv7l": "/lib/ld-linux-armhf.so.3", "s390x": "/lib/ld64.so.1"}
MUSL_LIBC = ("libc.so", {"": ["strchr"]})


def need(name, shows, libraries=(), rows=(), machine="x86_64", libc=True, **rest) -> Fixture:
    """An extension that calls strchr, and rows from further libraries."""
    stubs = [LIBC[machine]] if libc else []
    fields = dict(source="need.c", target=GNU[machine],
                  cflags=calls(*(["CALL(strchr)"] if libc else []), *rows) + rest.pop("cflags", ()),
                  stubs=tuple(stubs + list(libraries)))
    return Fixture(name, shows, **(fields | rest))


def version_need(name, shows, soname, version, row="CALL(versioned_call)", **rest) -> Fixture:
    """An extension that needs one symbol of one version from one library."""
    kind, symbol = row.rstrip(")").split("(")
    symbol = "=" + symbol if kind == "DATA" else symbol
    return need(name, shows, [(soname, {version: [symbol]})], [row], **rest)


def libc_need(name, shows, version, row="CALL(versioned_call)", machine="x86_64", **rest) -> Fixture:
    """The same from libc.so.6 itself, beside its oldest version."""
    soname, versions = LIBC[machine]
    symbol = row.rstrip(")").split("(")[1]
    return need(name, shows, [(soname, versions | {version: [symbol]})],
                ["CALL(strchr)", row], machine=machine, libc=False, **rest)


def linked(name, shows, *flags, **rest) -> Fixture:
    """The plain extension, linked with further flags."""
    return need(name, shows, ldflags=("-shared", *flags), **rest)


def cxx_needs() -> list:
    gcc = ("libgcc_s.so.1", {"GCC_3.0": ["_Unwind_Resume"]})
    clock = "_ZNSt6chrono3_V212steady_clock3nowEv"
    out = [need("cxx-x86_64-glibcxx3.4.19.so",
                "C++: GLIBCXX_3.4.19, CXXABI_1.3.7, GCC_3.0: all in manylinux_2_17",
                [("libstdc++.so.6", {"GLIBCXX_3.4.19": [clock], "CXXABI_1.3.7": ["__cxa_thread_atexit"]}), gcc],
                [f"CALL({clock})", "CALL(__cxa_thread_atexit)", "CALL(_Unwind_Resume)"])]
    for machine, version, symbol, shows in (
            ("x86_64", "GLIBCXX_3.4.20", "_ZSt24__throw_out_of_range_fmtPKcz", "one above manylinux_2_17"),
            ("x86_64", "GLIBCXX_3.4.25", "_ZNKSt13random_device13_M_getentropyEv",
             "above manylinux_2_28, though natively built there"),
            ("x86_64", "GLIBCXX_3.4.29", "_ZSt28__throw_bad_array_new_lengthv", "first in manylinux_2_34"),
            ("x86_64", "GLIBCXX_3.4.99", "versioned_call", "in no policy"),
            ("aarch64", "GLIBCXX_3.4.24", "versioned_call", "in manylinux_2_26 on aarch64, 2_27 on x86_64"),
            ("armv7l", "CXXABI_ARM_1.3.3", "__aeabi_atexit", "a namespace of one machine"),
            ("ppc64le", "GLIBCXX_LDBL_3.4", "_ZNSi10_M_extractIgEERSiRT_", "a name with letters in the version")):
        out.append(version_need(f"cxx-{machine}-{version.lower().replace('glibcxx_', 'glibcxx')}.so",
                                f"C++: {version}, {shows}", "libstdc++.so.6", version, f"CALL({symbol})",
                                machine=machine))
    return out


def odd_versions() -> list:
    loader = "ld-linux-x86-64.so.2"
    return [
        libc_need("need-x86_64-glibc2.99.so", "GLIBC_2.99, a version from the future", "GLIBC_2.99"),
        libc_need("need-x86_64-glibc2.99-weak.so",
                  "the same by a weak reference only: the version is needed all the same", "GLIBC_2.99",
                  "WEAK(versioned_call)"),
        libc_need("need-x86_64-glibc2.99-weakflag.so",
                  "the same with VER_FLG_WEAK set: the loader only warns (patched)", "GLIBC_2.99",
                  "WEAK(versioned_call)", patch=elfpatch.weak_version(b"GLIBC_2.99")),
        libc_need("need-x86_64-private.so", "GLIBC_PRIVATE: fits no promise", "GLIBC_PRIVATE",
                  "CALL(__libc_dlopen_mode)"),
        libc_need("need-x86_64-gnu2tls.so", "GLIBC_ABI_GNU2_TLS, known to no policy up to 2_42",
                  "GLIBC_ABI_GNU2_TLS"),
        Fixture("need-x86_64-relr.so", "DT_RELR and GLIBC_ABI_DT_RELR: first in manylinux_2_36", "relr.c",
                GNU["x86_64"], calls("CALL(strchr)"), ("-shared", "-z", "pack-relative-relocs"),
                (LIBC["x86_64"],)),
        version_need("need-x86_64-rseq.so", "__rseq_size@GLIBC_2.35 from the loader, nothing newer from libc",
                     loader, "GLIBC_2.35", "DATA(__rseq_size)"),
        version_need("need-x86_64-openssl.so", "a namespace of a library from outside: OPENSSL_1_1_0",
                     "libssl.so.1.1", "OPENSSL_1_1_0", "CALL(SSL_new)"),
        version_need("need-x86_64-libatomic.so", "LIBATOMIC_1.0: library allowed everywhere, version from 2_24",
                     "libatomic.so.1", "LIBATOMIC_1.0", "CALL(__atomic_load_16)"),
        version_need("need-x86_64-zlib1.2.9.so", "ZLIB_1.2.9: first in manylinux_2_27",
                     "libz.so.1", "ZLIB_1.2.9", "CALL(inflateValidate)"),
        version_need("need-x86_64-libm2.29.so", "exp@GLIBC_2.29 from libm, so 2_31 among named policies",
                     "libm.so.6", "GLIBC_2.29", "CALL(exp)"),
        version_need("need-x86_64-libmvec.so", "libmvec.so.1: allowed from manylinux_2_24",
                     "libmvec.so.1", "GLIBC_2.22", "CALL(_ZGVbN2v_sin)"),
        version_need("need-x86_64-orphan.so", "a version need on libfoo.so.1, which is not in DT_NEEDED (patched)",
                     "libfoo.so.1", "FOO_1.0", "CALL(foo_open)",
                     patch=elfpatch.rename_needed(b"libfoo.so.1", b"libc.so.6")),
    ]


def libraries() -> list:
    out = []
    for name, soname, symbol, shows in (
            ("foo", "libfoo.so.1", "foo_open", "a library that no policy allows"),
            ("expat", "libexpat.so.1", "XML_ParserCreate", "a library allowed from manylinux_2_12"),
            ("x11", "libX11.so.6", "XOpenDisplay", "a library that every manylinux allows"),
            ("libpython", "libpython3.11.so.1.0", "PyModuleDef_Init", "the interpreter's own library"),
            ("libpythont", "libpython3.13t.so.1.0", "PyModuleDef_Init", "the free-threaded one"),
            ("inflate", "libz.so.1", "inflate", "a public function of zlib: the near miss of the next"),
            ("inflate_fast", "libz.so.1", "inflate_fast", "an internal function of zlib, banned")):
        out.append(need(f"lib-x86_64-{name}.so", f"needs {soname} ({symbol}): {shows}",
                        [(soname, {"": [symbol]})], [f"CALL({symbol})"]))
    out.append(need("lib-x86_64-inflate_fast-weak.so", "the banned function by a weak reference: not counted",
                    [("libz.so.1", {"": ["inflate_fast"]})], ["WEAK(inflate_fast)"]))
    for machine in ("x86_64", "aarch64"):
        for kind, row in (("strong", "CALL"), ("weak", "WEAK")):
            out.append(libc_need(f"atexit-{machine}-{kind}.so",
                                 f"{kind} __cxa_thread_atexit_impl@GLIBC_2.18 (banned up to 2_17 when strong)",
                                 "GLIBC_2.18", f"{row}(__cxa_thread_atexit_impl)", machine=machine))
    return out


def bundled() -> list:
    """Libraries as a wheel carries them, and extensions that look for them."""
    soname, cxx = "libbundled-abc123.so.1", "libdemoxx-abc123.so.6"
    plain = (soname, {"": ["bundled_answer"]})
    versions = (cxx, {"DEMO_1.0": ["bundled_answer"], "GLIBCXX_3.4.99": ["bundled_question"]})
    rows = ["CALL(bundled_answer)"]
    new, old = ("--enable-new-dtags", "-rpath"), ("--disable-new-dtags", "-rpath")
    return [
        Fixture(soname, "a library to bundle, with a hash in its soname", "bundled.c", GNU["x86_64"],
                ldflags=("-shared", "-soname", soname)),
        Fixture("libnosoname.so", "a library to bundle that has no soname", "bundled.c", GNU["x86_64"]),
        Fixture(cxx, "a library to bundle that defines the versions DEMO_1.0 and GLIBCXX_3.4.99", "bundled.c",
                GNU["x86_64"], ldflags=("-shared", "-soname", cxx, "--version-script", "{src}/bundled.map")),
        Fixture("libdemoxx-older.so.6", f"the same soname, {cxx}, but DEMO_1.0 alone", "bundled.c", GNU["x86_64"],
                ldflags=("-shared", "-soname", cxx, "--version-script", "{src}/bundled_older.map")),
        linked("bundle-x86_64-runpath.so", "finds the bundled library by RUNPATH $ORIGIN/demo.libs",
               *new, "$ORIGIN/demo.libs", libraries=[plain], rows=rows),
        linked("bundle-x86_64-rpath.so", "the same by RPATH", *old, "$ORIGIN/demo.libs",
               libraries=[plain], rows=rows),
        linked("bundle-x86_64-nopath.so", "needs the bundled library and has no run path",
               libraries=[plain], rows=rows),
        linked("bundle-x86_64-wrongdir.so", "RUNPATH $ORIGIN/other.libs, where it is not",
               *new, "$ORIGIN/other.libs", libraries=[plain], rows=rows),
        linked("bundle-x86_64-versions.so", "needs DEMO_1.0 and GLIBCXX_3.4.99 of the bundled library",
               *new, "$ORIGIN/demo.libs", libraries=[versions], rows=rows + ["CALL(bundled_question)"]),
    ]


def loading() -> list:
    """What the loader is asked to do: stack, segments, run paths, tables."""
    path = ("--enable-new-dtags", "-rpath")
    out = [
        linked("hard-x86_64-execstack.so", "asks for an executable stack", "-z", "execstack"),
        linked("hard-x86_64-nostackheader.so", "has no PT_GNU_STACK: the old default is executable",
               "-z", "nognustack"),
        Fixture("hard-i686-textrel.so", "relocations in the code (DT_TEXTREL)", "textrel.c", GNU["i686"],
                ldflags=("-shared", "-z", "notext"), stubs=(LIBC["i686"],)),
        Fixture("hard-x86_64-wx.so", "a segment both writable and executable", "writable_code.c", GNU["x86_64"],
                stubs=(LIBC["x86_64"],)),
        linked("hard-x86_64-norelro.so", "no PT_GNU_RELRO", "-z", "norelro"),
        linked("hard-x86_64-lazy.so", "partial RELRO: lazy binding", "-z", "relro", "-z", "lazy"),
        linked("hard-x86_64-now.so", "full RELRO: BIND_NOW", "-z", "relro", "-z", "now"),
        linked("path-x86_64-opt.so", "RUNPATH /opt/lib: out of the wheel", *path, "/opt/lib"),
        linked("path-x86_64-rpath-opt.so", "RPATH /opt/lib", "--disable-new-dtags", "-rpath", "/opt/lib"),
        linked("path-x86_64-up.so", "RUNPATH $ORIGIN/../../..: out of the wheel", *path, "$ORIGIN/../../.."),
        linked("path-x86_64-empty.so", "RUNPATH with an empty entry: the current directory", *path, "$ORIGIN:"),
        linked("path-x86_64-relative.so", "RUNPATH lib: below the current directory", *path, "lib"),
        linked("hash-x86_64-sysv.so", "DT_HASH only", "--hash-style=sysv"),
        linked("hash-x86_64-gnu.so", "DT_GNU_HASH only", "--hash-style=gnu"),
        Fixture("nosyms-x86_64.so", "no symbol, no library", "empty.c", GNU["x86_64"]),
    ]
    for machine, size in (("aarch64", 4), ("aarch64", 16), ("aarch64", 64), ("ppc64le", 4)):
        out.append(linked(f"page-{machine}-{size}k.so", f"segments aligned to {size} KiB on {machine}",
                          "-z", f"max-page-size={size * 1024}", machine=machine))
    return out


def processors() -> list:
    """Instruction sets, ABIs and machines beside the usual ones."""
    cet = ("-fcf-protection=full",)
    out = [need(f"isa-x86_64-v{level}.so", f"needs x86-64-v{level} by its property note (patched)",
                cflags=cet, patch=elfpatch.needs_isa((1 << level) - 1)) for level in (1, 2, 3, 4)]
    out += [
        need("isa-x86_64-cet.so", "a property note with IBT and SHSTK only", cflags=cet),
        need("isa-aarch64-bti.so", "a property note with BTI and PAC", machine="aarch64",
             cflags=("-mbranch-protection=bti+pac-ret",)),
        need("arch-armv6l.so", "ARMv6 hard-float: only its build attributes tell it from armv7l",
             machine="armv7l", cflags=("-mcpu=arm1176jzf_s",)),
        need("arch-arm-softfloat.so", "ARM with the soft-float ABI", machine="armv7l", target="arm-linux-gnueabi"),
        need("arch-x32.so", "x86-64 code in a 32-bit file (x32)", target="x86_64-linux-gnux32"),
        need("arch-ppc64.so", "64-bit big-endian PowerPC", machine="ppc64le", target="powerpc64-linux-gnu"),
        need("arch-mips64el.so", "a machine that no wheel tag policy knows", machine="ppc64le",
             target="mips64el-linux-gnuabi64"),
        need("arch-riscv64-softfloat.so", "RISC-V with the soft-float ABI", machine="riscv64",
             target="riscv64-linux-gnusf", cflags=("-mabi=lp64", "-mcpu=generic_rv64+m+a+c")),
        need("arch-x86_64-freebsd.so", "marked as a FreeBSD file (patched)", patch=elfpatch.os_abi(9)),
        Fixture("arch-x86_64-ifunc.so", "an IFUNC, and the OS/ABI of GNU", "ifunc.c", GNU["x86_64"],
                stubs=(LIBC["x86_64"],), patch=elfpatch.os_abi(3)),
    ]
    return out


def programs() -> list:
    out = []
    for machine, loader in LOADERS.items():
        name = {"armv7l": "armhf"}.get(machine, machine)
        row = calls("CALL(strchr)")
        pie = ("-pie", "--no-dynamic-linker", "-z", "text")
        out += [
            Fixture(f"exe-{machine}-static", "a static executable", "exe.c", GNU[machine],
                    ldflags=("-static",)),
            Fixture(f"exe-{machine}-static-pie", "a static position independent executable", "exe.c",
                    GNU[machine], ldflags=pie),
            Fixture(f"exe-{machine}-dynamic", f"a dynamic executable, interpreter {loader}", "exe.c", GNU[machine],
                    row, ("-pie", "--dynamic-linker", loader), (LIBC[machine],)),
            Fixture(f"exe-{machine}-musl", f"a dynamic executable, interpreter /lib/ld-musl-{name}.so.1", "exe.c",
                    MUSL[machine], row, ("-pie", "--dynamic-linker", f"/lib/ld-musl-{name}.so.1"), (MUSL_LIBC,)),
        ]
    out.append(Fixture("obj-x86_64.o", "a relocatable object", "need.c", GNU["x86_64"], calls("CALL(strchr)"),
                       object_only=True))
    return out


def musl() -> list:
    out = []
    for machine, name in (("x86_64", "x86_64"), ("aarch64", "aarch64"), ("armv7l", "armv7")):
        soname = f"libc.musl-{name}.so.1"
        out.append(need(f"musl-{machine}-alpine.so", f"musl by the name that Alpine gives it: {soname}",
                        [(soname, {"": ["strchr"]})], ["CALL(strchr)"], machine=machine, target=MUSL[machine],
                        libc=False))
    more = dict(target=MUSL["x86_64"], libc=False)
    alpine = ("libc.musl-x86_64.so.1", {"": ["strchr"]})
    return out + [
        need("musl-x86_64-atexit.so", "musl, and a strong __cxa_thread_atexit_impl, which only glibc has",
             [alpine], ["CALL(strchr)", "CALL(__cxa_thread_atexit_impl)"], **more),
        need("musl-x86_64-atexit-weak.so", "the same by a weak reference: loads", [alpine],
             ["CALL(strchr)", "WEAK(__cxa_thread_atexit_impl)"], **more),
        need("musl-x86_64-libgcc.so", "musl, and libgcc_s.so.1 from outside the wheel",
             [alpine, ("libgcc_s.so.1", {"GCC_3.0": ["_Unwind_Resume"]})],
             ["CALL(strchr)", "CALL(_Unwind_Resume)"], **more),
        need("nolibc-x86_64.so", "an extension without any library: only its file name can tell the libc", libc=False),
    ]


def exports() -> list:
    out = [
        Fixture("export-x86_64-modexport.so", "exports PyModExport_demo (PEP 793) and no PyInit", "modexport.c",
                GNU["x86_64"], stubs=(LIBC["x86_64"],)),
        need("export-x86_64-cffi.so", "exports _cffi_pypyinit_demo", cflags=("-DEXPORT=_cffi_pypyinit_demo",)),
        need("export-x86_64-wrongname.so", "exports PyInit_other: no module of that file name",
             cflags=("-DEXPORT=PyInit_other",)),
    ]
    for name, symbol, shows in (
            ("abi3", "PyLong_FromLong", "in the stable ABI since 3.2"),
            ("abi3-312", "PyType_FromMetaclass", "in the stable ABI since 3.12"),
            ("abi3-private", "_PyLong_AsByteArray", "not in the stable ABI")):
        out.append(need(f"export-x86_64-{name}.so", f"calls {symbol}: {shows}",
                        rows=["CALL(PyModuleDef_Init)", f"CALL({symbol})"]))
    return out


def headerless() -> list:
    """Section headers gone: only the program headers are left to read."""
    strip = elfpatch.without_section_headers
    return [
        libc_need("nosections-x86_64-gnu2.34.so", "section headers zeroed, needs GLIBC_2.34", "GLIBC_2.34",
                  "CALL(pthread_create)", patch=strip),
        libc_need("nosections-x86_64-gnu2.36-sysv.so", "section headers zeroed, DT_HASH only, needs GLIBC_2.36",
                  "GLIBC_2.36", "CALL(arc4random)", ldflags=("-shared", "--hash-style=sysv"), patch=strip),
        libc_need("nosections-aarch64-gnu2.34.so", "section headers zeroed, needs GLIBC_2.34", "GLIBC_2.34",
                  "CALL(pthread_create)", machine="aarch64", patch=strip),
        Fixture("nosections-x86_64-static-pie", "a static position independent executable, section headers zeroed",
                "exe.c", GNU["x86_64"], ldflags=("-pie", "--no-dynamic-linker", "-z", "text"), patch=strip),
    ]


def odd_elsewhere(machine: str) -> list:
    """Odd versions and programs on a machine other than x86_64."""
    cxx = ("libdemoxx-abc123.so.6", {"DEMO_1.0": ["bundled_answer"], "GLIBCXX_3.4.99": ["bundled_question"]})
    return [
        libc_need(f"need-{machine}-glibc2.99-weakflag.so", "VER_FLG_WEAK on GLIBC_2.99: the loader only warns (patched)",
                  "GLIBC_2.99", "WEAK(versioned_call)", machine=machine, patch=elfpatch.weak_version(b"GLIBC_2.99")),
        version_need(f"need-{machine}-rseq.so", "__rseq_size@GLIBC_2.35 from the loader, nothing newer from libc",
                     LOADERS[machine].rpartition("/")[2], "GLIBC_2.35", "DATA(__rseq_size)", machine=machine),
        version_need(f"need-{machine}-orphan.so", "a version need on libfoo.so.1, which is not in DT_NEEDED (patched)",
                     "libfoo.so.1", "FOO_1.0", "CALL(foo_open)", machine=machine,
                     patch=elfpatch.rename_needed(b"libfoo.so.1", b"libc.so.6")),
        Fixture(f"libdemoxx-{machine}.so.6", f"a library to bundle, soname {cxx[0]}, with DEMO_1.0 and GLIBCXX_3.4.99",
                "bundled.c", GNU[machine],
                ldflags=("-shared", "-soname", cxx[0], "--version-script", "{src}/bundled.map")),
        linked(f"bundle-{machine}-versions.so", "needs DEMO_1.0 and GLIBCXX_3.4.99 of the bundled library",
               "--enable-new-dtags", "-rpath", "$ORIGIN/demo.libs", libraries=[cxx], machine=machine,
               rows=["CALL(bundled_answer)", "CALL(bundled_question)"]),
    ]


def prelinked(machine: str, base: int) -> Fixture:
    return libc_need(f"prelinked-{machine}-gnu2.34.so", "moved to an address of its own, as prelink did (patched)",
                     "GLIBC_2.34", "CALL(pthread_create)", machine=machine,
                     ldflags=("-shared", "--enable-new-dtags", "-rpath", "/spare"), patch=elfpatch.prelinked(base))


def other_machines() -> list:
    """The main faults again on other machines: 32-bit, and big-endian."""
    out = [prelinked("x86_64", 0x3000_0000_0000), prelinked("armv7l", 0x4100_0000), prelinked("s390x", 0x300_0000_0000)]
    for machine in ("aarch64", "armv7l", "s390x"):
        out += odd_elsewhere(machine)
        name = {"armv7l": "armv7"}.get(machine, machine)
        alpine = (f"libc.musl-{name}.so.1", {"": ["strchr"]})
        soname = "libbundled-abc123.so.1"
        bundle = dict(libraries=[(soname, {"": ["bundled_answer"]})], rows=["CALL(bundled_answer)"], machine=machine)
        out += [
            libc_need(f"need-{machine}-glibc2.99.so", "GLIBC_2.99, a version from the future", "GLIBC_2.99",
                      machine=machine),
            libc_need(f"need-{machine}-private.so", "GLIBC_PRIVATE: fits no promise", "GLIBC_PRIVATE",
                      "CALL(__libc_dlopen_mode)", machine=machine),
            need(f"lib-{machine}-foo.so", "needs libfoo.so.1 (foo_open): a library that no policy allows",
                 [("libfoo.so.1", {"": ["foo_open"]})], ["CALL(foo_open)"], machine=machine),
            need(f"lib-{machine}-inflate.so", "needs libz.so.1 (inflate): the near miss of the next",
                 [("libz.so.1", {"": ["inflate"]})], ["CALL(inflate)"], machine=machine),
            need(f"lib-{machine}-inflate_fast.so", "needs libz.so.1 (inflate_fast): an internal function, banned",
                 [("libz.so.1", {"": ["inflate_fast"]})], ["CALL(inflate_fast)"], machine=machine),
            need(f"lib-{machine}-libpython.so", "needs libpython3.11.so.1.0: the interpreter's own library",
                 [("libpython3.11.so.1.0", {"": ["PyModuleDef_Init"]})], ["CALL(PyModuleDef_Init)"], machine=machine),
            version_need(f"cxx-{machine}-glibcxx3.4.99.so", "C++: GLIBCXX_3.4.99, in no policy", "libstdc++.so.6",
                         "GLIBCXX_3.4.99", machine=machine),
            linked(f"hard-{machine}-execstack.so", "asks for an executable stack", "-z", "execstack", machine=machine),
            linked(f"hard-{machine}-norelro.so", "no PT_GNU_RELRO", "-z", "norelro", machine=machine),
            linked(f"path-{machine}-opt.so", "RUNPATH /opt/lib: out of the wheel", "--enable-new-dtags", "-rpath",
                   "/opt/lib", machine=machine),
            linked(f"hash-{machine}-sysv.so", "DT_HASH only", "--hash-style=sysv", machine=machine),
            Fixture(f"libbundled-{machine}.so.1", f"a library to bundle, soname {soname}", "bundled.c", GNU[machine],
                    ldflags=("-shared", "-soname", soname)),
            linked(f"bundle-{machine}-runpath.so", "finds the bundled library by RUNPATH $ORIGIN/demo.libs",
                   "--enable-new-dtags", "-rpath", "$ORIGIN/demo.libs", **bundle),
            linked(f"bundle-{machine}-nopath.so", "needs the bundled library and has no run path", **bundle),
            need(f"musl-{machine}-atexit.so", "musl, and a strong __cxa_thread_atexit_impl, which only glibc has",
                 [alpine], ["CALL(strchr)", "CALL(__cxa_thread_atexit_impl)"], machine=machine, target=MUSL[machine],
                 libc=False),
        ]
        if machine != "aarch64":
            out.append(libc_need(f"nosections-{machine}-gnu2.34.so", "section headers zeroed, needs GLIBC_2.34",
                                 "GLIBC_2.34", "CALL(pthread_create)", machine=machine,
                                 patch=elfpatch.without_section_headers))
    return out


def all_cases() -> list:
    return (other_machines() + cxx_needs() + odd_versions() + libraries() + bundled() + loading() + processors()
            + programs() + musl() + exports() + headerless())
