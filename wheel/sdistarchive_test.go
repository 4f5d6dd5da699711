package wheel

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tarMembers packs members as they are, each with its PKG-INFO text if it has the name
// of one.
func tarMembers(t testing.TB, members ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range members {
		h.Mode = 0o644
		var content string
		if h.Typeflag == tar.TypeReg && strings.HasSuffix(h.Name, "PKG-INFO") {
			content = pkgInfoText
		}
		h.Size = int64(len(content))
		err := w.WriteHeader(&h)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func problemTexts(list []*Error) []string {
	var texts []string
	for _, p := range list {
		texts = append(texts, string(p.Code)+" "+p.Error())
	}
	return texts
}

// TestSdistProblems: members of tar archives that lead out of the directory or are not
// in it, each next to one that just is.
func TestSdistProblems(t *testing.T) {
	info := tar.Header{Name: "demo-1.0/PKG-INFO", Typeflag: tar.TypeReg}
	file := func(name string) tar.Header { return tar.Header{Name: name, Typeflag: tar.TypeReg} }
	link := func(kind byte, name, target string) tar.Header {
		return tar.Header{Name: name, Linkname: target, Typeflag: kind}
	}
	for _, c := range []struct {
		member tar.Header
		want   []string
	}{
		{file("demo-1.0/a..b"), nil},
		{file("demo-1.0/../a"), []string{`path-leaves demo-1.0/../a: the path has ".."`}},
		{file(`demo-1.0\..\a`), []string{`path-leaves demo-1.0\..\a: the path has ".."`}},
		{file("/demo-1.0/a"), []string{"path-leaves /demo-1.0/a: the path is absolute"}},
		{file("C:/a"), []string{"path-leaves C:/a: the path is absolute"}},
		{file("./demo-1.0/a"), nil},
		{link(tar.TypeDir, "./", ""), nil},
		{file("demo-1.0"), nil},
		{file("DEMO-1/a"), []string{"sdist-directory DEMO-1: is at the top of the archive next to demo-1.0; all files belong in one directory"}},
		{file("demo-1.1/a"), []string{"sdist-directory demo-1.1: is at the top of the archive; all files belong in the directory demo-1.0"}},
		{file("other-1.0/a"), []string{"sdist-directory other-1.0: is at the top of the archive; all files belong in the directory demo-1.0"}},
		{file("setup.py"), []string{"sdist-directory setup.py: is at the top of the archive; all files belong in the directory demo-1.0"}},
		{link(tar.TypeSymlink, "demo-1.0/d/a", "../b"), nil},
		{link(tar.TypeSymlink, "demo-1.0/d/a", ".."), nil},
		{link(tar.TypeSymlink, "./demo-1.0/a", "d/../b"), nil},
		{link(tar.TypeSymlink, "demo-1.0/a", "b"), nil},
		{link(tar.TypeSymlink, "demo-1.0/d/a", "../../b"), []string{`path-leaves demo-1.0/d/a: is a symbolic link to "../../b", which is not in its directory at the top`}},
		{link(tar.TypeSymlink, "demo-1.0/a", "../demo-1.0x"), []string{`path-leaves demo-1.0/a: is a symbolic link to "../demo-1.0x", which is not in its directory at the top`}},
		{link(tar.TypeSymlink, "demo-1.0/a", "/etc/passwd"), []string{`path-leaves demo-1.0/a: is a symbolic link to "/etc/passwd", which is not in its directory at the top`}},
		{link(tar.TypeSymlink, "demo-1.0/a", `C:\x`), []string{`path-leaves demo-1.0/a: is a symbolic link to "C:\\x", which is not in its directory at the top`}},
		{link(tar.TypeLink, "demo-1.0/a", "demo-1.0/PKG-INFO"), nil},
		{link(tar.TypeLink, "demo-1.0/a", "demo-1.0/../../b"), []string{`path-leaves demo-1.0/a: is a hard link to "demo-1.0/../../b": the path has ".."`}},
		{link(tar.TypeLink, "demo-1.0/a", "/b"), []string{`path-leaves demo-1.0/a: is a hard link to "/b": the path is absolute`}},
		{link(tar.TypeFifo, "demo-1.0/a", ""), []string{"special-file demo-1.0/a: is a pipe, not a file"}},
		{link(tar.TypeChar, "demo-1.0/a", ""), []string{"special-file demo-1.0/a: is a device, not a file"}},
		{link(tar.TypeBlock, "demo-1.0/a", ""), []string{"special-file demo-1.0/a: is a device, not a file"}},
		{link(tar.TypeDir, "demo-1.0/a", ""), nil},
		{info, []string{"duplicate-name demo-1.0/PKG-INFO: another member of the archive has this name"}},
		{file("./demo-1.0/PKG-INFO"), []string{"duplicate-name ./demo-1.0/PKG-INFO: another member of the archive has this name"}},
		{file("demo-1.0/demo.egg-info/PKG-INFO"), nil},
	} {
		data := tarMembers(t, info, c.member)
		s, err := ReadSdist(bytes.NewReader(data), int64(len(data)), "demo-1.0.tar")
		if err != nil {
			t.Errorf("%s: %v", c.member.Name, err)
			continue
		}
		if diff := cmp.Diff(c.want, problemTexts(s.Problems)); diff != "" || s.PkgInfo != "demo-1.0/PKG-INFO" || s.Metadata.Name != "demo" {
			t.Errorf("%s to %q: %s %s", c.member.Name, c.member.Linkname, s.PkgInfo, diff)
		}
	}
	// Of members at the top, the whole archive is the directory; what git says of a commit
	// is not a member.
	data := tarMembers(t, link(tar.TypeSymlink, "a", "b/../c"), link(tar.TypeSymlink, "d", "../e"))
	s, err := ReadSdist(bytes.NewReader(data), int64(len(data)), "notes.tar")
	if err != nil || s.Metadata != nil || s.PkgInfo != "" || len(s.Problems) != 1 || s.Problems[0].Path != "d" {
		t.Errorf("%+v, %v", s, err)
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "1"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	b.Write(tarMembers(t, info))
	if s, err = ReadSdist(bytes.NewReader(b.Bytes()), int64(b.Len()), "demo-1.0.tar"); err != nil || len(s.Problems) != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestZipSdistProblems: the same of zip files, with what makes them ambiguous.
func TestZipSdistProblems(t *testing.T) {
	type member struct {
		name string
		mode fs.FileMode
	}
	for _, c := range []struct {
		member
		want []string
	}{
		{member{"demo-1.0/a", 0o644}, nil},
		{member{"demo-1.0/a?", 0o644}, nil}, // a name that Windows does not have is no reason here
		{member{"../a", 0o644}, []string{`path-leaves ../a: the path has ".."`}},
		{member{"other/a", 0o644}, []string{"sdist-directory other: is at the top of the archive; all files belong in the directory demo-1.0"}},
		{member{"demo-1.0/a", fs.ModeSymlink | 0o777}, []string{"special-file demo-1.0/a: is a symbolic link: installers write its target as the text of a file"}},
		{member{"demo-1.0/PKG-INFO", 0o644}, []string{"duplicate-name demo-1.0/PKG-INFO: another member of the archive has this name"}},
		{member{"demo-1.0/a\x00b", 0o644}, []string{`name-nul demo-1.0/a: the name has a NUL: "demo-1.0/a\x00b"`}},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, m := range []member{{"demo-1.0/", fs.ModeDir | 0o755}, {"demo-1.0/PKG-INFO", 0o644}, c.member} {
			h := &zip.FileHeader{Name: m.name}
			h.SetMode(m.mode)
			f, err := w.CreateHeader(h)
			if err == nil && strings.HasSuffix(m.name, "PKG-INFO") {
				_, err = io.WriteString(f, pkgInfoText)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := ReadSdist(bytes.NewReader(b.Bytes()), int64(b.Len()), "demo-1.0.zip")
		if err != nil {
			t.Errorf("%q: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(c.want, problemTexts(s.Problems)); diff != "" || s.Metadata == nil {
			t.Errorf("%q: %s", c.name, diff)
		}
	}
}

// TestCheckSdistName: the file names that PEP 625 demands, and others.
func TestCheckSdistName(t *testing.T) {
	for name, want := range map[string]string{
		"foo_bar-1.0.tar.gz": "", "demo-1.0.post1.tar.gz": "",
		"foo-bar-1.0.tar.gz": "not-normal the name of a source distribution must be foo_bar-1.0.tar.gz",
		"Demo-1.0.tar.gz":    "not-normal the name of a source distribution must be demo-1.0.tar.gz",
		"demo-1.0-1.tar.gz":  "not-normal the name of a source distribution must be demo_1_0-1.tar.gz",
		"demo-1.0.alpha.zip": "not-normal the name of a source distribution must be demo-1.0a0.tar.gz",
		"demo-1.0.zip":       "not-normal the name of a source distribution must be demo-1.0.tar.gz",
		"demo.tar.gz":        `bad-sdist-name "demo.tar.gz" has no version behind a dash; want NAME-VERSION.tar.gz`,
		"demo-1.0-py3-x.whl": `bad-sdist-name "demo-1.0-py3-x.whl" is not the name of a source distribution; want NAME-VERSION.tar.gz`,
	} {
		n, fault := CheckSdistName(name)
		got := ""
		if fault != nil {
			got = string(fault.Code) + " " + fault.Error()
		}
		if got != want || (n.Filename == "") != strings.HasPrefix(want, "bad") {
			t.Errorf("%s: %+v, %s", name, n, got)
		}
	}
}

// TestCompareSdist compares PKG-INFO with a file name.
func TestCompareSdist(t *testing.T) {
	n, _ := CheckSdistName("foo_bar-1.0.tar.gz")
	for _, c := range []struct {
		found            bool
		project, version string
		want             []string
	}{
		{true, "Foo.Bar", "v1.0.0", nil},
		{true, "foo", "1.0", []string{`mismatch PKG-INFO has the project "foo"`}},
		{true, "foo-bar", "1.0+local", []string{`mismatch PKG-INFO has the version "1.0+local"`}},
		{true, "", "one", []string{`mismatch PKG-INFO has the project ""`, `mismatch PKG-INFO has the version "one"`}},
		{false, "", "", []string{"no-pkg-info has no PKG-INFO in a directory at the top"}},
	} {
		if diff := cmp.Diff(c.want, problemTexts(n.Compare(c.found, c.project, c.version))); diff != "" {
			t.Errorf("%+v: %s", c, diff)
		}
	}
}
