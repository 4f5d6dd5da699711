package wheel

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// baseArchives are the recorded archives before any change, by name.
func baseArchives(t testing.TB) map[string][]byte {
	bases := map[string][]byte{}
	for _, c := range archiveCases(t) {
		if bases[c.base] == nil {
			bases[c.base] = c.data
		}
	}
	return bases
}

// framing gives all problems of an archive, of the directory and between the members.
func framing(t *testing.T, a *Archive) (directory, between []Code) {
	t.Helper()
	problems, err := a.CheckFraming(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return codes(a.Problems()), codes(problems)
}

// TestProblemsOfArchives: what is wrong with the recorded archives before they are
// changed. Archives with two directories are those by which pip once installed other
// files than were checked.
func TestProblemsOfArchives(t *testing.T) {
	bases := baseArchives(t)
	type want struct{ directory, between []Code }
	none := []Code{}
	hidden, member := []Code{CodeHiddenData}, []Code{CodeHiddenMember}
	descriptors := []Code{CodeDescriptor, CodeDescriptor, CodeDescriptor}
	comments := []Code{CodeMemberComment, CodeMemberComment, CodeMemberComment}
	names := []Code{CodeNameCharset, CodeUnicodeName, CodeNameNUL, CodePathWindows, CodeDuplicateName}
	for name, want := range map[string]want{
		"plain":           {none, none},
		"descriptors":     {none, descriptors},
		"zip64":           {none, none},
		"zip64-both":      {none, none},
		"comments":        {comments, none},
		"prefix":          {[]Code{CodePrefix}, hidden},
		"names":           {names, none},
		"two-directories": {[]Code{CodeTwoDirectories}, member},
		"zip64-unasked":   {[]Code{CodeZip64Unasked}, member},
		"zip64-far":       {[]Code{CodeZip64Locator}, member},
		"inner":           {none, none},
	} {
		data := bases[name]
		if data == nil {
			t.Errorf("no archive %s", name)
			continue
		}
		a := open(t, data)
		directory, between := framing(t, a)
		if !slices.Equal(directory, want.directory) || !slices.Equal(between, want.between) {
			t.Errorf("%s: %v and %v, want %v and %v", name, directory, between, want.directory, want.between)
		}
		_, err := a.DistInfo()
		ambiguous := slices.ContainsFunc(directory, Code.Ambiguous)
		if errors.Is(err, ErrAmbiguous) != ambiguous {
			t.Errorf("%s: the *.dist-info directory: %v", name, err)
		}
	}
}

// patch writes bytes into a record: the nth with the signature, at an offset in it.
func patch(data []byte, signature string, nth, offset int, value ...byte) []byte {
	data = bytes.Clone(data)
	at := 0
	for range nth + 1 {
		at += bytes.Index(data[at:], []byte(signature)) + 1
	}
	copy(data[at-1+offset:], value)
	return data
}

const (
	sigLocal   = "PK\x03\x04"
	sigCentral = "PK\x01\x02"
	sigEnd     = "PK\x05\x06"
	sigEnd64   = "PK\x06\x06"
)

// TestProblems triggers each problem by a small change of an archive without any.
func TestProblems(t *testing.T) {
	bases := baseArchives(t)
	plain, zip64 := bases["plain"], bases["zip64"]
	// The comment of the last member is a locator.
	locator := patch(patch(plain, sigCentral, 2, 32, 20), sigEnd, 0, 12, plain[len(plain)-10]+20)
	locator = slices.Concat(locator[:len(locator)-22], []byte("PK\x06\x07"), make([]byte, 16), locator[len(locator)-22:])
	second := bytes.Index(plain[1:], []byte(sigLocal)) + 1
	for _, c := range []struct {
		name      string
		data      []byte
		directory []Code
		between   []Code
	}{
		{"count of entries", patch(plain, sigEnd, 0, 10, 2), []Code{CodeEntryCount}, nil},
		{"count of entries of this disk", patch(plain, sigEnd, 0, 8, 4), []Code{CodeEntryCount}, nil},
		{"disk", patch(plain, sigEnd, 0, 4, 1), []Code{CodeDisk}, nil},
		{"disk of the directory", patch(plain, sigEnd, 0, 6, 1), []Code{CodeDisk}, nil},
		{"disk of a member", patch(plain, sigCentral, 1, 34, 1), []Code{CodeDisk}, nil},
		{"trailing byte", append(bytes.Clone(plain), 0), []Code{CodeTrailing}, nil},
		{"comment that is not there", patch(plain, sigEnd, 0, 20, 9), []Code{CodeComment}, nil},
		{"last entry too long", patch(plain, sigCentral, 2, 32, 5), []Code{CodeDirectorySize}, nil},
		{"version", patch(plain, sigCentral, 0, 6, 64), []Code{CodeVersionNeeded}, nil},
		{"encrypted", patch(plain, sigCentral, 0, 8, 1), []Code{CodeEncrypted}, []Code{CodeLocalHeader}},
		{"strong encryption", patch(plain, sigCentral, 0, 8, 64), []Code{CodeEncrypted}, []Code{CodeLocalHeader}},
		{"method", patch(plain, sigCentral, 0, 10, 12), []Code{CodeMethod}, []Code{CodeLocalHeader}},
		{"name not UTF-8", patch(patch(plain, sigCentral, 0, 8, 0, 8), sigCentral, 0, 46, 0xff), []Code{CodeNameEncoding}, []Code{CodeLocalName, CodeLocalHeader}},
		{"name not ASCII", patch(patch(plain, sigCentral, 0, 46, 0x82), sigLocal, 0, 30, 0x82), []Code{CodeNameCharset}, nil},
		{"other name", patch(plain, sigLocal, 0, 30, 'x'), nil, []Code{CodeLocalName}},
		{"other method", patch(plain, sigLocal, 0, 8, 0), nil, []Code{CodeLocalHeader}},
		{"other flags", patch(plain, sigLocal, 0, 7, 8), nil, []Code{CodeLocalHeader}},
		{"other checksum", patch(plain, sigLocal, 0, 14, 0), nil, []Code{CodeLocalHeader}},
		{"other size", patch(plain, sigLocal, 0, 22, 0), nil, []Code{CodeLocalHeader}},
		{"other packed size", patch(plain, sigLocal, 0, 18, 0), nil, []Code{CodeLocalHeader}},
		{"no local header", patch(plain, sigLocal, 1, 0, 0), nil, []Code{CodeLocalMissing, CodeHiddenData}},
		{"two members at one place", patch(plain, sigCentral, 1, 42, 0), []Code{CodeOverlap}, []Code{CodeLocalName, CodeLocalHeader, CodeHiddenMember}},
		{"packed size into the next", patch(plain, sigCentral, 0, 20, byte(second)), []Code{CodeOverlap}, []Code{CodeLocalHeader}},
		{"packed size one more", patch(plain, sigCentral, 0, 20, byte(second-30-16+1)), []Code{CodeOverlap}, []Code{CodeLocalHeader}},
		{"packed size one less", patch(plain, sigCentral, 0, 20, byte(second-30-16-1)), nil, []Code{CodeLocalHeader, CodeHiddenData}},
		{"local header with a longer name", patch(plain, sigLocal, 0, 26, 17), nil, []Code{CodeLocalName, CodeOverlap}},
		{"ZIP64 locator alone", locator, []Code{CodeZip64Missing, CodeMemberComment}, nil},
		{"ZIP64 offset without a record", patch(bases["inner"], sigEnd, 1, 16, 0xff, 0xff, 0xff, 0xff),
			[]Code{CodePrefix, CodeZip64Missing, CodeOverlap, CodeOverlap}, []Code{CodeLocalMissing, CodeLocalMissing, CodeHiddenMember}},
		{"ZIP64 end record with more", patch(zip64, sigEnd64, 0, 4, 45), []Code{CodeZip64Size}, nil},
		{"ZIP64 field with one number too many", patch(zip64, sigCentral, 0, 20, 1, 0, 0, 0), []Code{CodeExtraField, CodeOverlap}, []Code{CodeHiddenMember, CodeLocalMissing, CodeHiddenData}},
		{"ZIP64 field cut short", patch(zip64, sigCentral, 0, 46+16+2, 16), []Code{CodeExtraField, CodeOverlap}, []Code{CodeHiddenMember, CodeLocalMissing}},
		{"extra field too long", patch(zip64, sigCentral, 0, 46+16+2, 99), []Code{CodeExtraField, CodeOverlap, CodeBomb}, []Code{CodeHiddenMember, CodeLocalMissing}},
	} {
		a, err := Open(bytes.NewReader(c.data), int64(len(c.data)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		directory, between := framing(t, a)
		if !slices.Equal(directory, slices.Concat([]Code{}, c.directory)) || !slices.Equal(between, slices.Concat([]Code{}, c.between)) {
			t.Errorf("%s: %v and %v, want %v and %v", c.name, directory, between, c.directory, c.between)
		}
	}
}

// TestProblemPlaces: a problem names the member and where it is.
func TestProblemPlaces(t *testing.T) {
	plain := baseArchives(t)["plain"]
	data := patch(patch(plain, sigCentral, 1, 10, 12), sigLocal, 2, 30, 'x')
	a := open(t, data)
	directory := a.Problems()
	between, err := a.CheckFraming(t.Context())
	if err != nil || len(directory) != 1 || len(between) != 2 {
		t.Fatal(directory, between, err)
	}
	if e := directory[0]; e.Path != "demo/data.txt" || string(data[e.Offset:e.Offset+4]) != sigCentral {
		t.Errorf("%+v", e)
	}
	if e := between[1]; e.Path != "demo-1.dist-info/METADATA" || string(data[e.Offset:e.Offset+4]) != sigLocal || e.Error() != `demo-1.dist-info/METADATA: the local header names "xemo-1.dist-info/METADATA"` {
		t.Errorf("%+v", e)
	}
}

// TestProblemMessages: what a problem says, with its numbers.
func TestProblemMessages(t *testing.T) {
	bases := baseArchives(t)
	plain := bases["plain"]
	lines := func(data []byte) []string {
		a := open(t, data)
		between, err := a.CheckFraming(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, e := range append(a.Problems(), between...) {
			lines = append(lines, fmt.Sprintf("%d %s", e.Offset, e))
		}
		return lines
	}
	for name, c := range map[string]struct {
		data []byte
		want []string
	}{
		"trailing":      {append(bytes.Clone(plain), "xx"...), []string{"418 2 bytes follow the archive"}},
		"comment":       {patch(plain, sigEnd, 0, 20, 9), []string{"396 the comment of the archive lacks 9 of 9 bytes"}},
		"count":         {patch(plain, sigEnd, 0, 10, 2), []string{"396 the directory has 3 entries; 2 are stated"}},
		"disk":          {patch(plain, sigEnd, 0, 4, 5), []string{"396 the archive states that it is part 5 of several"}},
		"last entry":    {patch(plain, sigCentral, 2, 32, 5), []string{"204 the last entry ends 5 bytes after the directory"}},
		"version":       {patch(plain, sigCentral, 0, 6, 64), []string{"204 demo/__init__.py: needs version 6.4 of the zip format"}},
		"member's disk": {patch(plain, sigCentral, 0, 34, 3), []string{"204 demo/__init__.py: is in part 3 of several of the archive"}},
		"member comment": {bases["comments"], []string{
			"204 demo/__init__.py: the member has a comment of 9 bytes", "275 demo/data.txt: the member has a comment of 9 bytes", "343 demo-1.dist-info/METADATA: the member has a comment of 9 bytes",
		}},
		"method": {patch(plain, sigCentral, 1, 10, 12), []string{
			"266 demo/data.txt: is compressed with bzip2",
			"65 demo/data.txt: method 0 in the local header, 12 in the directory",
		}},
		"sizes":    {patch(plain, sigLocal, 0, 22, 7), []string{"0 demo/__init__.py: 7 bytes packed to 19 in the local header, 126 to 19 in the directory"}},
		"checksum": {patch(plain, sigLocal, 0, 14, 1, 2, 3, 4), []string{"0 demo/__init__.py: CRC-32 04030201 in the local header, 69e1af1c in the directory"}},
		"flags":    {patch(plain, sigLocal, 0, 6, 2), []string{"0 demo/__init__.py: flags 0x2 in the local header, 0x0 in the directory"}},
		"descriptor": {bases["descriptors"], []string{
			"0 demo/__init__.py: the sizes and the checksum follow the data", "81 demo/data.txt: the sizes and the checksum follow the data",
			"157 demo-1.dist-info/METADATA: the sizes and the checksum follow the data",
		}},
		"prefix": {bases["prefix"], []string{"0 offsets are wrong by 17 bytes: something was put before the archive or into it", "0 17 bytes at offset 0 belong to no member"}},
		"gap": {patch(plain, sigCentral, 0, 20, 18), []string{
			"0 demo/__init__.py: 126 bytes packed to 19 in the local header, 126 to 18 in the directory", "64 1 bytes at offset 64 belong to no member",
		}},
		"far": {bases["zip64-far"], []string{"904 the ZIP64 end record is at offset 848; its locator states 396", "0 452 bytes at offset 0 are a member that the directory does not list"}},
	} {
		if got := lines(c.data); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestAmbiguousCodes: which problems change what is installed.
func TestAmbiguousCodes(t *testing.T) {
	for code, want := range map[Code]bool{
		CodeTwoDirectories: true, CodeZip64Unasked: true, CodeZip64Locator: true, CodeEntryCount: true, CodeUnicodeName: true, CodeNameNUL: true,
		CodeOverlap: true, CodeEndRecord: true, CodeLocalName: true, CodeHiddenMember: true,
		CodeZip64Missing: false, CodeZip64Size: false, CodeDirectorySize: false, CodeDisk: false, CodePrefix: false, CodeTrailing: false, CodeComment: false,
		CodeNameEncoding: false, CodeNameCharset: false, CodeExtraField: false, CodeDuplicateName: false, CodeMemberComment: false, CodeVersionNeeded: false,
		CodeEncrypted: false, CodeMethod: false, CodeLocalMissing: false, CodeLocalHeader: false, CodeLocalExtra: false, CodeDescriptor: false,
		CodeDescriptorValue: false, CodeHiddenData: false,
	} {
		if code.Ambiguous() != want {
			t.Errorf("%s: %v", code, !want)
		}
	}
	overlap := patch(baseArchives(t)["plain"], sigCentral, 0, 20, 99)
	if _, err := open(t, overlap).DistInfo(); !errors.Is(err, ErrAmbiguous) {
		t.Errorf("members that overlap: %v", err)
	}
}

// TestZip64Values: an end record may leave each of its values to the ZIP64 end record,
// or have the same one.
func TestZip64Values(t *testing.T) {
	both := baseArchives(t)["zip64-both"]
	for _, field := range []struct{ offset, size int }{{8, 2}, {10, 2}, {12, 4}, {16, 4}} {
		sentinel := bytes.Repeat([]byte{0xff}, field.size)
		for _, c := range []struct {
			value []byte
			want  []Code
		}{{sentinel, []Code{}}, {slices.Concat([]byte{77}, make([]byte, field.size-1)), []Code{CodeZip64Unasked}}} {
			data := patch(both, sigEnd, 0, field.offset, c.value...)
			if got := codes(open(t, data).Problems()); !slices.Equal(got, c.want) {
				t.Errorf("%d bytes at %d are %v: %v", field.size, field.offset, c.value, got)
			}
		}
	}
	// An archive may have 65,535 members without any ZIP64 record.
	data := patch(baseArchives(t)["plain"], sigEnd, 0, 8, 0xff, 0xff, 0xff, 0xff)
	if got := codes(open(t, data).Problems()); !slices.Equal(got, []Code{CodeEntryCount}) {
		t.Errorf("the sentinel for the number of members: %v", got)
	}
}

// TestDescriptors: with or without signature, with sizes of four or eight bytes.
func TestDescriptors(t *testing.T) {
	data := baseArchives(t)["descriptors"]
	at := bytes.Index(data, []byte("PK\x07\x08"))
	values := data[at+4 : at+16]
	long := slices.Concat(values[:4], binary.LittleEndian.AppendUint64(nil, uint64(binary.LittleEndian.Uint32(values[4:]))),
		binary.LittleEndian.AppendUint64(nil, uint64(binary.LittleEndian.Uint32(values[8:]))))
	for name, c := range map[string]struct {
		descriptor []byte
		ok         bool
	}{
		"short":           {values, true},
		"short signature": {data[at : at+16], true},
		"long":            {long, true},
		"long signature":  {slices.Concat([]byte("PK\x07\x08"), long), true},
		"other checksum":  {slices.Concat([]byte{^values[0]}, values[1:]), false},
		"other size":      {slices.Concat(values[:8], []byte{^values[8]}, values[9:]), false},
		"other long size": {slices.Concat(long[:12], []byte{^long[12]}, long[13:]), false},
		"other packed":    {slices.Concat(long[:4], []byte{^long[4]}, long[5:]), false},
		"none":            {nil, false},
	} {
		// The members behind it move, so only the first is looked at.
		a := open(t, data)
		a.r = bytes.NewReader(slices.Concat(data[:at], c.descriptor, data[at+16:]))
		var p problems
		if _, err := a.checkLocal(&p, &a.dir.Entries[0]); err != nil {
			t.Fatal(err)
		}
		want := []Code{CodeDescriptor}
		if !c.ok {
			want = append(want, CodeDescriptorValue)
		}
		if got := codes(p); !slices.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestOtherEnds: an end record whose comment reaches to the end of the file is one that
// another reader may take.
func TestOtherEnds(t *testing.T) {
	plain := baseArchives(t)["plain"]
	for comment, want := range map[int]bool{0: false, len(plain) - 1: false, len(plain): true, len(plain) + 1: false} {
		data := append(patch(plain, sigEnd, 0, 20, byte(comment), byte(comment>>8)), plain...)
		if _, between := framing(t, open(t, data)); slices.Contains(between, CodeEndRecord) != want {
			t.Errorf("a comment of %d bytes: %v", comment, between)
		}
	}
}

// TestOtherEndsNearly: bytes that are no end record are none, whatever is behind them.
func TestOtherEndsNearly(t *testing.T) {
	plain := baseArchives(t)["plain"]
	comment := append([]byte("PK\x05\x07"), make([]byte, 18)...) // as long as an end record, and with no comment
	data := append(patch(plain, sigEnd, 0, 20, byte(len(comment))), comment...)
	if directory, between := framing(t, open(t, data)); len(directory)+len(between) > 0 {
		t.Errorf("%v %v", directory, between)
	}
}

// TestFramingErrors: an error of the reader is returned, and a context that is done.
func TestFramingErrors(t *testing.T) {
	data := baseArchives(t)["descriptors"]
	fault := errors.New("input/output error")
	a := open(t, data)
	for n := 1; ; n++ {
		r := &failing{bytes.NewReader(data), n, fault}
		a.r = r
		problems, err := a.CheckFraming(t.Context())
		if r.n > 0 {
			if err != nil || n < 8 {
				t.Errorf("%d reads: %v", n, err)
			}
			break
		}
		if !errors.Is(err, fault) || problems != nil {
			t.Errorf("read %d: %v", n, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a = open(t, data)
	if _, err := a.CheckFraming(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// failing fails at the nth read.
type failing struct {
	*bytes.Reader
	n   int
	err error
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if f.n--; f.n == 0 {
		return 0, f.err
	}
	return f.Reader.ReadAt(p, off)
}

// TestExtraFaults: what is wrong with extra fields, in words.
func TestExtraFaults(t *testing.T) {
	for faults, want := range map[unzip.Faults]string{
		0: "", unzip.FaultName | unzip.FaultOtherName: "",
		unzip.FaultExtra:       "an extra field is longer than all of them",
		unzip.FaultZip64:       "the ZIP64 field lacks a number",
		unzip.FaultUnicodeName: "the Unicode path field is cut short or not UTF-8",
		unzip.FaultRepeated:    "a ZIP64 or Unicode path field is there twice",
		unzip.FaultZip64Length: "the ZIP64 field has more numbers than are referred to",
	} {
		if got := extraFault(faults); got != want {
			t.Errorf("%b: %q", faults, got)
		}
	}
}

// TestManyProblems: the lists are bounded.
func TestManyProblems(t *testing.T) {
	files := make([]file, 1500)
	for i := range files {
		files[i].name = "same"
	}
	a := open(t, pack(t, files...))
	directory, between := framing(t, a)
	if len(directory) != maxProblems || len(between) != maxProblems {
		t.Errorf("%d and %d problems", len(directory), len(between))
	}
}
