"""Small changes to the bytes of a finished ELF file.

For faults that no linker makes, and for tools that are not made any more. Each
function takes the file and returns the changed file, for both word sizes and
byte orders, and finds its place by walking the headers, never by a fixed offset.
"""

import struct

from elflayout import Layout

DT_NEEDED, DT_RUNPATH, DT_GNU_PRELINKED = 1, 29, 0x6FFFFDF5
FEATURE_1_AND = 0xC0000002
ISA_1_NEEDED = 0xC0008002


def without_section_headers(data: bytes) -> bytes:
    """Zeroes e_shoff, e_shnum and e_shstrndx, and drops the table's bytes."""
    elf = Layout(data)
    table, size, count = elf.section_table()
    assert table + size * count == len(data), "the section headers are not last"
    elf.put_word(elf.SHOFF[elf.wide], 0)
    struct.pack_into("<HH", elf.data, elf.SHNUM[elf.wide], 0, 0)
    return bytes(elf.data[:table])


def needs_isa(bits: int):
    """Turns the x86 feature note of CET code into one of needed ISA levels.

    Both properties hold one 32-bit set, so only type and value change.
    """
    def patch(data: bytes) -> bytes:
        out = bytearray(data)
        old = struct.pack("<II", FEATURE_1_AND, 4)
        assert data.count(old) == 1, "not exactly one feature note"
        struct.pack_into("<III", out, data.index(old), ISA_1_NEEDED, 4, bits)
        return bytes(out)
    return patch


def os_abi(value: int):
    """Sets the OS/ABI byte, for example 9 for FreeBSD."""
    def patch(data: bytes) -> bytes:
        return data[:7] + bytes([value]) + data[8:]
    return patch


def rename_needed(old: bytes, other: bytes):
    """Makes the DT_NEEDED entry named old name the string other instead.

    other must be in the string table already. The version needs keep the old
    name: this is what a careless rewriting tool leaves behind.
    """
    def patch(data: bytes) -> bytes:
        elf = Layout(data)
        strings = elf.strings()
        for position, value in elf.dynamic()[DT_NEEDED]:
            if data[strings + value:].startswith(old + b"\0"):
                elf.put_word(position + elf.word, data.index(b"\0" + other + b"\0", strings) + 1 - strings)
                return bytes(elf.data)
        raise AssertionError(f"no DT_NEEDED {old!r}")
    return patch


def weak_version(name: bytes):
    """Sets VER_FLG_WEAK on the need for one version."""
    def patch(data: bytes) -> bytes:
        order = Layout(data).order
        old = struct.pack(order + "IH", elf_hash(name), 0)
        assert data.count(old) == 1, "not exactly one need for the version"
        return data.replace(old, struct.pack(order + "IH", elf_hash(name), 2))
    return patch


def prelinked(base: int):
    """Moves the file to the address base, as prelink does.

    The dynamic section says when that was done, in the place of DT_RUNPATH, for
    which the linker has made room.
    """
    def patch(data: bytes) -> bytes:
        elf = Layout(data)
        for position, _ in elf.dynamic()[DT_RUNPATH]:
            elf.put_word(position, DT_GNU_PRELINKED)
            elf.put_word(position + elf.word, 0x4F000000)
        elf.move(base)
        return bytes(elf.data)
    return patch


def elf_hash(name: bytes) -> int:
    """The hash of the System V ABI, by which version names are compared."""
    value = 0
    for byte in name:
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ high >> 24) & ~high
    return value
