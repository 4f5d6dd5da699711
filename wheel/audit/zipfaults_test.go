package audit

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
)

// pick is a value by chance.
func pick[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

// entryFaults change one member of an archive. Some of what they do is allowed.
var entryFaults = []func(*rand.Rand, *entry){
	func(r *rand.Rand, e *entry) {
		somewhere(r, e, func(h *header) { h.name += pick(r, "x", "/", "\x00", ".") })
	},
	func(r *rand.Rand, e *entry) { e.both(func(h *header) { h.name = pick(r, oddNames...) }) },
	func(r *rand.Rand, e *entry) {
		version := pick[uint16](r, 0, 10, 45, 46, 51, 63, 64, 255, 20|3<<8)
		somewhere(r, e, func(h *header) { h.version = version })
	},
	func(r *rand.Rand, e *entry) {
		bit := uint16(1) << r.IntN(16)
		somewhere(r, e, func(h *header) { h.flags |= bit })
	},
	func(r *rand.Rand, e *entry) {
		method := pick[uint16](r, 0, 8, 9, 12, 14, 93, 99)
		somewhere(r, e, func(h *header) { h.method = method })
	},
	func(r *rand.Rand, e *entry) { somewhere(r, e, func(h *header) { h.crc++ }) },
	func(r *rand.Rand, e *entry) { somewhere(r, e, func(h *header) { h.crc = 0 }) },
	func(r *rand.Rand, e *entry) {
		n := pick[uint32](r, 1, 1<<32-1, 100, 1<<31)
		somewhere(r, e, func(h *header) { h.size += n })
	},
	func(r *rand.Rand, e *entry) {
		n := pick[uint32](r, 1, 1<<32-1, 100, 1<<31)
		somewhere(r, e, func(h *header) { h.packed += n })
	},
	func(r *rand.Rand, e *entry) { somewhere(r, e, func(h *header) { h.size, h.packed = 0, 0 }) },
	func(r *rand.Rand, e *entry) {
		extra := oddExtra(r, e)
		somewhere(r, e, func(h *header) { h.extra += extra })
	},
	func(r *rand.Rand, e *entry) { // more data than the deflated stream has
		e.data = append(slices.Clone(e.data), pick(r, "x", "PK\x03\x04", "\x03\x00")...)
		e.both(func(h *header) { h.packed = uint32(len(e.data)) })
	},
	func(r *rand.Rand, e *entry) { // other data
		e.data = slices.Clone(e.data)
		if len(e.data) > 0 {
			e.data[r.IntN(len(e.data))] ^= 1 << r.IntN(8)
		}
	},
	func(r *rand.Rand, e *entry) {
		e.mode = pick[uint32](r, 0, 0o644, 0o100000, 0o100755, 0o104755, 0o120777, 0o040755, 0o010644, 0o060644, 0o177777)
	},
	func(r *rand.Rand, e *entry) { e.comment = pick(r, "x", "PK\x05\x06", strings.Repeat("\x00", 30)) },
	func(r *rand.Rand, e *entry) { e.before = pick(r, "x", "PK", hiddenMember()) },
	func(r *rand.Rand, e *entry) { e.after = pick(r, "x", "PK\x07\x08", hiddenMember()) },
	func(r *rand.Rand, e *entry) { e.unlisted = true },
	func(r *rand.Rand, e *entry) { e.ghost = true },
	func(r *rand.Rand, e *entry) { e.at = pick(r, -1, 1, 30, 58, -58) },
	func(r *rand.Rand, e *entry) { // sizes that follow the data
		e.both(func(h *header) { h.flags |= 8 })
		b := []byte(pick(r, "", "PK\x07\x08"))
		for _, v := range []uint32{e.local.crc, e.local.packed, e.local.size} {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		e.after, e.local.crc, e.local.packed, e.local.size = string(b), 0, 0, 0
	},
}

// somewhere changes one of the headers of a member, or both.
func somewhere(r *rand.Rand, e *entry, change func(*header)) {
	where := r.IntN(3)
	if where != 1 {
		change(&e.local)
	}
	if where != 0 {
		change(&e.central)
	}
}

var oddNames = []string{
	"demo/a b.py", "demo/a;1", "demo/a^b", "demo/a[b].py", "demo/-x", "-x", "demo/a\\b", "../x", "/x", "demo/./x", "demo//x", "demo/x/", "demo",
	"demo/data.txt", "demo/DATA.txt", "demo/\xc3\xa9", "demo/\x80", "demo/a\tb", "demo/a\x00b", "c:x", "demo/a:b", "demo/a?", "", ".", "x.", "~/x", "demo/#U00e9", "demo/$x", "demo/a,b",
}

// oddExtra is an extra field of a member.
func oddExtra(r *rand.Rand, e *entry) string {
	le := binary.LittleEndian
	zip64 := func(numbers ...uint64) string {
		b := le.AppendUint16([]byte{1, 0}, uint16(8*len(numbers)))
		for _, n := range numbers {
			b = le.AppendUint64(b, n)
		}
		return string(b)
	}
	size, packed := uint64(e.central.size), uint64(e.central.packed)
	return pick(r,
		"zz\x01\x00x", "zz\x00\x00", "zz\x09\x00x", "zz", "zzz", "\x00\x00\x00\x00", "\x00",
		"UT\x05\x00\x01\x00\x00\x00\x00", "UT\x01\x00\x07", "ux\x0b\x00\x01\x04\x00\x00\x00\x00\x04\x00\x00\x00\x00", "\x0a\x00\x04\x00\x00\x00\x00\x00", "\x01\x99\x07\x00\x02\x00AE\x03\x08\x00",
		zip64(), zip64(size), zip64(size, packed), zip64(size, packed, 0), zip64(size+1, packed), zip64(1<<40, 1<<40, 1<<40),
		unicodePath(e.central.name, e.central.name), unicodePath(e.central.name, "demo/other"), unicodePath("x", "demo/other"), unicodePath(e.central.name, "\xff"),
		"up\x01\x00\x01", "uc\x05\x00\x01\x00\x00\x00\x00",
	)
}

// hiddenMember is a member in front of or behind another.
func hiddenMember() string {
	b := archive{entries: []entry{plainEntry("demo/hidden.py", "x = 2\n", false)}}.bytes()
	return string(b[:strings.Index(string(b), "PK\x01\x02")])
}

// archiveFaults change an archive.
var archiveFaults = []func(*rand.Rand, *archive){
	func(r *rand.Rand, a *archive) { a.prefix = pick(r, "x", "#!/bin/sh\n", hiddenMember()) },
	func(r *rand.Rand, a *archive) { a.after = pick(r, "x", "\x00", string(demoArchive().bytes())) },
	func(r *rand.Rand, a *archive) {
		a.comment = pick(r, "x", "PK\x05\x06", "PK\x05\x06"+strings.Repeat("\x00", 18), "PK\x01\x02", strings.Repeat("c", 65535))
	},
	func(r *rand.Rand, a *archive) { a.count = pick(r, -1, 1, -5, 100) },
	func(r *rand.Rand, a *archive) { a.offset = pick(r, -1, 1, -58, 46, 1<<20) },
	func(r *rand.Rand, a *archive) { a.gap = pick(r, "x", "PK\x06\x08\x00\x00\x00\x00", hiddenMember()) },
	func(r *rand.Rand, a *archive) { a.disk = pick[uint16](r, 1, 2, 65535) },
	func(r *rand.Rand, a *archive) { a.commentSize = pick(r, 1, -1, 22) },
	func(r *rand.Rand, a *archive) {
		a.entries = slices.Concat(a.entries, a.entries[:min(1, len(a.entries))])
	},
	func(r *rand.Rand, a *archive) {
		e := plainEntry(pick(r, oddNames...), pick(r, "", "x = 3\n"), r.IntN(2) == 0)
		a.entries = slices.Insert(a.entries, r.IntN(len(a.entries)+1), e)
	},
	func(r *rand.Rand, a *archive) {
		e := plainEntry(pick(r, "demo/", "demo/sub/", "sub/", "demo/data.txt/"), pick(r, "", "", "x"), false)
		e.mode = 0o040755
		a.entries = slices.Insert(a.entries, r.IntN(len(a.entries)+1), e)
	},
	func(r *rand.Rand, a *archive) { a.entries = nil },
}

// spoil changes a byte of a header: one in the 46 bytes behind a signature.
func spoil(r *rand.Rand, data []byte) {
	signatures := []string{"PK\x01\x02", "PK\x03\x04", "PK\x05\x06"}
	var places []int
	for i := range len(data) - 4 {
		if slices.Contains(signatures, string(data[i:i+4])) {
			places = append(places, i)
		}
	}
	if at := pick(r, places...) + r.IntN(46); at < len(data) {
		data[at] = pick(r, 0, 1, data[at]+1, data[at]-1, data[at]^0x80, data[at]^1<<r.IntN(8), 255, byte(r.IntN(256)))
	}
}

// faultyArchive is a wheel with one to three faults.
func faultyArchive(r *rand.Rand) []byte {
	a := demoArchive()
	spoiled := 0
	for range 1 + r.IntN(3) {
		switch kind := r.IntN(4); {
		case kind == 0:
			spoiled++
		case kind == 1 || len(a.entries) == 0:
			pick(r, archiveFaults...)(r, &a)
		default:
			pick(r, entryFaults...)(r, &a.entries[r.IntN(len(a.entries))])
		}
	}
	data := a.bytes()
	for range spoiled {
		spoil(r, data)
	}
	return data
}
