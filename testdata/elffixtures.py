"""The table of ELF fixtures: what each one is made from and what it shows."""

from dataclasses import dataclass
from typing import Callable, Optional

# What the first column of a name means, and how zig calls it.
GNU = {
    "x86_64": "x86_64-linux-gnu", "i686": "x86-linux-gnu", "aarch64": "aarch64-linux-gnu",
    "armv7l": "arm-linux-gnueabihf", "ppc64le": "powerpc64le-linux-gnu",
    "s390x": "s390x-linux-gnu", "riscv64": "riscv64-linux-gnu",
    "loongarch64": "loongarch64-linux-gnu",
}
MUSL = {machine: triple.replace("gnu", "musl") for machine, triple in GNU.items()}


@dataclass(frozen=True)
class Fixture:
    """One file under elf/."""

    name: str
    shows: str
    source: str
    target: str
    cflags: tuple = ()
    ldflags: tuple = ("-shared",)
    stubs: tuple = ()           # (soname, {version: symbols}) pairs to link against
    libc: bool = False          # link with zig's C library instead of stubs
    patch: Optional[Callable[[bytes], bytes]] = None
    object_only: bool = False   # do not link at all


def calls(*rows: str) -> tuple:
    """The compiler flag that fills the row CALLS of calls.h."""
    return ("-DCALLS=" + " ".join(rows), "-fno-builtin")


def all_fixtures() -> list:
    return _matrix() + _floors()


# The symbol that appeared in exactly this glibc, used to raise the floor.
SINCE = {
    "2.5": "__readlinkat_chk", "2.12": "recvmmsg", "2.25": "getrandom", "2.26": "reallocarray",
    "2.27": "memfd_create", "2.28": "fcntl64", "2.30": "gettid", "2.34": "pthread_create",
    "2.36": "arc4random", "2.38": "strlcpy",
}


def _extension(machine: str, floor: str, target: str, symbol: str = "") -> Fixture:
    shows = f"extension for {machine}, needs GLIBC_{floor}"
    cflags = ()
    if symbol:
        shows, cflags = f"{shows} for {symbol}", calls(f"CALL({symbol})")
    return Fixture(f"ext-{machine}-gnu{floor}.so", shows, "ext.c", f"{GNU[machine]}.{target}",
                   cflags, ldflags=(), libc=True)


def _matrix() -> list:
    """Every machine with every libc: a low floor, a higher one, musl."""
    out = []
    for machine in GNU:
        # zig has no glibc before 2.19 for ppc64le; the symbols are of 2.17 all the same.
        low = {"riscv64": "2.27", "loongarch64": "2.36"}.get(machine, "2.17")
        out.append(_extension(machine, low, "2.19" if machine == "ppc64le" else low))
        high = "2.38" if machine == "loongarch64" else "2.34"
        out.append(_extension(machine, high, high, SINCE[high]))
        out.append(Fixture(f"ext-{machine}-musl.so", f"extension for {machine}, needs libc.so of musl",
                           "ext.c", MUSL[machine], ldflags=(), libc=True))
    return out


def _floors() -> list:
    """One object for each glibc that added a symbol we can ask for."""
    out = []
    for machine in ("x86_64", "aarch64"):
        for floor, symbol in SINCE.items():
            if floor == "2.34" or machine == "aarch64" and floor in ("2.5", "2.12"):
                continue
            out.append(_extension(machine, floor, floor, symbol))
    return out
