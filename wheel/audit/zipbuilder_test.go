package audit

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// header is what one of the two headers of a member states.
type header struct {
	name          string
	version       uint16
	flags, method uint16
	crc           uint32
	packed, size  uint32
	extra         string
}

// entry is a member of an archive that a test builds byte by byte. The zero values of
// what may be wrong are right.
type entry struct {
	local, central  header
	data            []byte // as packed
	mode            uint32 // in the manner of Unix
	comment         string
	before, after   string // bytes around the member in the archive
	unlisted, ghost bool   // without an entry in the directory; without a local header
	at              int    // moves the stated offset of the local header
}

// plainEntry makes a deflated or stored member in which nothing is wrong.
func plainEntry(name, content string, deflated bool) entry {
	h := header{name: name, version: 20, crc: crc32.ChecksumIEEE([]byte(content)), size: uint32(len(content))}
	data := []byte(content)
	if deflated {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, flate.BestCompression)
		w.Write(data)
		w.Close()
		data, h.method = b.Bytes(), 8
	}
	h.packed = uint32(len(data))
	return entry{local: h, central: h, data: data, mode: 0o100644}
}

// both changes the two headers of a member.
func (e *entry) both(change func(*header)) {
	change(&e.local)
	change(&e.central)
}

// archive is a zip archive of a test.
type archive struct {
	entries                []entry
	prefix, comment, after string
	count                  int // added to the number of entries that is stated
	offset                 int // added to the stated offset of the directory
	gap                    string
	disk                   uint16
	commentSize            int // added to the size that is stated
}

// bytes gives the archive.
func (a archive) bytes() []byte {
	le := binary.LittleEndian
	b := []byte(a.prefix)
	fixed := func(b []byte, h header) []byte {
		b = le.AppendUint16(le.AppendUint16(le.AppendUint16(b, h.version), h.flags), h.method)
		b = le.AppendUint32(b, 33<<16) // the first day of 1980
		b = le.AppendUint32(le.AppendUint32(le.AppendUint32(b, h.crc), h.packed), h.size)
		return le.AppendUint16(le.AppendUint16(b, uint16(len(h.name))), uint16(len(h.extra)))
	}
	offsets := make([]int, len(a.entries))
	for i, e := range a.entries {
		b = append(b, e.before...)
		offsets[i] = len(b) - len(a.prefix) + e.at
		if e.ghost {
			continue
		}
		b = fixed(append(b, "PK\x03\x04"...), e.local)
		b = slices.Concat(b, []byte(e.local.name), []byte(e.local.extra), e.data, []byte(e.after))
	}
	b = append(b, a.gap...)
	start, n := len(b), 0
	for i, e := range a.entries {
		if e.unlisted {
			continue
		}
		n++
		b = fixed(le.AppendUint16(append(b, "PK\x01\x02"...), 3<<8|20), e.central)
		b = le.AppendUint16(b, uint16(len(e.comment)))
		b = le.AppendUint32(b, 0) // disk, internal attributes
		b = le.AppendUint32(le.AppendUint32(b, e.mode<<16), uint32(offsets[i]))
		b = slices.Concat(b, []byte(e.central.name), []byte(e.central.extra), []byte(e.comment))
	}
	size := len(b) - start
	b = le.AppendUint16(le.AppendUint16(append(b, "PK\x05\x06"...), a.disk), 0)
	b = le.AppendUint16(le.AppendUint16(b, uint16(n+a.count)), uint16(n+a.count))
	b = le.AppendUint32(le.AppendUint32(b, uint32(size)), uint32(start-len(a.prefix)+a.offset))
	b = le.AppendUint16(b, uint16(len(a.comment)+a.commentSize))
	return slices.Concat(b, []byte(a.comment), []byte(a.after))
}

const (
	demoMetadata = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
	demoWheel    = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)

// recordOf gives RECORD for files: name, content, ...
func recordOf(files ...string) string {
	var b strings.Builder
	for i := 0; i < len(files); i += 2 {
		sum := sha256.Sum256([]byte(files[i+1]))
		fmt.Fprintf(&b, "%s,sha256=%s,%d\n", files[i], base64.RawURLEncoding.EncodeToString(sum[:]), len(files[i+1]))
	}
	return b.String() + "demo-1.0.dist-info/RECORD,,\n"
}

// demoArchive is a wheel in which nothing is wrong.
func demoArchive() archive {
	files := []string{
		"demo/__init__.py", "x = 1\n", "demo/data.txt", "some text that is stored\n",
		"demo-1.0.dist-info/METADATA", demoMetadata, "demo-1.0.dist-info/WHEEL", demoWheel,
	}
	var a archive
	for i := 0; i < len(files); i += 2 {
		a.entries = append(a.entries, plainEntry(files[i], files[i+1], i != 2))
	}
	a.entries = append(a.entries, plainEntry("demo-1.0.dist-info/RECORD", recordOf(files...), true))
	return a
}

// archiveFindings gives the rules of the archive that one breaks, each with the file
// and the message, in the order of the report.
func archiveFindings(t *testing.T, data []byte, verify bool) []string {
	t.Helper()
	r, err := New(Options{Verify: verify}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), "demo-1.0-py3-none-any.whl")
	if err != nil {
		return []string{"WT410 " + err.Error()}
	}
	var lines []string
	for _, f := range r.Findings {
		if rule, _ := finding.Lookup(f.Rule); rule.Name == "unreadable" || slices.Contains(archiveRules, rule.Name) {
			lines = append(lines, f.Rule+" "+f.File+": "+f.Message)
		}
	}
	return lines
}
