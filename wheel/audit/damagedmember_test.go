package audit

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// directoryEntry is where the entry of a member begins in the directory of an archive.
func directoryEntry(t *testing.T, w []byte, name string) int {
	t.Helper()
	const nameAt = 46
	at := bytes.LastIndex(w, []byte(name)) - nameAt
	if at < 0 || !bytes.HasPrefix(w[at:], []byte("PK\x01\x02")) {
		t.Fatal("no entry for", name)
	}
	return at
}

// The places of fields in an entry.
const (
	methodAt, crcAt, sizeAt, offsetAt = 10, 16, 24, 42
)

// without leaves the findings of some rules out, nil when no others are left.
func without(said []string, rules ...string) (left []string) {
	for _, line := range said {
		if !slices.ContainsFunc(rules, func(rule string) bool { return strings.Contains(line, " "+rule+": ") }) {
			left = append(left, line)
		}
	}
	return left
}

// TestDamaged: a member that cannot be unpacked is a fault of its own kind: machine code
// leaves the answer open, other files matter only where all are verified.
func TestDamaged(t *testing.T) {
	le := binary.LittleEndian
	crc := func(w []byte, at int) { w[at+crcAt]++ }
	method := func(w []byte, at int) { le.PutUint16(w[at+methodAt:], 9) }
	lost := func(w []byte, at int) { le.PutUint32(w[at+offsetAt:], 1<<30) }
	longer := func(w []byte, at int) { le.PutUint32(w[at+sizeAt:], le.Uint32(w[at+sizeAt:])+1) }
	code := elftest.Spec{}.Bytes()
	const (
		checksum = "its length or CRC-32 is not the one in the archive's directory"
		packing  = "cannot be unpacked: it is compressed with method 9; wheels use stored and deflated"
	)
	for _, c := range []struct {
		what    string
		content []byte
		change  func([]byte, int)
		verify  bool
		want    []string
		verdict finding.Verdict
	}{
		{"code with a wrong checksum", code, crc, true, []string{"error unreadable-binary: x cannot be judged: x: " + checksum}, finding.Unknown},
		{"code that is longer than its directory says", code, longer, true, []string{"error unreadable-binary: x cannot be judged: x: " + checksum}, finding.Unknown},
		{"code of an unknown method", code, method, false, []string{"error unreadable-binary: x cannot be judged: x: " + packing}, finding.Unknown},
		{"code that is not there", code, lost, false, []string{"error unreadable-binary: x cannot be judged: x: there is no local header where the archive's directory says"}, finding.Unknown},
		{"a DLL with a wrong checksum", peBytes(amd64PE, dllPE), crc, true, []string{"error unreadable-binary: x cannot be judged: x: " + checksum}, finding.Unknown},
		{"text with a wrong checksum", []byte("text"), crc, true, []string{"error damaged-member: x cannot be unpacked as the archive says: " + checksum}, finding.Fail},
		{"text with a wrong checksum, not verified", []byte("text"), crc, false, nil, finding.Pass},
		{"text that is longer, not verified", []byte("text"), longer, false, []string{"error record-hash: x has 5 bytes; RECORD says 4"}, finding.Fail},
		{"nothing, of an unknown method", nil, method, false, nil, finding.Pass},
		{"nothing, of an unknown method, verified", nil, method, true, []string{"error damaged-member: x cannot be unpacked as the archive says: " + packing}, finding.Fail},
		{"nothing that is not there", nil, lost, false, nil, finding.Pass},
		{"nothing that is not there, verified", nil, lost, true, []string{"error damaged-member: x cannot be unpacked as the archive says: there is no local header where the archive's directory says"}, finding.Fail},
	} {
		w := wheelOf(t, map[string][]byte{"x": c.content})
		c.change(w, directoryEntry(t, w, "x"))
		r, err := New(Options{Verify: c.verify, Selection: withoutInfo}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		got := without(said(r), "ambiguous-archive", "local-header", "compression-method", "hardening")
		if diff := cmp.Diff(c.want, got); diff != "" || r.Verdict != c.verdict && len(got) == len(r.Findings) {
			t.Errorf("%s: %s (-want +got):\n%s", c.what, r.Verdict, diff)
		}
	}
}

// TestRecordAndCode: native code that RECORD does not list is found once.
func TestRecordAndCode(t *testing.T) {
	code := string(elftest.Spec{}.Bytes())
	const record = "demo-1.0.dist-info/RECORD"
	for _, c := range []struct {
		what, record string
		verify       bool
		want         []string
	}{
		{"listed", recordOf("a.so", code), false, nil},
		{"not listed", recordOf(), false, []string{"warning unrecorded-file: a.so is not listed in RECORD"}},
		{"not listed, verified", recordOf(), true, []string{"error unverified-file: a.so is not listed in RECORD"}},
		{"a RECORD that cannot be read", "\xff", false, []string{"error unreadable-record: " + record + " is not UTF-8"}},
		{"a RECORD that cannot be read, verified", "\xff", true, []string{"error unreadable-record: " + record + " is not UTF-8"}},
		{"an empty RECORD", "", false, []string{"warning unrecorded-file: a.so is not listed in RECORD"}},
	} {
		w := stored(t, "a.so", code, record, c.record)
		r, err := New(Options{Verify: c.verify, Selection: withoutInfo}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-linux_x86_64.whl")
		if err != nil {
			t.Fatal(err)
		}
		got := without(said(r), "hardening")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestRecordRows: every row of RECORD is compared, also those behind one without a hash
// or with one that is not known.
func TestRecordRows(t *testing.T) {
	good, bad := "demo.py,sha256="+sha256sum+",15\n", "demo.py,sha256="+strings.Repeat("A", 43)+",15\n"
	differs := "WT403 demo.py has another sha256 than RECORD says: " + sha256sum
	for record, want := range map[string]string{
		"demo.py,,\n" + bad:               differs,
		"demo.py,blake2b=AAAA,15\n" + bad: differs,
		"demo.py,,0\n":                    "WT403 demo.py has 15 bytes; RECORD says 0",
		"demo.py,sha256=" + sha256sum + ",\ndemo.py,sha256=" + sha256sum + ",14\n": "WT403 demo.py has 15 bytes; RECORD says 14",
		good: "",
	} {
		if got := found(t, stored(t, "demo.py", helloPy, "demo-1.0.dist-info/RECORD", record), true); got != want && (want == "" || !strings.HasPrefix(got, want+"; WT405 demo.py ")) {
			t.Errorf("%q: %s, want %s", record, got, want)
		}
	}
}

// TestReadELF: what is recorded of an ELF file besides its tables.
func TestReadELF(t *testing.T) {
	static, dynamic := fixture(t, "exe-x86_64-static"), fixture(t, "exe-x86_64-dynamic")
	mark := func(data []byte, at int) []byte {
		data = slices.Clone(data)
		if len(data) < at+4 {
			data = append(data, make([]byte, at+4-len(data))...)
		}
		copy(data[at:], "UPX!")
		return data
	}
	for _, c := range []struct {
		what   string
		data   []byte
		packed bool
	}{
		{"a static program", static, false},
		{"with the mark of a packer", mark(static, startSize-4), true},
		{"with it further on", mark(static, startSize-3), false},
		{"a dynamic program with it", append(slices.Clone(dynamic), "UPX!"...), false},
	} {
		f := readELF("x", bytes.NewReader(c.data), int64(len(c.data)))
		if (f.Err == errPacked) != c.packed || f.Err != nil && f.Err != errPacked {
			t.Errorf("%s: %v", c.what, f.Err)
		}
	}
	if f := readELF("x", strings.NewReader("text"), 4); f != nil {
		t.Errorf("text: %+v", f)
	}
	for _, name := range []string{"ext-x86_64-gnu2.34.so", "ext-i686-gnu2.34.so", "ext-s390x-gnu2.34.so"} {
		data := fixture(t, name)
		for _, stripped := range []bool{false, true} {
			if stripped {
				withoutSections(data)
			}
			if f := readELF("x", bytes.NewReader(data), int64(len(data))); f.Sectionless != stripped {
				t.Errorf("%s, stripped %v: sectionless %v", name, stripped, f.Sectionless)
			}
		}
	}
	for class, need := range map[int]int{64: 0x30, 32: 0x24} {
		f := &elfaudit.File{Class: class, Order: binary.LittleEndian}
		start := make([]byte, need)
		if !sectionless(f, start) || sectionless(f, start[:need-1]) {
			t.Errorf("%d bits: %d bytes are enough, one less is not", class, need)
		}
		start[need-1] = 1
		if sectionless(f, start) {
			t.Errorf("%d bits: the last byte does not count", class)
		}
		start[need-1], start[need-class/8] = 0, 1
		if sectionless(f, start) {
			t.Errorf("%d bits: the first byte does not count", class)
		}
		start[need-class/8], start[need-class/8-1] = 0, 1
		if !sectionless(f, start) {
			t.Errorf("%d bits: the byte before counts", class)
		}
	}
}

// TestLibcOfFile: a file that names its C library is for that, any other for that of the
// wheel.
func TestLibcOfFile(t *testing.T) {
	const glibc, musl, bionic, none, unknown = elfaudit.LibcGlibc, elfaudit.LibcMusl, elfaudit.LibcBionic, elfaudit.LibcNone, elfaudit.LibcUnknown
	for _, c := range []struct {
		file, wheel     elfaudit.Libc
		musl, isAndroid bool
	}{
		{glibc, glibc, false, false}, {glibc, musl, false, false}, {musl, glibc, true, false}, {musl, musl, true, false}, {none, glibc, false, false}, {none, musl, true, false},
		{unknown, musl, true, false}, {unknown, glibc, false, false}, {bionic, bionic, false, true}, {bionic, glibc, false, true},
		{none, bionic, false, true}, {unknown, bionic, false, true}, {glibc, bionic, false, false}, {musl, bionic, true, false},
	} {
		s := Subject{Needs: manylinux.Needs{Libc: c.wheel}}
		f := &linkset.File{Libc: c.file}
		if s.isMusl(f) != c.musl || s.isAndroid(f) != c.isAndroid {
			t.Errorf("%s in a wheel for %s: musl %v, Android %v", c.file, c.wheel, s.isMusl(f), s.isAndroid(f))
		}
	}
}
