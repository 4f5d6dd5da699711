package loader_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// place is a real loader: of this machine, or of a root that internal/tools/roots made.
type place struct {
	root     string // "/" or a directory below WHEELTAG_ROOTS
	machine  string // as in the names of wheels and of qemu's programs
	loader   string
	emulator string
}

func (p place) musl() bool { return strings.HasPrefix(path.Base(p.loader), "ld-musl-") }

func places() []place {
	var list []place
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		list = append(list, place{"/", "x86_64", "/lib64/ld-linux-x86-64.so.2", ""}, place{"/", "x86_64", "/lib/ld-musl-x86_64.so.1", ""})
	}
	roots := os.Getenv("WHEELTAG_ROOTS")
	if roots == "" {
		return list
	}
	for _, p := range []place{
		{"bookworm-amd64", "x86_64", "/lib64/ld-linux-x86-64.so.2", ""}, {"bookworm-i386", "i686", "/lib/ld-linux.so.2", "i386"},
		{"bookworm-arm64", "aarch64", "/lib/ld-linux-aarch64.so.1", "aarch64"}, {"bookworm-armhf", "armv7l", "/lib/ld-linux-armhf.so.3", "arm"},
		{"bookworm-s390x", "s390x", "/lib/ld64.so.1", "s390x"}, {"bookworm-ppc64el", "ppc64le", "/lib64/ld64.so.2", "ppc64le"},
		{"trixie-riscv64", "riscv64", "/lib/ld-linux-riscv64-lp64d.so.1", "riscv64"}, {"musl-arm64", "aarch64", "/lib/ld-musl-aarch64.so.1", "aarch64"},
	} {
		if p.emulator == "" && (runtime.GOARCH != "amd64" || os.Geteuid() != 0) {
			continue // only root can make it the root of a process
		}
		p.root = filepath.Join(roots, p.root)
		list = append(list, p)
	}
	return list
}

// TestRealLoaders unpacks published wheels and compares what is found for each of their
// shared libraries with what the loaders of glibc (as ldd
// asks them) and musl ("--list") print.
func TestRealLoaders(t *testing.T) {
	wheels, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "wheels", "*.whl"))
	if err != nil || len(wheels) == 0 {
		t.Skip("the folder of real wheels is not there")
	}
	if testing.Short() {
		t.Skip("takes a minute")
	}
	compared := map[string]bool{}
	for _, p := range places() {
		t.Run(filepath.Base(p.root)+path.Dir(p.loader)+"/"+path.Base(p.loader), func(t *testing.T) {
			if _, err := os.Stat(filepath.Join(p.root, p.loader)); err != nil {
				t.Skip(err)
			}
			objects := 0
			for _, wheel := range wheels {
				name := filepath.Base(wheel)
				if !strings.Contains(name, "_"+p.machine+".") || strings.Contains(name, "-musllinux") != p.musl() {
					continue
				}
				if n := p.compare(t, wheel); n > 0 {
					objects += n
					compared[name] = true
				}
			}
			t.Logf("%d files", objects)
		})
	}
	t.Logf("%d wheels compared", len(compared))
}

// compare compares the files of one wheel and returns how many there are.
func (p place) compare(t *testing.T, wheel string) int {
	dir := t.TempDir()
	if p.root != "/" {
		var err error
		if dir, err = os.MkdirTemp(p.root, "wheel"); err != nil {
			t.Skip(err)
		}
		defer os.RemoveAll(dir)
	}
	root, err := os.OpenRoot(p.root)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	tree := loader.NewTree(root.FS().(fs.ReadLinkFS))
	count := 0
	for _, file := range unpack(t, wheel, dir) {
		f, err := elfaudit.ReadFile(file)
		if err != nil || f.Kind != elfaudit.KindSharedObject {
			continue
		}
		want, err := p.list(file)
		if err != nil {
			t.Logf("%s: %v", file, err)
			continue
		}
		inside := file
		if p.root != "/" {
			inside = strings.TrimPrefix(file, p.root)
		}
		got, err := p.ours(tree, f, inside)
		if err != nil {
			t.Errorf("%s %s: %v", filepath.Base(wheel), inside, err)
			continue
		}
		for i := range want {
			if p.root != "/" {
				want[i] = strings.ReplaceAll(want[i], p.root, "")
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s (-real +ours):\n%s", filepath.Base(wheel), inside, diff)
		}
		count++
	}
	return count
}

// ours lists "name => path" for everything that is loaded for a file.
func (p place) ours(tree *loader.Tree, f *elfaudit.File, file string) ([]string, error) {
	like := *f
	like.Interpreter = p.loader
	process := loader.For(tree, &like, f.MachineTag()).Start()
	if _, err := process.Open(file, nil); err != nil {
		return nil, err
	}
	var list []string
	for _, o := range process.Objects {
		for i := range o.Needs {
			switch n := &o.Needs[i]; {
			case n.Missing():
				list = append(list, n.Name+" => not found")
			case n.Object != nil && n.Rule != loader.RuleLoader:
				list = append(list, n.Name+" => "+n.Object.Path)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// list asks the real loader.
func (p place) list(file string) ([]string, error) {
	args := []string{p.loader, file}
	var attributes *syscall.SysProcAttr
	switch {
	case p.root == "/":
	case p.emulator == "":
		attributes = &syscall.SysProcAttr{Chroot: p.root}
		args[1] = strings.TrimPrefix(file, p.root)
	default:
		args = []string{"qemu-" + p.emulator + "-static", "-L", p.root, filepath.Join(p.root, p.loader), file}
	}
	if p.musl() {
		args = slices.Insert(args, len(args)-1, "--list")
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env, cmd.SysProcAttr = []string{"LANG=C", "LD_TRACE_LOADED_OBJECTS=1"}, attributes
	var messages bytes.Buffer
	cmd.Stderr = &messages
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	var list []string
	for line := range strings.Lines(string(out) + messages.String()) {
		line = strings.TrimSpace(line)
		if lost, ok := strings.CutPrefix(line, "Error loading shared library "); ok { // of musl
			name, _, _ := strings.Cut(lost, ": ")
			list = append(list, name+" => not found")
			continue
		}
		if path.IsAbs(line) && !strings.Contains(line, " => ") && strings.Contains(line, " (0x") { // named by its path
			line = line[:strings.Index(line, " (0x")] + " => " + line
		}
		name, rest, ok := strings.Cut(line, " => ")
		if !ok {
			continue
		}
		found, _, _ := strings.Cut(rest, " (0x")
		if found != file && path.Base(found) != path.Base(p.loader) && found != "ldqemu" && found != "ld.so" {
			list = append(list, name+" => "+found)
		}
	}
	slices.Sort(list)
	// Symbols that Python would have are missing everywhere; musl says so of each.
	if first, _, _ := strings.Cut(messages.String(), "\n"); len(list) == 0 && err != nil && !strings.HasPrefix(first, "Error relocating") {
		return nil, fmt.Errorf("%v: %s", err, first)
	}
	return slices.Compact(list), nil
}

// unpack writes a wheel out and names its shared libraries.
func unpack(t *testing.T, wheel, dir string) (files []string) {
	t.Helper()
	z, err := zip.OpenReader(wheel)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, m := range z.File {
		name := filepath.Join(dir, m.Name)
		if strings.HasSuffix(m.Name, "/") || !filepath.IsLocal(m.Name) {
			continue
		}
		r, err := m.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		r.Close()
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o755)); err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(data, []byte("\x7fELF")) {
			files = append(files, name)
		}
	}
	return files
}

// TestRulesReal asks the loaders of this machine about the files of TestRules: which
// objects there are, and whether all is found. What DT_FILTER names is loaded, but not
// listed.
func TestRulesReal(t *testing.T) {
	for _, p := range places() {
		if _, err := os.Stat(p.loader); err != nil || p.root != "/" {
			continue
		}
		asked := 0
		for _, c := range cases {
			want := c.glibc
			if p.musl() && c.musl != "" {
				want = c.musl
			}
			if want == "-" || strings.Contains(c.files["m.so"], "F:") {
				continue
			}
			dir := t.TempDir()
			write(t, dir, c.files)
			want = strings.ReplaceAll(want, "DIR", dir)
			lost := strings.Contains(want, "!")
			var objects []string
			for found := range strings.FieldsSeq(want) {
				if _, path, ok := strings.Cut(found, "="); ok && path != "m.so" {
					objects = append(objects, path)
				}
			}
			slices.Sort(objects)
			lines, err := p.list(filepath.Join(dir, "m.so"))
			var got []string
			gotLost := err != nil
			for _, line := range lines {
				_, path, _ := strings.Cut(line, " => ")
				if path == "not found" {
					gotLost = true
				} else {
					got = append(got, strings.TrimPrefix(path, dir+"/"))
				}
			}
			slices.Sort(got)
			if lost != gotLost || !lost && !slices.Equal(got, slices.Compact(objects)) {
				t.Errorf("%s %s: %q, missing %v (%v), the test says %q", p.loader, c.what, got, gotLost, err, want)
			}
			asked++
		}
		t.Logf("%s: %d cases", p.loader, asked)
	}
}
