"""Where things lie in an ELF file, for both word sizes and byte orders."""

import struct

PT_LOAD, PT_DYNAMIC, PT_GNU_STACK = 1, 2, 0x6474E551
SHT_DYNSYM, SHF_ALLOC = 11, 2
DT_NULL, DT_STRTAB = 0, 5
# Dynamic tags whose value is an address: PLTGOT to RELA, INIT and FINI, REL,
# JMPREL, the arrays, SYMTAB_SHNDX, RELR, and those of the GNU ranges.
ADDRESSES = {3, 4, 5, 6, 7, 12, 13, 17, 23, 25, 26, 32, 34, 36, 0x6FFFFEF5, 0x6FFFFFF0, 0x6FFFFFFC, 0x6FFFFFFE}


class Layout:
    """A copy of a file that can be changed in place."""
    PHOFF, SHOFF = (0x1C, 0x20), (0x20, 0x28)
    PHNUM, SHNUM = (0x2A, 0x36), (0x30, 0x3C)

    def __init__(self, data: bytes):
        self.data = bytearray(data)
        self.wide, self.order = data[4] == 2, "<>"[data[5] - 1]
        self.word = 8 if self.wide else 4

    def get_word(self, position: int) -> int:
        return struct.unpack_from(self.order + "IQ"[self.wide], self.data, position)[0]

    def put_word(self, position: int, value: int):
        struct.pack_into(self.order + "IQ"[self.wide], self.data, position, value)

    def section_table(self) -> tuple:
        """The file offset of the table, the size of an entry, their number."""
        size, count = struct.unpack_from(self.order + "HH", self.data, self.SHNUM[self.wide] - 2)
        return self.get_word(self.SHOFF[self.wide]), size, count

    def segments(self):
        """Yields (type, position of p_vaddr, file offset, address, file size)."""
        size, count = struct.unpack_from(self.order + "HH", self.data, self.PHNUM[self.wide])
        for i in range(count):
            start = self.get_word(self.PHOFF[self.wide]) + i * size
            kind = struct.unpack_from(self.order + "I", self.data, start)[0]
            offset, address, _, length = (
                self.get_word(start + self.word * (i + 1)) for i in range(4))
            yield kind, start + 2 * self.word, offset, address, length

    def file_offset(self, address: int) -> int:
        for kind, _, offset, start, length in self.segments():
            if kind == PT_LOAD and start <= address < start + length:
                return offset + address - start
        raise AssertionError(f"address {address:#x} is in no segment")

    def dynamic(self) -> dict:
        """Maps each dynamic tag to its (position in the file, value) pairs."""
        entries = {}
        for kind, _, offset, _, length in self.segments():
            if kind == PT_DYNAMIC:
                for position in range(offset, offset + length, 2 * self.word):
                    tag = self.get_word(position)
                    entries.setdefault(tag, []).append((position, self.get_word(position + self.word)))
                    if tag == DT_NULL:
                        break
        return entries

    def strings(self) -> int:
        """The file offset of the dynamic string table."""
        return self.file_offset(self.dynamic()[DT_STRTAB][0][1])

    def move(self, base: int):
        """Adds base to every address in the headers, the dynamic section and the symbols."""
        places = []
        for tag, entries in self.dynamic().items():
            places += [position + self.word for position, _ in entries if tag in ADDRESSES]
        for kind, position, _, _, _ in self.segments():
            if kind != PT_GNU_STACK:
                places += [position, position + self.word]
        table, size, count = self.section_table()
        for start in range(table, table + size * count, size):
            kind = struct.unpack_from(self.order + "I", self.data, start + 4)[0]
            flags, address, offset, length = (self.get_word(start + 8 + self.word * i) for i in range(4))
            if flags & SHF_ALLOC:
                places.append(start + 8 + self.word)
            if kind == SHT_DYNSYM:
                places += list(self._defined(offset, length))
        for place in places:
            self.put_word(place, self.get_word(place) + base)

    def _defined(self, offset: int, length: int):
        """Yields the place of st_value of each symbol that has an address."""
        size, section, value = ((16, 14, 4), (24, 6, 8))[self.wide]
        for start in range(offset, offset + length, size):
            if struct.unpack_from(self.order + "H", self.data, start + section)[0]:
                yield start + value
