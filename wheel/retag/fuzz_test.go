package retag

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// FuzzNew: of any archive, there is an error or a wheel that the audit has no error
// about in its archive and RECORD, with the same files, and the same once more.
func FuzzNew(f *testing.F) {
	sound := pack(f, demo(), nil, "")
	f.Add(sound, "", false)
	f.Add(slices.Concat([]byte("#!shell\n"), sound, []byte("\n")), "py312", false)
	f.Add(pack(f, demo(), func(h *zip.FileHeader) { h.Comment, h.ReaderVersion = "hm", 63 }, "signed"), "+py2", true)
	f.Add(pack(f, with(file{dir + "/RECORD", "demo/data.txt,md5=AA,1\n\"x"}), nil, ""), "-py3", true)
	paths, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "wheels", "demo_[abo]*.whl"))
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "", true)
	}
	f.Fuzz(func(t *testing.T, data []byte, python string, force bool) {
		o := Options{Python: python, Force: force}
		r, err := New(t.Context(), bytes.NewReader(data), int64(len(data)), pure, o)
		if err != nil {
			return
		}
		out := content(t, r)
		if _, err := r.Audit(t.Context(), bytes.NewReader(out), o); err != nil {
			return
		}
		checkPayload(t, data, out)
		again, err := New(t.Context(), bytes.NewReader(out), int64(len(out)), r.Filename, Options{Force: force})
		if err != nil || !bytes.Equal(content(t, again), out) || len(again.Changes) > 0 {
			t.Errorf("again: %v, %v", err, again)
		}
	})
}
