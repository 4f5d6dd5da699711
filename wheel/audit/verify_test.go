package audit

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// stored makes an archive of members that are not compressed: name, content, ...
func stored(t *testing.T, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		addMember(t, z, members[i], zip.Store, []byte(members[i+1]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// addMember adds a member as wheels have them: with its sizes before the data.
func addMember(t testing.TB, z *zip.Writer, name string, method uint16, content []byte) {
	t.Helper()
	packed := content
	if method == zip.Deflate {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(content)
		w.Close()
		packed = b.Bytes()
	}
	var flags uint16
	if strings.ContainsFunc(name, func(r rune) bool { return r >= 0x80 }) {
		flags = 1 << 11 // the name is UTF-8
	}
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: name, Method: method, Flags: flags, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(len(content)),
	})
	if err == nil {
		_, err = w.Write(packed)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// found audits a wheel and gives the rules and messages of its findings.
func found(t *testing.T, data []byte, verify bool) string {
	t.Helper()
	archiveAndRecord := finding.Selection{Select: []string{"WT229", "WT40", "WT41", "WT42", "WT43", "WT446"}, Ignore: []string{"WT420"}}
	r, err := New(Options{Verify: verify, Selection: archiveAndRecord}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), "demo-1.0-py3-none-any.whl")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, strings.Join(strings.Fields(f.Rule+" "+f.File+" "+f.Message), " "))
	}
	faulty := slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Severity == finding.Error })
	if (r.Verdict == finding.Pass) == faulty {
		t.Errorf("verdict %s with %q", r.Verdict, lines)
	}
	return strings.Join(lines, "; ")
}

const (
	helloPy   = "print('hello')\n"
	sha256sum = "A-aT2fL2h-D0Djao33_LTRwil0ASt8KlXAAOsw8wWCQ"
)

// TestVerify finds what differs from RECORD, and what RECORD does not verify: hashes
// with --verify alone.
func TestVerify(t *testing.T) {
	const (
		sha384 = "b-m94kMhZ-aI6SJcSVvVEHKljE1kqHfVM1LLavT9Ih1emwNG9nNMqsuF5Yw-vCRD"
		sha512 = "o6LWaU_l5d43uN9CFwh3g6x_1qlSX6ZYadw6_tITaACyc6JP55edFheReG0cCNKMvUf4lXIEyIM4WGHcT7Mwug"
		other  = "a-1TVrl7SsXXEBKEkZv9IPpy80hRnTVJKIr7ShdIUyM"

		right    = "demo.py,sha256=" + sha256sum + ",15\n"
		wrong    = "demo.py,sha256=" + other + ",15\n"
		differs  = "WT403 demo.py has another sha256 than RECORD says: " + sha256sum
		size     = "WT403 demo.py has 15 bytes; RECORD says 16"
		twice    = "WT405 demo.py has 2 rows in RECORD"
		unhashed = "WT405 demo.py has no hash in RECORD"
		unlisted = "WT405 demo.py is not listed in RECORD"
		warned   = "WT401 demo.py is not listed in RECORD"
		row      = "WT433 demo.py has a malformed row in RECORD: line 1: "
		lacks    = " is listed in RECORD, but the wheel does not have it"
		weak     = "cannot be verified by RECORD: "
	)
	both := func(finding string) [2]string { return [2]string{finding, finding} }
	for record, want := range map[string][2]string{ // without and with hashes
		right:                                       {},
		"demo.py,sha256=" + sha256sum + ",\n":       {},
		"demo.py,SHA256=" + sha256sum + "=,15\n":    {},
		"demo.py,sha384=" + sha384 + ",15\n":        {},
		"demo.py,sha512=" + sha512 + ",15\n":        {},
		"\"demo.py\",sha256=" + sha256sum + ",15\n": {},
		wrong:                                                {"", differs},
		"demo.py,SHA256=" + other + ",15\n":                  {"", differs},
		"demo.py,sha256=" + other + "=,15\n":                 {"", differs},
		wrong + "x\"y,sha256=" + other + ",\n":               {"WT437 x\"y" + lacks, differs + "; WT437 x\"y" + lacks},
		"demo.py,sha512=" + other + other + ",15\n":          {"", "WT403 demo.py has another sha512 than RECORD says: " + sha512},
		"demo.py,sha384=" + other + ",15\n":                  both(row + "a digest of sha384 has 48 bytes, not 32"),
		"demo.py,sha256=" + sha256sum + "A,15\n":             both(row + "a digest of sha256 has 32 bytes, not 33"),
		"demo.py,sha256=" + sha256sum + ",16\n":              both(size),
		"demo.py,sha256=" + sha256sum + ",14\n":              both(strings.Replace(size, "16", "14", 1)),
		"demo.py,,\n":                                        both(unhashed),
		"demo.py,,16\n":                                      both(size + "; " + unhashed),
		"other.py,sha256=" + other + ",\n":                   {"WT437 other.py" + lacks + "; " + warned, unlisted + "; WT437 other.py" + lacks},
		"./" + right:                                         {"WT437 ./demo.py" + lacks + "; " + warned, unlisted + "; WT437 ./demo.py" + lacks},
		right + "../" + wrong:                                both("WT438 ../demo.py is listed in RECORD, and leads out of the wheel"),
		right + "/" + wrong:                                  both("WT438 /demo.py is listed in RECORD, and leads out of the wheel"),
		right + "c:\\" + wrong:                               both("WT438 c:\\demo.py is listed in RECORD, and leads out of the wheel"),
		right + "..demo.py,sha256=" + other + ",\n":          both("WT437 ..demo.py" + lacks),
		right + "demo-1.0.dist-info/,,\n":                    both("WT432 demo-1.0.dist-info/ is a directory, yet RECORD lists it"),
		right + "demo-1.0.dist-info,sha256=" + other + ",\n": both("WT432 demo-1.0.dist-info is a directory, yet RECORD lists it"),
		right + "demo-1.0.dist-info/RECORD,,\n":              {},
		"demo.py,md5=" + other[:22] + ",15\n":                both("WT434 demo.py " + weak + "md5 is too weak for RECORD, which needs sha256 or better"),
		"demo.py,sha1=" + other[:27] + ",15\n":               both("WT434 demo.py " + weak + "sha1 is too weak for RECORD, which needs sha256 or better"),
		"demo.py,blake2b=" + other + ",15\n":                 both("WT405 demo.py " + weak + "blake2b is not a supported hash"),
		"demo.py,sha256=,15\n":                               both(row + `"sha256=" is not a hash; want ALGORITHM=DIGEST`),
		"demo.py,sha256=" + sha256sum + ",x\n":               both(row + `"x" is not a size`),
		"demo.py\n":                                          both(row + "1 fields; want path, hash and size"),
		"demo.py,sha256=" + sha256sum + ",15,\n":             both(row + "4 fields; want path, hash and size"),
		right + "demo.py,,\n":                                both(twice),
		wrong + right:                                        {twice, differs + "; " + twice},
		right + wrong:                                        {twice, differs + "; " + twice},
		right + right:                                        both(twice),
		"\xff":                                               both("WT404 demo-1.0.dist-info/RECORD is not UTF-8"),
	} {
		data := stored(t, "demo.py", helloPy, "demo-1.0.dist-info/RECORD", record)
		for i, verify := range []bool{false, true} {
			if got := found(t, data, verify); got != want[i] {
				t.Errorf("%q, verify %v:\n%s, want\n%s", record, verify, got, want[i])
			}
		}
	}
}

// TestVerifyMembers: RECORD and its signatures need no row, files of similar names do.
func TestVerifyMembers(t *testing.T) {
	record := "demo.py,sha256=" + sha256sum + ",15\n"
	for name, want := range map[string]string{
		"demo-1.0.dist-info/RECORD.jws": "WT435 demo-1.0.dist-info/RECORD.jws is a signature of RECORD, which PEP 815 deprecates; no installer checks it",
		"demo-1.0.dist-info/RECORD.p7s": "WT435 demo-1.0.dist-info/RECORD.p7s is a signature of RECORD, which PEP 815 deprecates; no installer checks it",
		"demo-1.0.dist-info/record":     `WT405 demo-1.0.dist-info/record is not listed in RECORD; WT428 demo-1.0.dist-info/record differs from "demo-1.0.dist-info/RECORD" by letter case alone`,
		"demo-1.0.dist-info/RECORD.asc": "WT405 demo-1.0.dist-info/RECORD.asc is not listed in RECORD",
		"RECORD":                        "WT405 RECORD is not listed in RECORD",
		"x.dist-info/RECORD":            "WT446 two .dist-info directories, demo-1.0.dist-info and x.dist-info; want one",
	} {
		if got := found(t, stored(t, "demo.py", helloPy, "demo-1.0.dist-info/RECORD", record, name, ""), true); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for _, verify := range []bool{false, true} {
		if got, want := found(t, stored(t, "demo.py", helloPy, "demo-1.0.dist-info/METADATA", ""), verify), "WT404 demo-1.0.dist-info/RECORD is missing"; got != want {
			t.Errorf("no RECORD: %s, want %s", got, want)
		}
		if got, want := found(t, stored(t, "demo.py", helloPy), verify), "WT446 no .dist-info directory"; got != want {
			t.Errorf("no directory: %s, want %s", got, want)
		}
	}
}

// TestVerifyChecksum: a changed byte is found by the checksum of the archive.
func TestVerifyChecksum(t *testing.T) {
	data := stored(t, "demo.py", helloPy, "demo-1.0.dist-info/RECORD", "demo.py,sha256="+sha256sum+",15\n")
	changed := bytes.Replace(data, []byte("hello"), []byte("HELLO"), 1)
	const want = "WT402 demo.py cannot be unpacked as the archive says: its length or CRC-32 is not the one in the archive's directory"
	if got := found(t, changed, true); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := found(t, changed, false); got != "" {
		t.Errorf("without verifying: %s", got)
	}
	changed = bytes.Replace(data, []byte(",15\n"), []byte(",16\n"), 1)
	if got := found(t, changed, true); !strings.HasPrefix(got, "WT404 demo-1.0.dist-info/RECORD its length or CRC-32") {
		t.Errorf("RECORD: %s", got)
	}
}

// TestAmbiguous: archives by which pip installs other files than another reader sees
// are errors, with or without verifying.
func TestAmbiguous(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "testdata", "archives.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(z).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var archives map[string][]byte
	if err := json.Unmarshal(line, &archives); err != nil {
		t.Fatal(err)
	}
	const noRecord = "WT404 demo-1.0.dist-info/RECORD is missing"
	for name, want := range map[string]string{
		"plain":           noRecord,
		"zip64-both":      noRecord,
		"two-directories": "WT406 the directory that the archive states, at offset",
		"zip64-unasked":   "WT406 the ZIP64 end record differs from the end record",
		"zip64-far":       "WT406 the ZIP64 end record is at offset",
		"names":           `WT406 d/other a Unicode path field gives this name to the member "d/plain"; WT406 d/nul the name has a NUL: "d/nul\x00hidden"`,
	} {
		for _, verify := range []bool{false, true} {
			if got := strings.ReplaceAll(found(t, archives[name], verify), "demo-1.dist", "demo-1.0.dist"); !strings.Contains(got, want) || !verify && strings.Contains(strings.Replace(got, noRecord, "", 1), "WT404") {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	}
}

// TestOverlaps: a thousand members that are the same bytes are one finding, and no byte
// is decoded twice. So the time for an archive is bounded by its size.
func TestOverlaps(t *testing.T) {
	static, err := os.ReadFile(filepath.Join(fixtures, "elf", "exe-x86_64-static"))
	if err != nil {
		t.Fatal(err)
	}
	const members = 1000
	data := wheelOf(t, map[string][]byte{"zdemo": append(static, make([]byte, 4<<20)...)})
	first := bytes.Index(data, []byte("PK\x01\x02"))
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	one := bytes.LastIndex(data, []byte("PK\x01\x02")) // the entry of zdemo
	if !bytes.Contains(data[one:end], []byte("zdemo")) || bytes.Contains(data[one:end], []byte("dist-info")) {
		t.Fatal("the last entry is another")
	}
	many := append(bytes.Clone(data[:end]), bytes.Repeat(data[one:end], members)...)
	record := bytes.Clone(data[end:])
	le := binary.LittleEndian
	for _, at := range []int{8, 10} {
		le.PutUint16(record[at:], le.Uint16(record[at:])+members)
	}
	le.PutUint32(record[12:], uint32(len(many)-first))
	many = append(many, record...)
	for _, verify := range []bool{false, true} {
		r, err := New(Options{Verify: verify}).Wheel(t.Context(), bytes.NewReader(many), int64(len(many)), fuzzName)
		if err != nil {
			t.Fatal(err)
		}
		if r.Read.Unpacked > 10<<20 {
			t.Errorf("verify %v: %d bytes unpacked", verify, r.Read.Unpacked)
		}
		var got []string
		for _, f := range r.Findings {
			if f.Rule == "WT406" {
				got = append(got, f.File+" "+f.Message)
			}
		}
		if want := "zdemo overlaps another member of the archive or its directory (and 999 more like this)"; len(r.Findings) > 9 || len(got) != 1 || got[0] != want {
			t.Errorf("verify %v: %d findings, %q", verify, len(r.Findings), got)
		}
	}
	if _, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), fuzzName); err != nil {
		t.Fatal(err)
	}
}

// TestLocalNames: a member whose local header has another name is refused by pip.
// Local headers are compared where every file is.
func TestLocalNames(t *testing.T) {
	data := wheelOf(t, map[string][]byte{"zdemo": []byte("text")})
	at := bytes.Index(data, []byte("zdemo"))
	if central := bytes.Index(data, []byte("PK\x01\x02")); at < 0 || at > central {
		t.Fatal("no local header")
	}
	renamed := bytes.Clone(data)
	renamed[at] = 'y'
	if got := found(t, data, true); strings.Contains(got, "WT406") {
		t.Error(got)
	}
	if got := found(t, renamed, true); !strings.Contains(got, `WT406 zdemo the local header names "ydemo"`) {
		t.Error(got)
	}
}

// failing fails at the nth read.
type failing struct {
	*bytes.Reader
	n int
}

var errFailing = errors.New("input/output error")

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if f.n--; f.n == 0 {
		return 0, errFailing
	}
	return f.Reader.ReadAt(p, off)
}

// TestFailingReads: a wheel of which a byte cannot be read has no result, whichever it
// is.
func TestFailingReads(t *testing.T) {
	inner := wheelOf(t, map[string][]byte{"a/first": []byte("\x7fELF")})
	record := "demo.py,sha256=" + sha256sum + ",15\n"
	for name, data := range map[string][]byte{
		"plain":  stored(t, "demo.py", helloPy, "demo-1.0.dist-info/RECORD", record),
		"nested": wheelOf(t, map[string][]byte{"demo/data.bin": inner, "demo/x.so": []byte("\x7fELF"), "demo/x.dll": []byte("MZ\x00\x00")}),
	} {
		for _, verify := range []bool{false, true} {
			for n := 1; ; n++ {
				r := &failing{bytes.NewReader(data), n}
				report, err := New(Options{Verify: verify}).Wheel(t.Context(), r, r.Size(), fuzzName)
				if r.n > 0 { // no read failed
					if err != nil || n < 4 {
						t.Errorf("%s: %d reads, %v", name, n, err)
					}
					break
				}
				if report != nil || !errors.Is(err, errFailing) {
					t.Errorf("%s, verify %v, read %d: %v, %+v", name, verify, n, err, report)
				}
			}
		}
	}
}
