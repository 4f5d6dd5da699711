package resolver

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/distro"
)

const (
	debian = "../../testdata/roots/debian"
	alpine = "../../testdata/roots/alpine"
)

func TestRoots(t *testing.T) {
	for _, c := range []struct {
		word    string
		options distro.Options
		python  string
		path    string // of the interpreter, "" when it is described
		assumed string
	}{
		{"root:" + debian, distro.Options{}, "CPython 3.11", "/usr/bin/python3.11", ""},
		{"ROOT:" + debian, distro.Options{}, "CPython 3.11", "/usr/bin/python3.11", ""},
		{"3.14t@root:" + debian, distro.Options{}, "CPython 3.14t", "/usr/local/bin/python3.14t", ""},
		{"root:" + debian, distro.Options{Python: "3.14t"}, "CPython 3.14t", "/usr/local/bin/python3.14t", ""},
		{"3.11.2@root:" + debian, distro.Options{}, "CPython 3.11", "/usr/bin/python3.11", ""},
		{"3.11.3@root:" + debian, distro.Options{}, "CPython 3.11", "", debian + ": CPython 3.11 not found; assuming it on Linux x86_64, glibc 2.36"},
		{"3.14@root:" + debian, distro.Options{}, "CPython 3.14", "", debian + ": CPython 3.14 not found; assuming it on Linux x86_64, glibc 2.36"},
		{"root:" + alpine, distro.Options{}, "CPython 3.12", "/usr/bin/python3.12", ""},
	} {
		r := Resolver{Options: c.options}
		targets, err := r.Resolve(c.word)
		if err != nil || len(targets) != 1 {
			t.Errorf("%s: %v, %v", c.word, targets, err)
			continue
		}
		got := targets[0]
		path, assumed := "", ""
		if got.Interpreter != nil {
			path = got.Interpreter.Path
		}
		for _, a := range got.Assumed {
			assumed += a.String()
		}
		if got.Python().String() != c.python || path != c.path || assumed != c.assumed || got.Name() != c.word || got.System == nil || got.Release != nil {
			t.Errorf("%s: %s at %q, %q; want %s at %q, %q", c.word, got.Python(), path, assumed, c.python, c.path, c.assumed)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestNoDefault: a root without a python3 on the PATH says which there are.
func TestNoDefault(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(debian)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "usr/bin/python3")); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(filepath.Join(dir, "usr/bin/python3.11"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ add, remove, says string }{
		{"", "", "several Pythons are here (/usr/local/bin/python3.14t, /usr/bin/python3.11) and none is python3 on the PATH; name one, as in 3.14t@root:DIR"},
		{"usr/bin/python3.10", "", "(/usr/local/bin/python3.14t, /usr/bin/python3.10, /usr/bin/python3.11) and none"},
		{"usr/bin/python3.9", "", "(/usr/local/bin/python3.14t, /usr/bin/python3.10, /usr/bin/python3.11 and 1 more) and none"},
		{"", "usr/bin usr/local opt", "no Python found; describe one, as in 3.12@root:DIR"},
	} {
		if c.add != "" {
			if err := os.WriteFile(filepath.Join(dir, c.add), program, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		for name := range strings.FieldsSeq(c.remove) {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		var r Resolver
		_, err := r.Resolve("root:" + dir)
		var e *Error
		if !errors.As(err, &e) || e.Code != CodePython || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v; want %s", err, c.says)
		}
		if targets, err := r.Resolve("3.12@root:" + dir); err != nil || !slices.Equal(kinds(targets[0]), []AssumptionKind{AssumedMissing}) {
			t.Errorf("named: %v, %v", targets, err)
		}
		r.Close()
	}
}

// TestUnreadable: a root that cannot be read is no wrong word.
func TestUnreadable(t *testing.T) {
	for word, want := range map[string]error{"root:nothere": fs.ErrNotExist, "image:nothere": fs.ErrNotExist, "root:" + t.TempDir(): detect.ErrNoSystem} {
		var r Resolver
		_, err := r.Resolve(word)
		var wrong *Error
		if !errors.Is(err, want) || errors.As(err, &wrong) {
			t.Errorf("%s: %v, want %v", word, err, want)
		}
	}
}

// TestWord: the word for an interpreter of a root, read again, means the same tags.
func TestWord(t *testing.T) {
	var r Resolver
	defer r.Close()
	for dir, want := range map[string][]string{
		debian: {"3.14t@debian:12/x86_64", "debian:12/x86_64", "debian:12/x86_64"},
		alpine: {"alpine:3.20/aarch64"},
	} {
		systems, err := r.Systems("root:" + dir)
		if err != nil || len(systems) != 1 {
			t.Fatalf("%v, %v", systems, err)
		}
		s := systems[0]
		if s.Name() != dir || s.Source != dir || s.Platform != "" {
			t.Errorf("%s: %+v", dir, s)
		}
		var got []string
		for i := range s.Pythons {
			p := &s.Pythons[i]
			got = append(got, s.Word(p))
			again, err := r.Resolve(s.Word(p))
			if err != nil || again[0].Platform() != p.Platform || !again[0].Python().SameTags(p.Python) {
				t.Errorf("%s: %v, %v", s.Word(p), again, err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", dir, diff)
		}
		// A release that means another libc is no word for the interpreter.
		s.Release.ID, s.Release.VersionID = "alpine", "3.12"
		p := &s.Pythons[0]
		if word := s.Word(p); strings.Contains(word, "alpine") {
			t.Errorf("%s as alpine:3.12: %s", dir, word)
		}
		s.Release.ID, s.Release.VersionID = "", ""
		if dir == debian {
			want = []string{"3.14t@manylinux_2_36_x86_64"}
		} else {
			want = []string{"3.12@musllinux_1_2_aarch64"}
		}
		if word := s.Word(p); word != want[0] {
			t.Errorf("%s without a release: %s, want %s", dir, word, want[0])
		}
	}
}

// pack makes a tar of a directory.
func pack(t *testing.T, dir string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := errors.Join(w.AddFS(os.DirFS(dir)), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// layout writes an OCI layout of the two roots and gives its path.
func layout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	// blob writes a text under its hash and gives the descriptor, but for the end.
	blob := func(kind, text string) string {
		hash := fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
		write("blobs/sha256/"+hash, text)
		return fmt.Sprintf(`{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%d`, kind, hash, len(text))
	}
	var manifests []string
	for _, image := range []struct{ arch, path, root string }{{"amd64", "/opt/venv/bin", debian}, {"arm64", "/usr/bin", alpine}} {
		layer := pack(t, image.root)
		config := fmt.Sprintf(`{"os":"linux","architecture":%q,"config":{"Env":["PATH=/nothere","LANG=C","PATH=%s"]},"rootfs":{"type":"layers","diff_ids":["sha256:%x"]}}`,
			image.arch, image.path, sha256.Sum256([]byte(layer)))
		manifest := `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":` +
			blob("config.v1+json", config) + `},"layers":[` + blob("layer.v1.tar", layer) + `}]}`
		manifests = append(manifests, blob("manifest.v1+json", manifest)+`,"platform":{"os":"linux","architecture":"`+image.arch+`"}}`)
	}
	write("oci-layout", `{"imageLayoutVersion":"1.0.0"}`)
	write("index.json", `{"schemaVersion":2,"manifests":[`+strings.Join(manifests, ",")+`]}`)
	return dir
}

// TestImages: an image has a target for each of its platforms, and the PATH of its
// configuration chooses the Python.
func TestImages(t *testing.T) {
	path := layout(t)
	for _, c := range []struct {
		arch string
		want []string
	}{
		{"", []string{"image:" + path + " (linux/amd64) /opt/venv/bin/python", "image:" + path + " (linux/arm64) /usr/bin/python3.12"}},
		{"arm64", []string{"image:" + path + " (linux/arm64) /usr/bin/python3.12"}},
		{"x86_64", []string{"image:" + path + " (linux/amd64) /opt/venv/bin/python"}},
	} {
		r := Resolver{Options: distro.Options{Arch: c.arch}}
		targets, err := r.Resolve("image:" + path)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, target := range targets {
			got = append(got, target.Name()+" "+target.Interpreter.Path)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.arch, diff)
		}
		if name := targets[0].System.Name(); !strings.HasPrefix(name, path+" (linux/") {
			t.Errorf("the system is called %s", name)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	r := Resolver{Options: distro.Options{Arch: "s390x"}}
	defer r.Close()
	if _, err := r.Resolve("image:" + path); err == nil || !strings.HasSuffix(err.Error(), "no image for s390x; it has linux/amd64, linux/arm64") {
		t.Error(err)
	}
}

func TestHost(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can be read as a root")
	}
	var r Resolver
	defer r.Close()
	systems, err := r.Systems("host")
	if err != nil || len(systems) != 1 || systems[0].Name() != "host" || systems[0].Machine == "" {
		t.Errorf("%+v, %v", systems, err)
	}
	targets, err := r.Resolve("3.12@host")
	if err != nil || targets[0].Name() != "3.12@host" || targets[0].System == nil {
		t.Errorf("%+v, %v", targets, err)
	}
}

func TestSystemsErrors(t *testing.T) {
	for _, word := range []string{"debian:12", "", "@fleet", "roots:x"} {
		var r Resolver
		_, err := r.Systems(word)
		var e *Error
		if !errors.As(err, &e) || e.Code != CodeWord {
			t.Errorf("%q: %v", word, err)
		}
	}
}

// TestClose: roots are closed once.
func TestClose(t *testing.T) {
	var r Resolver
	if _, err := r.Systems("root:" + debian); err != nil {
		t.Fatal(err)
	}
	if len(r.open) != 1 {
		t.Errorf("%d open", len(r.open))
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil || len(r.open) != 0 {
		t.Errorf("%v, %d open", err, len(r.open))
	}
}
