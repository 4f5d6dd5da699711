package audit

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"testing"
)

// packed is a member of an archive.
type packed struct {
	name    string
	content []byte
	mode    fs.FileMode
}

// archiveOf writes an archive of members in an order, without adding any.
func archiveOf(t *testing.T, members []packed) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		header := zip.FileHeader{Name: m.name, Method: zip.Deflate}
		header.SetMode(m.mode)
		w, err := z.CreateHeader(&header)
		if err == nil {
			_, err = w.Write(m.content)
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
