package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// sample is an image with one of everything, its layers packed by pack.
func sample(t testing.TB, pack func(testing.TB, []byte) []byte) []byte {
	layer := pack(t, tarOf(t,
		dir("etc"), text("etc/os-release", "ID=x\n"), text("etc/empty", ""),
		dir("usr/lib"), text("usr/lib/libc.so.6", strings.Repeat("libc", 50_000)), soft("lib", "usr/lib"),
		hard("usr/lib/libc.so", "usr/lib/libc.so.6"), soft("etc/localtime", "/usr/share/zoneinfo/UTC"),
		special("dev/null", tar.TypeChar), special("run/pipe", tar.TypeFifo)))
	return dockerSave(t, amd64, layer)
}

func asIs(_ testing.TB, data []byte) []byte { return data }

func TestFS(t *testing.T) {
	// The standard library's test opens everything, links and devices too,
	// which Root does not.
	layer := func(pack func(testing.TB, []byte) []byte) []byte {
		return dockerSave(t, amd64, pack(t, tarOf(t, dir("etc"), text("etc/os-release", "ID=x\n"), text("etc/empty", ""),
			text("usr/lib/libc.so.6", strings.Repeat("libc", 50_000)), hard("b", "etc/os-release"))))
	}
	for name, data := range map[string][]byte{"plain": layer(asIs), "gzip": layer(gz), "zstd": layer(zst), "gzip in gzip": gz(t, layer(gz))} {
		for _, keep := range []func(string) bool{nil, all} {
			t.Run(name, func(t *testing.T) {
				must(t, fstest.TestFS(rootOf(t, data, keep), "etc/os-release", "etc/empty", "usr/lib/libc.so.6", "b"))
			})
		}
	}
}

func TestPathErrors(t *testing.T) {
	r := rootOf(t, sample(t, asIs), nil)
	open := func(name string) error { _, err := r.Open(name); return err }
	lstat := func(name string) error { _, err := r.Lstat(name); return err }
	readlink := func(name string) error { _, err := r.ReadLink(name); return err }
	readdir := func(name string) error { _, err := r.ReadDir(name); return err }
	for name, tt := range map[string]struct {
		err  error
		code Code
		is   error
		word string
	}{
		"absent":                {lstat("etc/nothing"), "", fs.ErrNotExist, "etc/nothing"},
		"absent directory":      {open("no/where"), "", fs.ErrNotExist, ""},
		"below a file":          {lstat("etc/os-release/x"), "", fs.ErrNotExist, ""},
		"other case":            {lstat("ETC"), "", fs.ErrNotExist, ""},
		"absolute":              {lstat("/etc"), "", fs.ErrInvalid, ""},
		"trailing slash":        {lstat("etc/"), "", fs.ErrInvalid, ""},
		"empty":                 {lstat(""), "", fs.ErrInvalid, ""},
		"parent":                {lstat("etc/../etc"), "", fs.ErrInvalid, ""},
		"here":                  {lstat("./etc"), "", fs.ErrInvalid, ""},
		"open a link":           {open("lib"), CodeSymlink, nil, `"usr/lib"`},
		"pass a link":           {open("lib/libc.so.6"), CodeSymlink, nil, `passes "lib", a symbolic link to "usr/lib"`},
		"list a link":           {readdir("lib"), CodeNotDir, nil, ""},
		"list a file":           {readdir("etc/os-release"), CodeNotDir, nil, ""},
		"read a file as a link": {readlink("etc/os-release"), "", fs.ErrInvalid, ""},
		"read nothing as link":  {readlink("x"), "", fs.ErrNotExist, ""},
		"open a device":         {open("dev/null"), CodeSpecial, nil, "dev/null"},
		"open a pipe":           {open("run/pipe"), CodeSpecial, nil, ""},
	} {
		var p *fs.PathError
		if !errors.As(tt.err, &p) {
			t.Errorf("%s: error is %v", name, tt.err)
			continue
		}
		if tt.code != "" {
			wantCode(t, tt.err, tt.code)
		}
		if tt.is != nil && !errors.Is(tt.err, tt.is) || !strings.Contains(tt.err.Error(), tt.word) {
			t.Errorf("%s: error is %v", name, tt.err)
		}
	}
	if _, err := r.Stat("lib"); err != nil {
		t.Error(err)
	}
	d, err := r.Open("etc")
	must(t, err)
	if _, err := d.Read(make([]byte, 1)); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("reading a directory: %v", err)
	}
}

// TestRandomAccess: files are io.ReaderAt and io.Seeker where that is cheap,
// and say nothing of it where it is not.
func TestRandomAccess(t *testing.T) {
	want := strings.Repeat("libc", 50_000)
	only := func(name string) func(string) bool { return func(s string) bool { return s == name } }
	for name, tt := range map[string]struct {
		data   []byte
		keep   func(string) bool
		random bool
	}{
		"plain":                     {sample(t, asIs), nil, true},
		"plain in gzip":             {gz(t, sample(t, asIs)), nil, false},
		"plain in gzip, kept":       {gz(t, sample(t, asIs)), all, true},
		"gzip":                      {sample(t, gz), nil, false},
		"gzip, kept":                {sample(t, gz), only("usr/lib/libc.so.6"), true},
		"gzip, something else kept": {sample(t, gz), only("lib/libc.so.6"), false},
		"zstd":                      {sample(t, zst), nil, false},
		"zstd, kept":                {sample(t, zst), all, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := rootOf(t, tt.data, tt.keep)
			for _, path := range []string{"usr/lib/libc.so.6", "usr/lib/libc.so"} { // two names, one content
				f, err := r.Open(path)
				must(t, err)
				at, isAt := f.(io.ReaderAt)
				seek, isSeek := f.(io.Seeker)
				if isAt != tt.random || isSeek != tt.random {
					t.Fatalf("random access %v %v, want %v", isAt, isSeek, tt.random)
				}
				if tt.random {
					checkRandom(t, at, seek, want)
				}
				body, err := io.ReadAll(f)
				must(t, err)
				if string(body) != want {
					t.Error("content differs")
				}
				must(t, f.Close())
			}
		})
	}
}

func checkRandom(t *testing.T, at io.ReaderAt, seek io.Seeker, want string) {
	t.Helper()
	for _, off := range []int{0, 1, chunkSize - 2, chunkSize, 3*chunkSize - 1, len(want) - 7} {
		buf := make([]byte, 7)
		n, err := at.ReadAt(buf, int64(off))
		if n != 7 || err != nil && err != io.EOF || string(buf) != want[off:off+7] {
			t.Errorf("at %d: %d %v %q", off, n, err, buf)
		}
	}
	if n, err := at.ReadAt(make([]byte, 7), int64(len(want)-3)); n != 3 || err != io.EOF {
		t.Errorf("at the end: %d %v", n, err)
	}
	end, err := seek.Seek(0, io.SeekEnd)
	must(t, err)
	if end != int64(len(want)) {
		t.Errorf("size by Seek is %d", end)
	}
	_, err = seek.Seek(0, io.SeekStart)
	must(t, err)
}

func TestStreamFileClosed(t *testing.T) {
	f, err := rootOf(t, sample(t, gz), nil).Open("etc/os-release")
	must(t, err)
	must(t, f.Close())
	if _, err := f.Read(make([]byte, 1)); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("reading a closed file: %v", err)
	}
	if err := f.Close(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closing a closed file: %v", err)
	}
}

func TestSparse(t *testing.T) {
	data := append(bytes.Clone(oldTars["PAX sparse 1.0"]), endMark...)
	r := rootOf(t, data, all)
	info, err := r.Lstat("real")
	must(t, err)
	if info.Size() != 1000 || !info.Mode().IsRegular() {
		t.Errorf("%v, %d bytes", info.Mode(), info.Size())
	}
	_, err = r.Open("real")
	wantCode(t, err, CodeSparse, "--sparse")
	body, err := fs.ReadFile(r, "b")
	must(t, err)
	if string(body) != "y" {
		t.Errorf("the file after it has %q", body)
	}
}

func TestConcurrentUse(t *testing.T) {
	f := openFile(t, write(t, gz(t, sample(t, zst))))
	r, err := f.Root(amd64, nil)
	must(t, err)
	want := listingOf(t, r)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			r := r
			if i%2 == 0 {
				var err error
				if r, err = f.Root(amd64, nil); err != nil {
					t.Error(err)
					return
				}
			}
			if got := listingOf(t, r); got != want {
				t.Error("listings differ")
			}
		})
	}
	wg.Wait()
}

// listingOf reads every regular file.
func listingOf(t *testing.T, r *Root) string {
	var b strings.Builder
	err := fs.WalkDir(r, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			body, err := fs.ReadFile(r, name)
			if err != nil {
				return err
			}
			b.WriteString(name + ": " + string(body) + "\n")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return b.String()
}
