package audit

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestRuleOfEachProblem: each problem of an archive breaks one rule.
func TestRuleOfEachProblem(t *testing.T) {
	for code, want := range map[wheel.Code]string{
		wheel.CodeHiddenData: "hidden-data", wheel.CodeLocalMissing: "local-header", wheel.CodeLocalHeader: "local-header", wheel.CodeDescriptorValue: "local-header", wheel.CodePrefix: "data-before-archive", wheel.CodeTrailing: "data-after-archive",
		wheel.CodeDescriptor: "data-descriptor", wheel.CodeComment: "end-of-archive", wheel.CodeDirectorySize: "end-of-archive", wheel.CodeDisk: "end-of-archive", wheel.CodeZip64Missing: "end-of-archive", wheel.CodeZip64Size: "end-of-archive",
		wheel.CodeDuplicateName: "duplicate-member", wheel.CodeMemberComment: "member-comment", wheel.CodeExtraField: "extra-field", wheel.CodeLocalExtra: "extra-field", wheel.CodeVersionNeeded: "zip-version", wheel.CodeMethod: "compression-method",
		wheel.CodeEncrypted: "encrypted", wheel.CodeBomb: "unpacked-size", wheel.CodeSizes: "impossible-size", wheel.CodePathLeaves: "unsafe-path", wheel.CodePathControl: "path-characters", wheel.CodeNameEncoding: "path-characters", wheel.CodeNameCharset: "path-characters",
		wheel.CodePathForm: "path-spelling", wheel.CodePathWindows: "windows-name", wheel.CodePathCase: "letter-case", wheel.CodePathConflict: "path-conflict", wheel.CodeSpecialFile: "special-file", wheel.CodeSetUID: "set-uid",
		wheel.CodeOverlap: "ambiguous-archive", wheel.CodeLocalName: "ambiguous-archive", wheel.CodeTwoDirectories: "ambiguous-archive", wheel.CodeNameNUL: "ambiguous-archive",
	} {
		got := archiveRule(code)
		if got != want && !(code.Ambiguous() && got == "ambiguous-archive") {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
		if _, ok := finding.Lookup(got); !ok || !slices.Contains(archiveRules, got) {
			t.Errorf("%s: there is no rule %s in the table", code, got)
		}
	}
}

// TestArchiveCounts: of each kind of problem the first is reported, and bytes that another
// problem explains are not.
func TestArchiveCounts(t *testing.T) {
	problem := func(code wheel.Code, path string, offset int64) *wheel.Error {
		return &wheel.Error{Path: path, Code: code, Offset: offset, Err: io.EOF}
	}
	for _, c := range []struct {
		what     string
		archive  []*wheel.Error
		overlaps []*wheel.Error
		want     []string
	}{
		{"one", []*wheel.Error{problem(wheel.CodeTrailing, "", 0)}, nil, []string{"data-after-archive  EOF"}},
		{"three of one kind", []*wheel.Error{problem(wheel.CodeMethod, "a", 0), problem(wheel.CodeTrailing, "", 0), problem(wheel.CodeMethod, "b", 0), problem(wheel.CodeMethod, "c", 0)}, nil, []string{"compression-method a EOF (and 2 more like this)", "data-after-archive  EOF"}},
		{"overlaps that were met", []*wheel.Error{problem(wheel.CodeOverlap, "a", 0)}, []*wheel.Error{problem(wheel.CodeOverlap, "b", 0)}, []string{"ambiguous-archive b EOF"}},
		{"overlaps that were not", []*wheel.Error{problem(wheel.CodeOverlap, "a", 0)}, nil, []string{"ambiguous-archive a EOF"}},
		{"hidden bytes", []*wheel.Error{problem(wheel.CodeHiddenData, "", 9)}, nil, []string{"hidden-data  EOF"}},
		{"what is before the archive", []*wheel.Error{problem(wheel.CodePrefix, "", 0), problem(wheel.CodeHiddenData, "", 0)}, nil, []string{"data-before-archive  EOF"}},
		{"other bytes as well", []*wheel.Error{problem(wheel.CodePrefix, "", 0), problem(wheel.CodeHiddenData, "", 9)}, nil, []string{"data-before-archive  EOF", "hidden-data  EOF"}},
		{"a wrong descriptor", []*wheel.Error{problem(wheel.CodeDescriptorValue, "a", 5), problem(wheel.CodeHiddenData, "", 9)}, nil, []string{"local-header a EOF"}},
	} {
		s := Subject{archive: c.archive, content: content{overlaps: c.overlaps}}
		var got []string
		checkArchive(&s, func(rule string, f finding.Finding) { got = append(got, rule+" "+f.File+" "+f.Message) })
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestWindow: reads through the window are those of the file, at its end too, and few of
// the file itself.
func TestWindow(t *testing.T) {
	data := randomBytes(3*windowSize + 100)
	r := &recorder{Reader: bytes.NewReader(data)}
	in := &input{r: r, window: make([]byte, windowSize)}
	for _, off := range []int64{0, 10, smallRead, windowSize - 1, windowSize, 5, 3 * windowSize, int64(len(data)) - 1, int64(len(data)), int64(len(data)) + 5} {
		for _, n := range []int{1, 30, smallRead, smallRead + 1, windowSize + 1} {
			p, q := make([]byte, n), make([]byte, n)
			got, err := in.ReadAt(p, off)
			want, wantErr := bytes.NewReader(data).ReadAt(q, off)
			if got != want || !bytes.Equal(p, q) || (err == nil) != (wantErr == nil) {
				t.Errorf("%d bytes at %d: %d, %v; want %d, %v", n, off, got, err, want, wantErr)
			}
		}
	}
	r = &recorder{Reader: bytes.NewReader(data)}
	in = &input{r: r, window: make([]byte, windowSize)}
	var p [16]byte
	for off := int64(0); off+16 <= windowSize; off += 16 {
		if _, err := in.ReadAt(p[:], off); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.reads) != 1 {
		t.Errorf("%d reads of one window", len(r.reads))
	}
	in.window, r.reads = nil, nil
	in.ReadAt(p[:], 0)
	in.ReadAt(p[:], 16)
	if len(r.reads) != 2 {
		t.Errorf("%d reads without a window", len(r.reads))
	}
}

// TestExternalLibraries: each once, sorted, and only those that no policy allows.
func TestExternalLibraries(t *testing.T) {
	lib := func(needed ...string) []byte { return elftest.Spec{Needed: needed}.Bytes() }
	r := audited(t, "linux_x86_64", Options{}, map[string][]byte{"a.so": lib("libz9.so", "libc.so.6", "libexpat.so.1"), "b.so": lib("liba9.so", "libz9.so")})
	if diff := cmp.Diff([]string{"liba9.so", "libz9.so"}, r.External); diff != "" {
		t.Error(diff)
	}
}

// TestOrderMessage: a library that another file leads to.
func TestOrderMessage(t *testing.T) {
	library := elftest.Spec{Soname: "libown.so"}.Bytes()
	r := audited(t, "linux_x86_64", Options{}, map[string][]byte{
		"m.so": elftest.Spec{Needed: []string{"libown.so"}, Exported: []string{"PyInit_m"}}.Bytes(), "n.so": elftest.Spec{Needed: []string{"libown.so"}, RunPath: "$ORIGIN/libs", Exported: []string{"PyInit_n"}}.Bytes(), "libs/libown.so": library,
	})
	want := "needs libown.so, to which only files such as n.so lead; one of them must be loaded first"
	i := slices.IndexFunc(r.Findings, func(f finding.Finding) bool { return f.Library == "libown.so" })
	if i < 0 || r.Findings[i].Message != want || r.Findings[i].Need != "libs/libown.so" || r.Findings[i].File != "m.so" || !strings.HasPrefix(r.Findings[i].Rule, "WT221") {
		t.Errorf("%+v", r.Findings)
	}
}

// TestRefusalOf: why no policy fits, in a phrase for each kind of demand.
func TestRefusalOf(t *testing.T) {
	for want, d := range map[string]manylinux.Demand{
		"it needs L": {Kind: manylinux.KindLibrary, Library: "L"}, "it needs V of L": {Kind: manylinux.KindVersion, Library: "L", Version: "V"}, "it uses banned symbols of L": {Kind: manylinux.KindBan, Library: "L"}, "it uses functions that musl lacks": {Kind: manylinux.KindMusl}, "it needs a newer processor": {Kind: manylinux.KindProcessor},
		"f.so is no ELF library": {Kind: manylinux.KindModule, File: "f.so"}, "f.so does not find L": {Kind: manylinux.KindPath, File: "f.so", Library: "L"}, "f.so does not name L, of which it needs a version": {Kind: manylinux.KindOrphan, File: "f.so", Library: "L"}, "its L lacks V": {Kind: manylinux.KindBundled, Library: "L", Version: "V"},
		"glibc 2.41 and later refuse its executable stack": {Kind: manylinux.KindStack, Before: "2.41"}, "glibc 2.30 and later refuse a file that is odd": {Kind: manylinux.KindHeader, Before: "2.30", Reason: "is odd"}, "loaders refuse a file that is odd": {Kind: manylinux.KindHeader, Reason: "is odd"},
		"no glibc has room for its 9 bytes of static thread-local storage": {Kind: manylinux.KindTLS, Size: 9}, "musl refuses its initial-exec thread-local storage": {Kind: manylinux.KindTLS}, "no release of glibc reads its packed relocations": {Kind: manylinux.KindRelocations},
	} {
		if got := refusalOf(d); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
