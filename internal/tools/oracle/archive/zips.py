"""Small zip archives, and changes to their bytes that readers of archives may take
differently."""
import io, random, struct, zipfile, zlib

LOCAL, CENTRAL, END, END64, LOCATOR = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"


def extra(tag, data):
    return struct.pack("<HH", tag, len(data)) + data


def unicode_path(stored, name):
    return extra(0x7075, struct.pack("<BL", 1, zlib.crc32(stored)) + name)


class Writer:
    """Writes a zip archive record by record."""

    def __init__(self):
        self.out, self.central = io.BytesIO(), []

    def add(self, name, content, *, deflate=True, flags=0, more=b"", local_more=None, zip64=False, descriptor=False, comment=b"", base=0):
        at = self.out.tell()
        crc, size = zlib.crc32(content), len(content)
        packed = content
        if deflate:
            c = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed = c.compress(content) + c.flush()
        csize = len(packed)
        flags |= 8 if descriptor else 0
        fixed = (20, flags, 8 if deflate else 0, 0, 0x5A21)
        local_sizes = (0, 0, 0) if descriptor else (crc, csize, size)
        local = more if local_more is None else local_more
        self.out.write(LOCAL + struct.pack("<HHHHHLLLHH", *fixed, *local_sizes, len(name), len(local)) + name + local + packed)
        if descriptor:
            self.out.write(b"PK\7\x08" + struct.pack("<LLL", crc, csize, size))
        head = (crc, 0xFFFFFFFF, 0xFFFFFFFF) if zip64 else (crc, csize, size)
        if zip64:
            more = extra(1, struct.pack("<QQQ", size, csize, at - base)) + more
        self.central.append(CENTRAL + struct.pack("<HHHHHHLLLHHHHHLL", 0x031E, *fixed, *head, len(name), len(more), len(comment), 0, 0, 0o100644 << 16,
                                                 0xFFFFFFFF if zip64 else at - base) + name + more + comment)

    def directory(self):
        """Writes the directory, and gives its values for an end record."""
        at, data, n = self.out.tell(), b"".join(self.central), len(self.central)
        self.out.write(data)
        self.central = []
        return n, len(data), at

    def end64(self, n, size, offset):
        at = self.out.tell()
        self.out.write(END64 + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, n, n, size, offset))
        return at

    def locator(self, at):
        self.out.write(LOCATOR + struct.pack("<LQL", 0, at, 1))

    def end(self, n=0xFFFF, size=0xFFFFFFFF, offset=0xFFFFFFFF, comment=b""):
        self.out.write(END + struct.pack("<HHHHLLH", 0, 0, n, n, size, offset, len(comment)) + comment)
        return self.out.getvalue()


FILES = [
    (b"demo/__init__.py", b"print('demo')\n" * 9),
    (b"demo/data.txt", b"some stored data\n"),
    (b"demo-1.dist-info/METADATA", b"Name: demo\nVersion: 1\n"),
]
# What an archive with two directories has in the other one.
OTHER = [(name, content.replace(b"demo", b"evil")) for name, content in FILES]


def bases():
    """The archives that are changed, by name."""
    found = {}

    def base(name):
        def add(make):
            w = Writer()
            found[name] = make(w)
        return add

    def three(w, files=FILES, **kw):
        for name, content in files:
            w.add(name, content, **({"deflate": not name.endswith(b".txt")} | kw))

    @base("plain")
    def _(w):
        three(w)
        return w.end(*w.directory())

    @base("descriptors")
    def _(w):
        three(w, descriptor=True)
        return w.end(*w.directory())

    @base("zip64")
    def _(w):
        three(w, zip64=True)
        w.locator(w.end64(*w.directory()))
        return w.end()

    @base("zip64-both") # as some tools write it: both end records have the values
    def _(w):
        three(w)
        values = w.directory()
        w.locator(w.end64(*values))
        return w.end(*values)

    @base("comments")
    def _(w):
        three(w, comment=b"a comment")
        return w.end(*w.directory(), comment=b"a comment of the archive")

    @base("prefix")
    def _(w):
        w.out.write(b"#!/bin/sh\nexit 1\n")
        three(w, base=17)
        n, size, at = w.directory()
        return w.end(n, size, at - 17)

    @base("names")
    def _(w):
        w.add(b"d/", b"", deflate=False)
        w.add("d/\u00e9\u4e2d.txt".encode(), b"utf-8", flags=0x800)
        w.add(b"d/" + bytes(range(0x80, 0x100)), b"cp437")
        w.add(b"d/plain", b"unicode path", more=unicode_path(b"d/plain", b"d/other"))
        w.add(b"d/nul\0hidden", b"nul")
        w.add(b"d/twice", b"one")
        w.add(b"d/twice", b"two", deflate=False)
        return w.end(*w.directory())

    @base("two-directories") # the stated one is not the one before the end record
    def _(w):
        three(w, deflate=False)
        first = w.directory()
        size = sum(30 + len(n) + len(c) for n, c in OTHER)
        three(w, OTHER, base=first[1] + size, deflate=False)
        w.directory()
        return w.end(*first)

    @base("zip64-unasked") # the end record has a directory, and the ZIP64 record another
    def _(w):
        three(w)
        first = w.directory()
        three(w, OTHER)
        w.locator(w.end64(*w.directory()))
        return w.end(*first)

    @base("zip64-far") # the locator leads to another record than the one before it
    def _(w):
        three(w)
        first = w.end64(*w.directory())
        three(w, OTHER)
        w.end64(*w.directory())
        w.locator(first)
        return w.end()

    @base("inner")
    def _(w):
        inner = Writer()
        inner.add(b"inner.txt", b"a zip in a zip")
        w.add(b"inner.zip", inner.end(*inner.directory()), deflate=False)
        w.add(b"empty", b"", deflate=False)
        return w.end(*w.directory())

    return found


def records(data):
    """The offsets and kinds of the records of an archive."""
    for sig, size in ((LOCAL, 30), (CENTRAL, 46), (END, 22), (END64, 56), (LOCATOR, 20), (b"PK\7\x08", 16)):
        at = data.find(sig)
        while at >= 0:
            yield at, sig, size
            at = data.find(sig, at + 1)


# The fields of a record: offset and size.
FIELDS = {
    LOCAL: [(4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)],
    CENTRAL: [(4, 2), (6, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2), (34, 2), (38, 4), (42, 4)],
    END: [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)],
    END64: [(4, 8), (12, 2), (14, 2), (16, 4), (20, 4), (24, 8), (32, 8), (40, 8), (48, 8)],
    LOCATOR: [(4, 4), (8, 8), (16, 4)],
    b"PK\7\x08": [(4, 4), (8, 4), (12, 4)],
}


def change(rng, data):
    """One change: offset, number of bytes that go, bytes that come."""
    every = list(records(data))
    kind = rng.random()
    if kind < 0.55 and every:
        at, sig, _ = rng.choice(every)
        off, size = rng.choice(FIELDS[sig])
        old = int.from_bytes(data[at + off : at + off + size], "little")
        top = (1 << 8 * size) - 1
        new = rng.choice([0, 1, old + 1, old - 1, old + rng.randrange(200), old - rng.randrange(200), top, top - 1, old ^ (1 << rng.randrange(8 * size)), rng.randrange(len(data)), top >> 1])
        return at + off, size, (new & top).to_bytes(size, "little")
    if kind < 0.70:
        at = rng.randrange(len(data))
        return at, 1, bytes([rng.choice([0, 1, 0xFF, data[at] ^ 1 << rng.randrange(8), rng.randrange(256)])])
    if kind < 0.80:
        at = rng.randrange(len(data) + 1)
        return at, 0, rng.choice([b"\0", b"PK", rng.randbytes(rng.randrange(1, 40)), END + bytes(18), CENTRAL, LOCAL])
    if kind < 0.88:
        at = rng.randrange(len(data))
        return at, rng.randrange(1, 40), b""
    if kind < 0.94 and every: # a record, or the rest from there, once more
        at, _, size = rng.choice(every)
        return rng.choice([len(data), at, every[0][0]]), 0, data[at : at + rng.choice([size, len(data)])]
    if kind < 0.97:
        return len(data), 0, rng.choice([b"x", bytes(30), END + bytes(18), data])
    return 0, 0, rng.choice([b"x", bytes(30), data])


def cases(count):
    rng = random.Random("zip archives")
    every = bases()
    for name in every:
        yield name, []
    for i in range(count - len(every)):
        name = list(every)[i % len(every)]
        data, changes = every[name], []
        for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
            at, gone, came = change(rng, data)
            changes.append((at, gone, came))
            data = apply(data, [changes[-1]])
        yield name, changes


def apply(data, changes):
    for at, gone, came in changes:
        data = data[:at] + came + data[at + gone :]
    return data
