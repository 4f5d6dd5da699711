package wheel

import (
	"archive/zip"
	"bytes"
	"testing"
)

// file is a member of a test's archive.
type file struct{ name, content string }

// pack makes an archive.
func pack(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = w.Write([]byte(f.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// open opens an archive in memory.
func open(t testing.TB, data []byte) *Archive {
	t.Helper()
	a, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// distInfo opens the *.dist-info directory of an archive.
func distInfo(t testing.TB, files ...file) *DistInfo {
	t.Helper()
	d, err := open(t, pack(t, files...)).DistInfo()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// codes are the codes of errors.
func codes(list []*Error) []Code {
	codes := []Code{}
	for _, e := range list {
		codes = append(codes, e.Code)
	}
	return codes
}
