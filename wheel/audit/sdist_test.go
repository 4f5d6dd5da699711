package audit

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

const sdistInfo = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"

// writeSdist packs files, given as path and content in turn; a content that begins with
// "->" makes a symbolic link.
func writeSdist(t *testing.T, name string, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for i := 0; i < len(files); i += 2 {
		h := &tar.Header{Name: files[i], Mode: 0o644, Typeflag: tar.TypeReg}
		content := files[i+1]
		if target, ok := strings.CutPrefix(content, "->"); ok {
			h.Typeflag, h.Linkname, content = tar.TypeSymlink, target, ""
		}
		h.Size = int64(len(content))
		err := w.WriteHeader(h)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSdist: each rule about source distributions, next to one in which nothing is wrong.
func TestSdist(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []string
		want  []string
	}{
		{"demo-1.0.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo, "demo-1.0/d/a", "->../b", "demo-1.0/a.so", "\x7fELF"}, nil},
		{"demo-1.0.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo, "demo-1.0/a", "->../b"}, []string{`WT417 error demo-1.0/a: is a symbolic link to "../b", which is not in its directory at the top`}},
		{"demo-1.0.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo, "../a", "", "../b", ""}, []string{`WT417 error ../a: the path has ".."`, `WT417 error ../b: the path has ".."`}},
		{"demo-1.0.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo, "demo-1.0/PKG-INFO", sdistInfo}, []string{"WT414 error demo-1.0/PKG-INFO: another member of the archive has this name"}},
		{"demo-1.0.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo, "a", ""}, []string{"WT448 warning a: is at the top of the archive; all files belong in the directory demo-1.0"}},
		{"demo-1.0.tar.gz", []string{"demo-1.0/demo.egg-info/PKG-INFO", sdistInfo}, []string{"WT608 warning : has no PKG-INFO in a directory at the top"}},
		{"demo-1.1.tar.gz", []string{"demo-1.1/PKG-INFO", sdistInfo}, []string{`WT420 error : PKG-INFO has the version "1.0"`}},
		{"other-1.0.tar.gz", []string{"other-1.0/PKG-INFO", sdistInfo}, []string{`WT420 error : PKG-INFO has the project "demo"`}},
		{"Demo-1.0.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo}, []string{"WT102 warning : the name of a source distribution must be demo-1.0.tar.gz"}},
		{"demo.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo}, []string{`WT108 warning : "demo.tar.gz" has no version behind a dash; want NAME-VERSION.tar.gz`}},
		{"demo.tar.gz", []string{"demo/a", ""}, []string{`WT108 warning : "demo.tar.gz" has no version behind a dash; want NAME-VERSION.tar.gz`, "WT608 warning : has no PKG-INFO in a directory at the top"}},
		{"demo-1.0.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo + "Summary: \xff\nno field\n"}, []string{"WT445 error demo-1.0/PKG-INFO: is not UTF-8", `WT444 warning demo-1.0/PKG-INFO: a line is no field and ends them: "no field"`}},
		{"demo-1.0.tar.gz", []string{"demo-1.0/PKG-INFO", sdistInfo + "Requires-Python: three\nRequires-Dist: a @ https://example.org/a.zip\n"}, []string{
			`WT455 error demo-1.0/PKG-INFO: Requires-Dist "a @ https://example.org/a.zip" is a direct reference`, `WT421 warning demo-1.0/PKG-INFO: Requires-Python "three" is not a list of version specifiers`}},
	} {
		s, err := New(Options{}).Open(t.Context(), writeSdist(t, c.name, c.files...))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		r := s.Report()
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Rule+" "+f.Severity.String()+" "+f.File+": "+f.Message)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if !s.Sdist || s.Bare || !r.Sdist || r.File != c.name || r.PlatformTag != "" || r.Auditwheel != nil || len(r.ELF) != 0 {
			t.Errorf("%s: %+v", c.name, r)
		}
		if want := finding.Judge(r.Findings, finding.Error); r.Verdict != want || c.want == nil && want != finding.Pass {
			t.Errorf("%s: %s, want %s", c.name, r.Verdict, want)
		}
		data, err := json.Marshal(r)
		if err != nil || !strings.Contains(string(data), `"sdist":true,"claimed":[],"platform_tag":""`) {
			t.Errorf("%s, %v", data, err)
		}
	}
}

// TestSdistUnread: a source distribution without an answer.
func TestSdistUnread(t *testing.T) {
	whole := writeSdist(t, "demo-1.0.tar.gz", "demo-1.0/PKG-INFO", sdistInfo)
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cut, xz := filepath.Join(dir, "demo-1.0.tar.gz"), filepath.Join(dir, "demo-1.0.tar.xz")
	if err := errors.Join(os.WriteFile(cut, data[:len(data)-4], 0o644), os.WriteFile(xz, data, 0o644)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{cut: io.ErrUnexpectedEOF, xz: wheel.ErrSdistArchive, filepath.Join(dir, "gone-1.0.zip"): os.ErrNotExist} {
		if r, err := File(t.Context(), path); r != nil || !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := File(ctx, whole); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
