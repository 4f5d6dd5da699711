package audit

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags/detect"
)

// loadAll is a Python program that loads each file of its arguments in a process
// of its own and prints which could not be.
const loadAll = `
import ctypes, json, os, sys
failed = {}
for name in sys.argv[1:]:
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            ctypes.CDLL(name)
        except OSError as e:
            os.write(write, str(e).encode()[:2000])
            os._exit(1)
        os._exit(0)
    os.close(write)
    _, status = os.wait()
    if status:
        failed[name] = os.read(read, 2000).decode() or "status %d" % status
    os.close(read)
json.dump(failed, sys.stdout)
`

// TestRealLoader unpacks published wheels into real roots, lets the Python of
// each load every file, and compares with what LoadsIn says.
func TestRealLoader(t *testing.T) {
	roots := os.Getenv("WHEELTAG_ROOTS")
	if roots == "" {
		t.Skip("no roots; run internal/tools/roots/build.sh DIR and set WHEELTAG_ROOTS=DIR")
	}
	for _, c := range []struct{ root, machine, emulator string }{
		{"slim-amd64", "x86_64", ""}, {"trixie-amd64", "x86_64", ""},
		{"bookworm-arm64", "aarch64", "aarch64"}, {"bookworm-s390x", "s390x", "s390x"}, {"trixie-riscv64", "riscv64", "riscv64"},
	} {
		t.Run(c.root, func(t *testing.T) {
			root := filepath.Join(roots, c.root)
			s, err := detect.Dir(root, detect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			p := s.Default()
			compared := 0
			wheels, err := filepath.Glob(filepath.Join(published, "*"+c.machine+".whl"))
			if err != nil || len(wheels) == 0 {
				t.Skip("the folder of real wheels is not there")
			}
			for _, wheel := range wheels {
				subject, err := New(Options{}).Open(t.Context(), wheel)
				if err != nil {
					t.Fatal(err)
				}
				report := subject.Report()
				if report.Libc == "musl" || len(report.ELF) == 0 {
					continue
				}
				folder, err := os.MkdirTemp(root, "wheel")
				if err != nil {
					t.Skipf("the root cannot be written: %v", err)
				}
				files := unpack(t, wheel, folder)
				failed := load(t, c.emulator, root, p.Program, filepath.Base(folder), files)
				os.RemoveAll(folder)
				want := loads.Yes
				if len(failed) > 0 {
					want = loads.No
				}
				if got := subject.LoadsIn(report, s, p); got.Loads != want {
					t.Errorf("%s: %s %q, but really %s: %v", report.File, got.Loads, got.Missing, want, failed)
				}
				compared++
			}
			if compared < 5 {
				t.Errorf("only %d wheels compared", compared)
			}
			t.Logf("%d wheels compared", compared)
		})
	}
}

// load runs the root's own Python, which an emulator may stand for, and gives
// what could not be loaded.
func load(t *testing.T, emulator, root, program, folder string, files []string) map[string]string {
	t.Helper()
	var args []string
	if emulator == "" {
		if runtime.GOARCH != "amd64" || os.Geteuid() != 0 {
			t.Skip("only root on amd64 can start the programs of this root")
		}
		args = []string{"chroot", root, program}
		folder = "/" + folder
	} else {
		qemu, err := exec.LookPath("qemu-" + emulator + "-static")
		if err != nil {
			t.Skipf("no qemu-%s-static; install qemu-user-static", emulator)
		}
		args = []string{qemu, "-L", root, filepath.Join(root, program)}
		folder = filepath.Join(root, folder)
	}
	args = append(args, "-c", loadAll)
	for _, f := range files {
		args = append(args, folder+"/"+f)
	}
	cmd := exec.Command(args[0], args[1:]...)
	var errors bytes.Buffer
	cmd.Env, cmd.Stderr = []string{"PYTHONDONTWRITEBYTECODE=1"}, &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, errors.String())
	}
	var failed map[string]string
	if err := json.Unmarshal(out, &failed); err != nil {
		t.Fatal(err)
	}
	return failed
}

// unpack writes a wheel out and names its shared objects.
func unpack(t *testing.T, wheel, folder string) (objects []string) {
	t.Helper()
	z, err := zip.OpenReader(wheel)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		name := filepath.Join(folder, f.Name)
		if strings.HasSuffix(f.Name, "/") || !filepath.IsLocal(f.Name) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		r.Close()
		if err == nil {
			err = os.MkdirAll(filepath.Dir(name), 0o755)
		}
		if err == nil {
			err = os.WriteFile(name, data, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(data, []byte(elfMagic)) && strings.Contains(f.Name, ".so") {
			objects = append(objects, f.Name)
		}
	}
	return objects
}
