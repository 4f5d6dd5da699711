package release

import (
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// described makes a report of "NAME [size=N] [req=D] [code=D] [ext=A,B] [lib=PATH:DIGEST[:EXPORT+EXPORT]]".
func described(line string) *audit.Report {
	words := strings.Fields(line)
	r := &audit.Report{File: words[0]}
	if !strings.HasSuffix(words[0], ".whl") {
		return r
	}
	r.Contents = &audit.Contents{Size: 1000, Requirements: "r", Code: "c"}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "size":
			r.Contents.Size = int64(len(value)) << 20
		case "req":
			r.Contents.Requirements = value
		case "code":
			r.Contents.Code = value
		case "ext":
			r.External = strings.Split(value, ",")
		case "lib":
			parts := strings.Split(value, ":")
			l := audit.Library{Path: parts[0], Name: parts[0][strings.LastIndexByte(parts[0], '/')+1:], Machine: "x86_64", Digest: parts[1]}
			if len(parts) > 2 {
				l.Exports = strings.Split(parts[2], "+")
			}
			r.Contents.Libraries = append(r.Contents.Libraries, l)
		}
	}
	return r
}

// say lists what is said of the releases of some lines, "!" in front of those that are
// known by name only.
func say(t *testing.T, lines, baseline string) []string {
	t.Helper()
	s := NewSet()
	for line := range strings.SplitSeq(lines, ";") {
		s.Add(described(line))
	}
	for line := range strings.SplitSeq(baseline, ";") {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "!"); ok {
			s.AddBaselineName(name, -1)
		} else if line != "" {
			s.AddBaseline(described(line))
		}
	}
	var said []string
	for _, r := range s.Releases(func(string) finding.Severity { return finding.Error }, func(r finding.Rule, _ string) (finding.Severity, bool) { return r.Severity, r.ID != "WT625" }) {
		for _, f := range r.Findings {
			said = append(said, f.Rule+" "+f.Message)
		}
	}
	slices.Sort(said)
	return said
}

// TestReleases has for each rule a release that breaks it and one that nearly does.
func TestReleases(t *testing.T) {
	const (
		x, a, m, w = "-manylinux_2_17_x86_64.whl", "-manylinux_2_17_aarch64.whl", "-macosx_11_0_universal2.whl", "-win_amd64.whl"
		d2, d3     = "d-2-cp312-cp312", "d-2-cp313-cp313"
		b2, b3     = "d-1-cp312-cp312", "d-1-cp313-cp313"
	)
	broken := map[string]bool{"WT625": true} // by another test
	for _, c := range []struct{ what, files, baseline, want string }{
		{"complete", d2 + x + ";" + d2 + a + ";" + d3 + x + ";" + d3 + a, "", ""},
		{"a hole", d2 + x + ";" + d2 + a + ";" + d3 + x, "", "WT620 cp313 has no wheel for manylinux aarch64, for which cp312 has one"},
		{"two holes", d2 + x + ";" + d2 + a + ";" + d2 + w + ";" + d3 + x, "", "WT620 cp313 has no wheel for manylinux aarch64 and win amd64, for which cp312 has one"},
		{"a hole that the stable ABI fills", d2 + x + ";" + d2 + a + ";" + d3 + x + ";d-2-cp39-abi3" + a, "", "WT624 on manylinux aarch64, cp312 has an own wheel, which installers take in place of d-2-cp39-abi3-manylinux_2_17_aarch64.whl"},
		{"a stable ABI that begins later", d2 + x + ";d-2-cp313-abi3" + x, "", ""},
		{"a hole that wheels for any Python fill", d2 + x + ";" + d2 + a + ";" + d3 + x + ";d-2-py3-none-any.whl", "", ""},
		{"other kinds of interpreters are not compared", d2 + x + ";" + d2 + a + ";d-2-cp313-cp313t" + x + ";d-2-pp311-pypy311_pp73" + x, "", ""},
		{"macOS for both machines", d2 + m + ";" + d3 + "-macosx_11_0_arm64.whl;" + d3 + "-macosx_10_13_x86_64.whl", "", ""},
		{"macOS for one of two machines", d2 + m + ";" + d3 + "-macosx_11_0_arm64.whl", "", "WT620 cp313 has no wheel for macosx x86_64, for which cp312 has one"},
		{"requirements", d2 + x + ";" + d2 + a + " req=other;" + d2 + w, "", "WT621 its wheels differ in Requires-Dist, Requires-Python or Provides-Extra: d-2-cp312-cp312-manylinux_2_17_x86_64.whl and d-2-cp312-cp312-manylinux_2_17_aarch64.whl, for example"},
		{"requirements of another release", d2 + x + ";d-3-cp312-cp312" + x + " req=other", "", ""},
		{"Python files", d2 + x + ";" + d2 + a + " code=other", "", "WT622 cp312: the Python files of d-2-cp312-cp312-manylinux_2_17_x86_64.whl are not those of d-2-cp312-cp312-manylinux_2_17_aarch64.whl"},
		{"Python files of another interpreter or system", d2 + x + ";" + d3 + x + " code=other;" + d2 + w + " code=third;" + d3 + w + " code=fourth", "", ""},
		{"floors by interpreter", d2 + x + ";" + d3 + "-manylinux_2_28_x86_64.whl", "", "WT623 its wheels for manylinux x86_64 claim manylinux_2_17 for cp312, manylinux_2_28 for cp313"},
		{"the lowest of a name counts", d2 + x + ";" + d3 + "-manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl", "", ""},
		{"floors by machine", d3 + x + ";" + d3 + "-manylinux_2_28_aarch64.whl", "", "WT623 its wheels for cp313 claim manylinux_2_17 on x86_64, manylinux_2_28 on aarch64"},
		{"floors of machines that begin so", d3 + "-manylinux_2_5_x86_64.whl;" + d3 + a + ";" + d3 + "-manylinux_2_31_riscv64.whl", "", ""},
		{"two builds in a wheel", d2 + x + " lib=a/libz.so.1:1 lib=b/libz.so.1:2;" + d2 + a, "", "WT626 d-2-cp312-cp312-manylinux_2_17_x86_64.whl has two builds of libz.so.1: a/libz.so.1 and b/libz.so.1;WT627 its wheels for manylinux x86_64 have different builds of libz.so.1"},
		{"builds without digests", d2 + x + " lib=a/libz.so.1:1 lib=b/libz.so.1: lib=c/libz.so.1:1;" + d2 + a, "", ""},
		{"one build twice", d2 + x + " lib=a/libz.so.1:1 lib=b/libz.so.1:1;" + d2 + a, "", ""},
		{"two builds in two wheels", d2 + x + " lib=a/libz.so.1:1;" + d3 + x + " lib=a/libz.so.1:2", "", "WT627 its wheels for manylinux x86_64 have different builds of libz.so.1"},
		{"two builds for two machines", d2 + x + " lib=a/libz.so.1:1;" + d2 + a + " lib=a/libz.so.1:2", "", ""},
		{"as before", d2 + x, b2 + x, ""},
		{"a lost machine", d2 + x, b2 + x + ";" + b2 + a, "WT630 cp312 no longer has a wheel for manylinux aarch64; 1 has"},
		{"a lost interpreter, by name", d2 + x, "!" + b2 + x + ";!" + b3 + x, "WT630 cp313 no longer has a wheel for manylinux x86_64; 1 has"},
		{"the stable ABI in place of one", "d-2-cp312-abi3" + x, b2 + x + ";" + b3 + x, ""},
		{"the stable ABI is lost", d2 + x, "d-1-cp39-abi3" + a, "WT630 1 has d-1-cp39-abi3-manylinux_2_17_aarch64.whl, and no wheel here is for the same"},
		{"of two earlier releases the last", d2 + x, "d-0.9-cp312-cp312" + a + ";" + b2 + x + ";d-3-cp312-cp312" + w, ""},
		{"of another project", d2 + x, "e-1-cp312-cp312" + a, ""},
		{"a raised floor", "d-2-cp312-cp312-manylinux_2_28_x86_64.whl", b2 + x, "WT631 its wheels of cp312 for manylinux x86_64 claim manylinux_2_28, 1 manylinux_2_17"},
		{"a lowered floor", d2 + x, "d-1-cp312-cp312-manylinux_2_28_x86_64.whl", ""},
		{"grown", d2 + x + " size=xxxxxx", b2 + x + " size=xxxx", "WT632 d-2-cp312-cp312-manylinux_2_17_x86_64.whl has 6291456 bytes, 50 % more than in 1"},
		{"grown by a quarter", d2 + x + " size=xxxxx", b2 + x + " size=xxxx", ""},
		{"grown, of a small wheel", d2 + x, b2 + "-manylinux_2_17_x86_64.whl", ""},
		{"size not known", d2 + x + " size=xxxxxx", "!" + b2 + x, ""},
		{"a new library from outside", d2 + x + " ext=libfoo.so.1,libbar.so", b2 + x + " ext=libbar.so", "WT633 its wheels for manylinux x86_64 need libfoo.so.1 from outside, those of 1 do not"},
		{"one that is not known to be new", d2 + x + " ext=libfoo.so.1", "!" + b2 + x, ""},
		{"one that is gone", d2 + x, b2 + x + " ext=libbar.so", ""},
		{"a removed symbol", d2 + x + " lib=a/libz.so.1:1:c+d", b2 + x + " lib=a/libz.so.1:2:b+c", "WT634 libz.so.1 of d-2-cp312-cp312-manylinux_2_17_x86_64.whl no longer exports b, as in 1"},
		{"an added symbol", d2 + x + " lib=a/libz.so.1:1:b+c+d", b2 + x + " lib=a/libz.so.1:2:b+c", ""},
		{"symbols that are not known", d2 + x + " lib=a/libz.so.1:1", b2 + x + " lib=a/libz.so.1:2:b+c", ""},
	} {
		for text := range strings.SplitSeq(c.want, ";") {
			id, _, _ := strings.Cut(text, " ")
			broken[id] = true
		}
		if got := strings.Join(say(t, c.files, c.baseline), ";"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
	for r := range finding.Rules() {
		if r.Category == finding.CategoryRelease && !broken[r.ID] {
			t.Errorf("nothing breaks %s", r.ID)
		}
	}
}

// TestNoSdist: only a release of wheels alone lacks a source distribution, and one file is
// no release.
func TestNoSdist(t *testing.T) {
	for files, want := range map[string]int{
		"d-2-cp312-cp312-win_amd64.whl;d-2-cp313-cp313-win_amd64.whl":            1,
		"d-2-cp312-cp312-win_amd64.whl;d-2-cp313-cp313-win_amd64.whl;d-2.tar.gz": 0,
		"d-2-cp312-cp312-win_amd64.whl":                                          0,
		"demo.so;d-2.tar.gz":                                                     0,
	} {
		s := NewSet()
		for name := range strings.SplitSeq(files, ";") {
			s.Add(described(name))
		}
		n := 0
		for _, r := range s.Releases(func(string) finding.Severity { return finding.Note }, func(r finding.Rule, _ string) (finding.Severity, bool) { return r.Severity, true }) {
			for _, f := range r.Findings {
				if f.Rule == "WT625" {
					n++
				}
			}
			if (r.Verdict == finding.Fail) != (len(r.Findings) > 0) {
				t.Errorf("%s: %s with %d findings", files, r.Verdict, len(r.Findings))
			}
		}
		if n != want {
			t.Errorf("%s: %d", files, n)
		}
	}
}
