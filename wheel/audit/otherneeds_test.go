package audit

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
)

// library is a Mach-O library with "needs; run paths", a weak need with W: in front.
func library(machine, line string) []byte {
	needs, paths, _ := strings.Cut(line, ";")
	b := machoBytes(machine, dylibMachO, 1, 11<<16)
	command := func(cmd, fixed uint32, name string) {
		body := append([]byte(name), make([]byte, 8-len(name)%8)...)
		for _, w := range []uint32{cmd, fixed + uint32(len(body)), fixed} {
			b = binary.LittleEndian.AppendUint32(b, w)
		}
		b = append(b, make([]byte, fixed-12)...)
		b = append(b, body...)
		binary.LittleEndian.PutUint32(b[16:], binary.LittleEndian.Uint32(b[16:])+1)
		binary.LittleEndian.PutUint32(b[20:], binary.LittleEndian.Uint32(b[20:])+fixed+uint32(len(body)))
	}
	for name := range strings.FieldsSeq(needs) {
		if weak, ok := strings.CutPrefix(name, "W:"); ok {
			command(0x80000018, 24, weak)
		} else {
			command(0xc, 24, name)
		}
	}
	for dir := range strings.FieldsSeq(paths) {
		command(0x8000001c, 12, dir)
	}
	return b
}

// subjectOf is a wheel with Mach-O or PE files.
func subjectOf(t *testing.T, platform string, files map[string][]byte) *Subject {
	t.Helper()
	s := &Subject{Claims: []tags.PlatformTag{tags.ParsePlatformTag(platform)}, ELF: linkset.New(nil)}
	for name, data := range files {
		f := binaryFile{path: name}
		if f.facts, f.err = binfile.Read(bytes.NewReader(data), int64(len(data))); f.err != nil {
			t.Fatal(name, f.err)
		}
		s.content.binaries = append(s.content.binaries, f)
	}
	slices.SortFunc(s.content.binaries, func(a, b binaryFile) int { return strings.Compare(a.path, b.path) })
	return s
}

// TestLibrariesOfMacOS: what a Mach-O file needs from outside, as a fixture for each rule
// and what just does not trigger it.
func TestLibrariesOfMacOS(t *testing.T) {
	for _, c := range []struct {
		what  string
		files map[string]string
		want  string
	}{
		{"the system's own", map[string]string{"m.so": "/usr/lib/libSystem.B.dylib /System/Library/Frameworks/X.framework/X"}, ""},
		{"Homebrew's", map[string]string{"m.so": "/opt/homebrew/lib/liba.dylib"}, "WT202 m.so /opt/homebrew/lib/liba.dylib"},
		{"almost the system's", map[string]string{"m.so": "/usr/local/lib/liba.dylib"}, "WT202 m.so /usr/local/lib/liba.dylib"},
		{"of a plug-in", map[string]string{"plugin.dylib": "/usr/local/lib/liba.dylib"}, "foreign-library plugin.dylib /usr/local/lib/liba.dylib"},
		{"of a library that is needed", map[string]string{"m.so": "@loader_path/l.dylib", "l.dylib": "/usr/local/lib/liba.dylib"}, "WT202 l.dylib /usr/local/lib/liba.dylib"},
		{"weakly linked", map[string]string{"m.so": "W:/opt/homebrew/lib/liba.dylib"}, ""},
		{"by an absolute path, though the wheel has it", map[string]string{"m.so": "/opt/lib/liba.dylib", "p/liba.dylib": ""}, "WT214 m.so /opt/lib/liba.dylib"},
		{"next to the file", map[string]string{"p/m.so": "@loader_path/../l/liba.dylib", "l/liba.dylib": ""}, ""},
		{"not next to it", map[string]string{"p/m.so": "@loader_path/l/liba.dylib", "l/liba.dylib": ""}, "WT214 p/m.so @loader_path/l/liba.dylib"},
		{"of another wheel", map[string]string{"p/m.so": "@loader_path/../q/liba.dylib"}, "foreign-library p/m.so @loader_path/../q/liba.dylib"},
		{"by a run path", map[string]string{"p/m.so": "@rpath/liba.dylib; /opt/lib @loader_path/../l", "l/liba.dylib": ""}, ""},
		{"by that of the file that leads there", map[string]string{"p/m.so": "@rpath/liba.dylib; @loader_path/../l", "l/liba.dylib": "@rpath/libb.dylib", "l/libb.dylib": ""}, ""},
		{"by no run path", map[string]string{"p/m.so": "@rpath/liba.dylib; @loader_path/x", "l/liba.dylib": ""}, "WT214 p/m.so @rpath/liba.dylib"},
		{"that no wheel has", map[string]string{"p/m.so": "@rpath/liba.dylib; @loader_path/../l"}, "foreign-library p/m.so @rpath/liba.dylib"},
		{"Python's framework", map[string]string{"m.so": "/Library/Frameworks/Python.framework/Versions/3.11/Python"}, "WT212 m.so /Library/Frameworks/Python.framework/Versions/3.11/Python"},
		{"installed from the data directory", map[string]string{"p/m.so": "@loader_path/liba.dylib", "d-1.data/platlib/p/liba.dylib": ""}, ""},
	} {
		files := map[string][]byte{}
		for name, line := range c.files {
			files[name] = library("arm64", line)
		}
		var got []string
		for _, f := range subjectOf(t, "macosx_11_0_arm64", files).check() {
			rule := f.Rule
			if f.Severity.String() == "warning" && rule != "WT212" {
				rule = "foreign-library"
			}
			got = append(got, rule+" "+f.File+" "+f.Library)
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s: %q, want %q", c.what, text, c.want)
		}
	}
}

// TestLibrariesOfWindows: names that Windows, Python or the wheel has, in any case, and
// others.
func TestLibrariesOfWindows(t *testing.T) {
	n := neighbours{bases: map[string]string{"liba.dll": "p/liba.dll"}}
	for name, want := range map[string]string{
		"KERNEL32.dll": "", "api-ms-win-crt-runtime-l1-1-0.dll": "", "ext-ms-win-x.dll": "", "WINSPOOL.DRV": "", "msvcrt.dll": "", "ucrtbase.dll": "",
		"python3.dll": "", "python311.dll": "", "python313t.dll": "", "python311_d.dll": "", "VCRUNTIME140.dll": "", "vcruntime140_1.dll": "", "libpypy3.10-c.dll": "",
		"LibA.dll":     "",
		"MSVCP140.dll": "needs MSVCP140.dll of the Visual C++ Redistributable, which neither Windows nor Python brings along; it is not in the wheel",
		"vcomp140.dll": "needs vcomp140.dll of the Visual C++ Redistributable, which neither Windows nor Python brings along; it is not in the wheel",
		"libb.dll":     "needs libb.dll, which neither Windows, Python nor the wheel has", "python.dll": "needs python.dll, which neither Windows, Python nor the wheel has",
		"kernel33.dll": "needs kernel33.dll, which neither Windows, Python nor the wheel has",
	} {
		if got := n.dll(name); got.message != want || (got.rule == "foreign-library") != (want != "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if n := len(windowsLibraries()); n < 1000 {
		t.Errorf("%d libraries of Windows", n)
	}
}

// TestOtherTags: the tag that the files of a wheel for macOS or Windows qualify for.
func TestOtherTags(t *testing.T) {
	mac := func(machine string, major, minor uint32) []byte { return macho(machine, 1, major, minor) }
	module, program := peBytes(amd64PE, dllPE), peBytes(x86PE, programPE)
	for _, c := range []struct {
		what, claims string
		files        [][]byte
		want         string
	}{
		{"as it claims", "macosx_11_0_arm64", [][]byte{mac("arm64", 11, 0)}, "macosx_11_0_arm64"},
		{"the newest file counts", "macosx_10_9_x86_64", [][]byte{mac("x86_64", 10, 9), mac("x86_64", 10, 13)}, "macosx_10_13_x86_64"},
		{"both machines", "macosx_11_0_universal2", [][]byte{fatBytes(mac("x86_64", 10, 9), mac("arm64", 11, 0))}, "macosx_10_9_universal2"},
		{"both machines in a wheel for one", "macosx_11_0_arm64", [][]byte{fatBytes(mac("x86_64", 10, 9), mac("arm64", 11, 0))}, "macosx_11_0_arm64"},
		{"one machine in a wheel for both", "macosx_11_0_universal2", [][]byte{mac("arm64", 12, 0)}, "macosx_12_0_arm64"},
		{"a newer system on arm64", "macosx_10_9_universal2", [][]byte{fatBytes(mac("x86_64", 10, 9), mac("arm64", 12, 0))}, "macosx_12_0_universal2"},
		{"a minor number", "macosx_14_4_arm64", [][]byte{mac("arm64", 14, 4)}, "macosx_14_0_arm64"},
		{"an object file says nothing", "macosx_11_0_arm64", [][]byte{mac("arm64", 11, 0), machoBytes("arm64", objectMachO, 1, 14<<16)}, "macosx_11_0_arm64"},
		{"no machine in common", "macosx_11_0_universal2", [][]byte{mac("arm64", 11, 0), mac("x86_64", 10, 9)}, ""},
		{"Windows", "win_amd64", [][]byte{module, program}, "win_amd64"},
		{"another machine", "win_arm64", [][]byte{module}, "win_amd64"},
		{"two machines", "win_amd64", [][]byte{module, peBytes(arm64PE, dllPE)}, ""},
		{"32 bits", "win_amd64", [][]byte{peBytes(x86PE, dllPE)}, "win32"},
		{"no native code", "win_amd64", nil, ""},
	} {
		files := map[string][]byte{}
		for i, data := range c.files {
			files[string(rune('a'+i))+".so"] = data
		}
		s := subjectOf(t, c.claims, files)
		s.Filename = "demo-1.0-cp311-cp311-" + c.claims + ".whl"
		r := s.Report()
		if r.PlatformTag != c.want || (r.FloorTag != c.want) {
			t.Errorf("%s: %q, want %q", c.what, r.PlatformTag, c.want)
		}
		if c.want == "" {
			continue
		}
		sentence := Explain(r).Sentence
		start := "This is " + c.want + ", as it claims"
		if c.want != c.claims {
			start = "This is " + c.want + "; it claims " + c.claims
		}
		if !strings.HasPrefix(sentence, start) {
			t.Errorf("%s: %s", c.what, sentence)
		}
	}
}
