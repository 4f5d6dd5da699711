package loader

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// disk is a file system that counts its open files and lists directories backwards.
type disk struct {
	fstest.MapFS
	refuse map[string]error // opening these files or directories fails
	broken map[string]bool  // reading these files or directories fails
	serial bool             // files are read from their start to their end
	huge   string           // a file that is said to be too large for memory
	opened *int
}

var errDisk = errors.New("the disk is broken")

func (d disk) Open(name string) (fs.File, error) {
	if err := d.refuse[name]; err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	f, err := d.MapFS.Open(name)
	if err != nil {
		return nil, err
	}
	*d.opened++
	h := handle{f, d.broken[name], d.opened}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return listing{h}, nil
	}
	if d.serial {
		return h, nil
	}
	return random{h}, nil
}

func (d disk) Lstat(name string) (fs.FileInfo, error) {
	info, err := d.MapFS.Lstat(name)
	if err == nil && name == d.huge {
		info = hugeInfo{info}
	}
	return info, err
}

type hugeInfo struct{ fs.FileInfo }

func (hugeInfo) Size() int64 { return maxMemory + 1 }

type handle struct {
	fs.File
	broken bool
	opened *int
}

func (h handle) Close() error { *h.opened--; return h.File.Close() }

func (h handle) Read(p []byte) (int, error) {
	if h.broken {
		return 0, errDisk
	}
	return h.File.Read(p)
}

type random struct{ handle }

func (r random) ReadAt(p []byte, at int64) (int, error) {
	if r.broken {
		return 0, errDisk
	}
	return r.File.(interface {
		ReadAt([]byte, int64) (int, error)
	}).ReadAt(p, at)
}

type listing struct{ handle }

func (l listing) ReadDir(n int) ([]fs.DirEntry, error) {
	if l.broken {
		return nil, errDisk
	}
	list, err := l.File.(fs.ReadDirFile).ReadDir(n)
	slices.Reverse(list)
	return list, err
}

// newDisk makes a disk of texts; "-> target" is a link, "elf" a library.
func newDisk(t *testing.T, files map[string]string) disk {
	t.Helper()
	d := disk{MapFS: fstest.MapFS{}, refuse: map[string]error{}, broken: map[string]bool{}, opened: new(int)}
	for name, text := range files {
		f := &fstest.MapFile{Data: []byte(text)}
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			f = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink}
		} else if text == "elf" {
			f.Data = elftest.Spec{}.Bytes()
		}
		d.MapFS[name] = f
	}
	t.Cleanup(func() {
		if *d.opened != 0 {
			t.Errorf("%d files stay open", *d.opened)
		}
	})
	return d
}

// TestOpen: a file is read in place, or through memory where it has no random access;
// what is not there or no regular file has an error that names it.
func TestOpen(t *testing.T) {
	d := newDisk(t, map[string]string{"a": "content", "lib/x": "elf", "lib/y": "elf", "lib/z": "elf"})
	d.huge = "lib/x"
	d.MapFS["pipe"] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
	d.refuse["lib/y"] = fs.ErrPermission
	for _, serial := range []bool{false, true} {
		d.serial = serial
		over := Over(NewTree(d))
		r, size, done, err := over.Open("a")
		if err != nil || size != 7 {
			t.Fatal(size, err)
		}
		b := make([]byte, 4)
		if _, err := r.ReadAt(b, 3); err != nil || string(b) != "tent" {
			t.Errorf("serial %v: %q, %v", serial, b, err)
		}
		if done(); *d.opened != 0 {
			t.Errorf("serial %v: %d files stay open", serial, *d.opened)
		}
		if r, size, done, err = over.Open("lib/x"); serial {
			if err == nil || err.Error() != "read lib/x: too large to be kept in memory" || size != 0 || r != nil {
				t.Errorf("a large file: %d, %v", size, err)
			}
		} else if done(); size != maxMemory+1 {
			t.Errorf("a large file: %d, %v", size, err)
		}
		f, err := over.ELF("lib/z")
		if again, _ := over.ELF("lib/z"); err != nil || f == nil || again != f {
			t.Errorf("%v, not read once", err)
		}
		for name, want := range map[string]string{
			"lib": "open lib: not a regular file", "pipe": "open pipe: not a regular file", "lib/y": "open lib/y: permission denied", "none": "lstat none: file does not exist",
		} {
			if _, size, _, err := over.Open(name); err == nil || err.Error() != want || size != 0 {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
			if f, err := over.ELF(name); err == nil || err.Error() != want || f != nil {
				t.Errorf("ELF file %s: %v, want %s", name, err, want)
			}
		}
	}
	d.serial, d.broken["a"] = true, true
	if _, _, _, err := NewTree(d).Open("a"); !errors.Is(err, errDisk) {
		t.Error(err)
	}
	if _, size, _, err := NewTree(nil).Open("a"); err == nil || err.Error() != "open a: file does not exist" || size != 0 {
		t.Error(err)
	}
}

// TestResolve: links are followed from where they are or from the root, as many as the
// kernel follows, and a path that breaks off says where.
func TestResolve(t *testing.T) {
	d := newDisk(t, map[string]string{"usr/lib/x": "elf", "lib": "-> usr/lib", "deep/up": "-> ../lib/x", "deep/abs": "-> /usr/lib", "deep/root": "-> /", "circle": "-> circle", "l0": "-> usr/lib/x"})
	for i := range maxLinks {
		d.MapFS["l"+string(rune('A'+i))] = &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("l" + string(rune('A'+i-1)))}
	}
	d.MapFS["lA"] = d.MapFS["l0"]
	tree := NewTree(d)
	for name, want := range map[string]string{
		"lib/x": "usr/lib/x", "/deep/up": "usr/lib/x", "deep/abs/./x": "usr/lib/x", "deep//root": ".", "deep/root/usr": "usr", "/": ".", "..": ".",
		"l" + string(rune('A'+maxLinks-1)): "usr/lib/x",
		"lib/none/z":                       "usr/lib/none: lstat usr/lib/none: file does not exist",
		"lib/x/z":                          "usr/lib/x: resolve lib/x/z: file does not exist",
		"lib/x/..":                         "usr/lib/x: resolve lib/x/..: file does not exist",
		"circle":                           "circle: resolve circle: too many links",
	} {
		place, info, err := tree.Resolve(name)
		if err != nil {
			place += ": " + err.Error()
		} else if info.Mode()&fs.ModeSymlink != 0 {
			t.Errorf("%s is a link", name)
		}
		if place != want {
			t.Errorf("%s: %q, want %q", name, place, want)
		}
	}
	d.MapFS["more"] = &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("l" + string(rune('A'+maxLinks-1)))}
	if place, _, err := tree.Resolve("more"); !errors.Is(err, ErrLinks) || place != "lA" {
		t.Errorf("%d links: %q, %v", maxLinks+1, place, err)
	}
}

// TestPut: what is put into a tree has directories that lead to it and never replaces
// what is needed for others.
func TestPut(t *testing.T) {
	tree := NewTree(nil)
	bad := errors.New("cut off")
	if err := tree.Put("/usr/lib/a", nil, bad); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]fs.FileMode{"/usr": fs.ModeDir | 0o755, "usr/lib/": fs.ModeDir | 0o755, "usr/lib/a": 0o755} {
		if _, info, err := tree.Resolve(name); err != nil || info.Mode() != mode || info.Size() != 0 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if f, err := tree.ELF("usr/lib/a"); f != nil || err != bad {
		t.Errorf("%v, %v", f, err)
	}
	for name, want := range map[string]string{"/usr/lib/a": "create /usr/lib/a: file already exists", "/usr/lib/a/x": "resolve /usr/lib/a/x: file does not exist"} {
		if err := tree.PutDirectory(name); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		if err := tree.Put(name+"/y", &elfaudit.File{}, nil); err == nil {
			t.Errorf("a file is put below %s", name)
		}
	}
}
