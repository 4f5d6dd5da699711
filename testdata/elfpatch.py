"""Small changes to the bytes of a finished ELF file.

For faults that no linker makes. Each function takes the file and returns the
changed file; all but the first work on little-endian 64-bit files only, and
find their place by walking the headers, never by a fixed offset.
"""

import struct

PT_LOAD, PT_DYNAMIC = 1, 2
DT_NULL, DT_NEEDED, DT_STRTAB = 0, 1, 5
FEATURE_1_AND = 0xC0000002
ISA_1_NEEDED = 0xC0008002


def without_section_headers(data: bytes) -> bytes:
    """Zeroes e_shoff, e_shnum and e_shstrndx, and drops the table's bytes."""
    order = "<>"[data[5] - 1]
    word, place, sizes = ("I", 0x20, 0x2E) if data[4] == 1 else ("Q", 0x28, 0x3A)
    table = struct.unpack_from(order + word, data, place)[0]
    size, count = struct.unpack_from(order + "HH", data, sizes)
    assert table + size * count == len(data), "the section headers are not last"
    out = bytearray(data[:table])
    struct.pack_into(order + word, out, place, 0)
    struct.pack_into("<HH", out, sizes + 2, 0, 0)
    return bytes(out)


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
        out, strings = bytearray(data), _file_offset(data, _dynamic(data)[DT_STRTAB][0][1])
        for position, value in _dynamic(data)[DT_NEEDED]:
            if data[strings + value:].startswith(old + b"\0"):
                target = data.index(b"\0" + other + b"\0", strings) + 1 - strings
                struct.pack_into("<Q", out, position + 8, target)
                return bytes(out)
        raise AssertionError(f"no DT_NEEDED {old!r}")
    return patch


def weak_version(name: bytes):
    """Sets VER_FLG_WEAK on the need for one version."""
    def patch(data: bytes) -> bytes:
        old = struct.pack("<IH", elf_hash(name), 0)
        assert data.count(old) == 1, "not exactly one need for the version"
        return data.replace(old, struct.pack("<IH", elf_hash(name), 2))
    return patch


def elf_hash(name: bytes) -> int:
    """The hash of the System V ABI, by which version names are compared."""
    value = 0
    for byte in name:
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ high >> 24) & ~high
    return value


def _segments(data: bytes):
    """Yields (type, file offset, address, file size) of each program header."""
    assert data[4:6] == b"\x02\x01", "64-bit little-endian only"
    start = struct.unpack_from("<Q", data, 0x20)[0]
    size, count = struct.unpack_from("<HH", data, 0x36)
    for i in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, start + i * size)
        yield kind, offset, address, length


def _file_offset(data: bytes, address: int) -> int:
    for kind, offset, start, length in _segments(data):
        if kind == PT_LOAD and start <= address < start + length:
            return offset + address - start
    raise AssertionError(f"address {address:#x} is in no segment")


def _dynamic(data: bytes) -> dict:
    """Maps each dynamic tag to its (position in the file, value) pairs."""
    entries = {}
    for kind, offset, _, length in _segments(data):
        if kind == PT_DYNAMIC:
            for position in range(offset, offset + length, 16):
                tag, value = struct.unpack_from("<qQ", data, position)
                entries.setdefault(tag, []).append((position, value))
                if tag == DT_NULL:
                    break
    return entries
