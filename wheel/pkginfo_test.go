package wheel

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
)

// tarOf packs files, given as name and content in turn.
func tarOf(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		err := w.WriteHeader(&tar.Header{Name: files[i], Mode: 0o644, Size: int64(len(files[i+1])), Typeflag: tar.TypeReg})
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
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

func gzipOf(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const pkgInfoText = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Python: >=3.9\n"

// TestSdistMetadata reads PKG-INFO from the directory at the top, in every kind of
// archive, and says what is wrong with an archive.
func TestSdistMetadata(t *testing.T) {
	plain := tarOf(t, "demo-1.0/setup.py", "x", "demo-1.0/demo.egg-info/PKG-INFO", "Name: wrong\n", "demo-1.0/PKG-INFO", pkgInfoText, "demo-1.0/z.py", strings.Repeat("z", 5000))
	packed := gzipOf(t, plain)
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for _, name := range []string{"demo-1.0/demo.egg-info/PKG-INFO", "demo-1.0/PKG-INFO"} {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, pkgInfoText)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	wrongSum := bytes.Clone(packed)
	wrongSum[len(wrongSum)-8] ^= 1
	for _, tt := range []struct {
		name       string
		data       []byte
		err, whole error // nil if PKG-INFO is read
	}{
		{"demo-1.0.tar.gz", packed, nil, nil},
		{"demo-1.0.tgz", packed, nil, nil},
		{"demo-1.0.tar", plain, nil, nil},
		{"demo-1.0.zip", z.Bytes(), nil, nil},
		{"demo-1.0.tar.gz", gzipOf(t, tarOf(t, "./demo-1.0/PKG-INFO", pkgInfoText)), nil, nil},
		{"demo-1.0.tar.gz", wrongSum, nil, gzip.ErrChecksum},
		{"demo-1.0.tar.gz", packed[:len(packed)-20], nil, io.ErrUnexpectedEOF},
		{"demo-1.0.tar.gz", packed[:20], io.ErrUnexpectedEOF, io.ErrUnexpectedEOF},
		{"demo-1.0.tar.gz", []byte("x"), io.ErrUnexpectedEOF, io.ErrUnexpectedEOF},
		{"demo-1.0.tar.gz", []byte("this is text, and no archive"), gzip.ErrHeader, gzip.ErrHeader},
		{"demo-1.0.tar.gz", gzipOf(t, tarOf(t, "PKG-INFO", pkgInfoText, "a/b/PKG-INFO", pkgInfoText)), ErrNoPkgInfo, ErrNoPkgInfo},
		{"demo-1.0.zip", packed, ErrNotZip, ErrNotZip},
		{"demo-1.0.tar.xz", packed, ErrSdistArchive, ErrSdistArchive},
	} {
		for _, read := range []struct {
			name string
			f    func(io.ReaderAt, int64, string) (*Metadata, error)
			want error
		}{{"SdistMetadata", SdistMetadata, tt.err}, {"CheckSdist", CheckSdist, tt.whole}} {
			m, err := read.f(bytes.NewReader(tt.data), int64(len(tt.data)), tt.name)
			if !errors.Is(err, read.want) || (err == nil) != (read.want == nil) {
				t.Errorf("%s %s of %d bytes: %v, want %v", read.name, tt.name, len(tt.data), err, read.want)
			}
			if err == nil && (m.Name != "demo" || m.Version != "1.0" || m.RequiresPython != ">=3.9") {
				t.Errorf("%s %s: %+v", read.name, tt.name, m)
			}
		}
	}
}

// FuzzSdistMetadata: any bytes give PKG-INFO or an error.
func FuzzSdistMetadata(f *testing.F) {
	plain := tarOf(f, "demo-1.0/PKG-INFO", pkgInfoText)
	f.Add(plain, "a-1.tar")
	f.Add(gzipOf(f, plain), "a-1.tar.gz")
	f.Add([]byte("PK\x05\x06"+strings.Repeat("\x00", 18)), "a-1.zip")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		for _, read := range []func(io.ReaderAt, int64, string) (*Metadata, error){SdistMetadata, CheckSdist} {
			if m, err := read(bytes.NewReader(data), int64(len(data)), name); (m == nil) == (err == nil) {
				t.Fatal(m, err)
			}
		}
		s, err := ReadSdist(bytes.NewReader(data), int64(len(data)), name)
		if (s == nil) == (err == nil) || s != nil && ((s.Metadata == nil) != (s.PkgInfo == "") || len(s.Problems) > maxProblems) {
			t.Fatal(s, err)
		}
	})
}
