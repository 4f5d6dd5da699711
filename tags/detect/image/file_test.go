package image

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// twoLayers is an image of a lower and an upper layer, and what it looks like.
func twoLayers(t testing.TB) (layers [][]byte, want string) {
	lower := tarOf(t, dir("etc"), text("etc/os-release", "ID=old"), dir("usr"), dir("usr/bin"),
		text("usr/bin/python3.12", "ELF"), hard("usr/bin/python3", "usr/bin/python3.12"),
		soft("bin", "usr/bin"), dir("tmp"), text("tmp/junk", "junk"))
	upper := tarOf(t, dir("etc"), text("etc/os-release", "ID=new"), dir("tmp"), text("tmp/.wh.junk", ""))
	return [][]byte{lower, upper}, `bin Lrw-r--r-- -> usr/bin
etc drwxr-xr-x
etc/os-release -rw-r--r-- "ID=new"
tmp drwxr-xr-x
usr drwxr-xr-x
usr/bin drwxr-xr-x
usr/bin/python3 -rw-r--r-- "ELF"
usr/bin/python3.12 -rw-r--r-- "ELF"
`
}

// layoutDir writes an image as an OCI layout directory.
func layoutDir(t testing.TB, images ...mutate.IndexAddendum) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "layout")
	_, err := layout.Write(path, mutate.AppendManifests(empty.Index, images...))
	must(t, err)
	return path
}

// newDockerSave makes what docker save writes since version 25: an OCI layout
// with a manifest.json that names its blobs.
func newDockerSave(t testing.TB, layers ...[]byte) []byte {
	img := imageOf(t, amd64, layers...)
	path := layoutDir(t, mutate.IndexAddendum{Add: img})
	m, err := img.Manifest()
	must(t, err)
	manifest := `[{"Config":"` + blobName(m.Config.Digest) + `","RepoTags":["test:latest"],"Layers":[`
	for i, l := range m.Layers {
		if i > 0 {
			manifest += ","
		}
		manifest += `"` + blobName(l.Digest) + `"`
	}
	must(t, os.WriteFile(filepath.Join(path, "manifest.json"), []byte(manifest+"]}]"), 0o644))
	return tarDir(t, path)
}

func TestFormats(t *testing.T) {
	layers, want := twoLayers(t)
	img := imageOf(t, amd64, layers...)
	dir := layoutDir(t, mutate.IndexAddendum{Add: img})
	saved := filepath.Join(t.TempDir(), "crane.tar")
	tag, err := name.NewTag("example.org/test:latest")
	must(t, err)
	must(t, tarball.WriteToFile(saved, tag, img))

	old := dockerSave(t, amd64, layers...)
	gzLayers := dockerSave(t, amd64, gz(t, layers[0]), gz(t, layers[1]))
	zstLayers := dockerSave(t, amd64, zst(t, layers[0]), zst(t, layers[1]))
	mixed := dockerSave(t, amd64, layers[0], zst(t, layers[1]))
	paths := map[string]string{
		"layout directory":        dir,
		"go-containerregistry":    saved,
		"docker save":             write(t, old),
		"docker save, gz layers":  write(t, gzLayers),
		"docker save, zst layers": write(t, zstLayers),
		"docker save, mixed":      write(t, mixed),
		"docker save | gzip":      write(t, gz(t, old)),
		"docker save | zstd":      write(t, zst(t, old)),
		"gzip in gzip":            write(t, gz(t, gzLayers)),
		"zstd in zstd":            write(t, zst(t, zstLayers)),
		"zstd in gzip":            write(t, gz(t, zstLayers)),
		"new docker save":         write(t, newDockerSave(t, layers...)),
		"new docker save | gzip":  write(t, gz(t, newDockerSave(t, layers...))),
		"layout tar":              write(t, tarDir(t, dir)),
		"layout tar | zstd":       write(t, zst(t, tarDir(t, dir))),
	}
	for name, path := range paths {
		for _, keep := range []func(string) bool{nil, all} {
			t.Run(name, func(t *testing.T) {
				f := openFile(t, path)
				if diff := cmp.Diff([]Platform{amd64}, f.Platforms()); diff != "" {
					t.Fatal(diff)
				}
				r, err := f.Root(amd64, keep)
				must(t, err)
				if diff := cmp.Diff(want, listing(t, r)); diff != "" {
					t.Fatal(diff)
				}
				if c := r.Config(); c == nil || len(c.Env) != 1 || c.Env[0] != "PYTHON_VERSION=3.12.1" {
					t.Fatalf("config is %+v", c)
				}
			})
		}
	}
}

func TestRootFileSystem(t *testing.T) {
	plain := tarOf(t, dir("./"), dir("./etc"), text("./etc/os-release", "ID=x"), text("./manifest.json", "[]"))
	want := "etc drwxr-xr-x\netc/os-release -rw-r--r-- \"ID=x\"\nmanifest.json -rw-r--r-- \"[]\"\n"
	for name, data := range map[string][]byte{"plain": plain, "gzip": gz(t, plain), "zstd": zst(t, plain)} {
		t.Run(name, func(t *testing.T) {
			f := openFile(t, write(t, data))
			if diff := cmp.Diff([]Platform{{}}, f.Platforms()); diff != "" {
				t.Fatal(diff)
			}
			r, err := f.Root(f.Platforms()[0], nil)
			must(t, err)
			if r.Config() != nil {
				t.Error("a root file system has a config")
			}
			if diff := cmp.Diff(want, listing(t, r)); diff != "" {
				t.Fatal(diff)
			}
			_, err = f.Root(amd64, nil)
			wantCode(t, err, CodePlatform, "linux/amd64", "unknown")
		})
	}
}

// TestRootOfUnusualNames: a tar without any of the directories that root file
// systems have is one all the same, if nothing makes it an image archive.
func TestRootOfUnusualNames(t *testing.T) {
	r := rootOf(t, tarOf(t, dir("app"), text("app/main", "x")), nil)
	if got, want := listing(t, r), "app drwxr-xr-x\napp/main -rw-r--r-- \"x\"\n"; got != want {
		t.Errorf("got %s", got)
	}
	for _, near := range []string{"0123/layer.tar", "x/blobs/sha256/0123", "repositories"} {
		_, err := Open(write(t, tarOf(t, text(near, "x"))))
		wantCode(t, err, CodeFormat, "manifest.json")
	}
}

func TestPlatforms(t *testing.T) {
	body := func(s string) []byte { return tarOf(t, text("arch", s)) }
	platforms := []Platform{
		amd64,
		{OS: "linux", Architecture: "arm64", Variant: "v8"},
		{OS: "linux", Architecture: "arm", Variant: "v7"},
		{OS: "windows", Architecture: "amd64", OSVersion: "10.0.1"},
		{OS: "windows", Architecture: "amd64", OSVersion: "10.0.2"},
		{OS: "unknown", Architecture: "unknown"},
	}
	var list []mutate.IndexAddendum
	for _, p := range platforms {
		d := v1.Descriptor{Platform: &v1.Platform{OS: p.OS, Architecture: p.Architecture, Variant: p.Variant, OSVersion: p.OSVersion}}
		list = append(list, mutate.IndexAddendum{Add: imageOf(t, p, body(p.String())), Descriptor: d})
	}
	flat := layoutDir(t, list...)
	nested := layoutDir(t, mutate.IndexAddendum{Add: mutate.AppendManifests(empty.Index, list...)})
	twice := layoutDir(t, mutate.IndexAddendum{Add: mutate.AppendManifests(empty.Index,
		mutate.IndexAddendum{Add: mutate.AppendManifests(empty.Index, list...)})})
	for name, path := range map[string]string{"flat": flat, "nested": nested, "nested twice": twice, "tar": write(t, tarDir(t, nested))} {
		t.Run(name, func(t *testing.T) {
			f := openFile(t, path)
			if diff := cmp.Diff(platforms[:5], f.Platforms()); diff != "" {
				t.Fatal(diff)
			}
			for _, p := range f.Platforms() {
				checkArch(t, f, p, p.String())
			}
			checkArch(t, f, Platform{OS: "linux", Architecture: "arm64"}, "linux/arm64/v8")
			checkArch(t, f, Platform{OS: "linux", Architecture: "arm"}, "linux/arm/v7")
			for _, p := range []Platform{{}, {OS: "linux", Architecture: "s390x"}, {OS: "linux", Architecture: "arm", Variant: "v6"}, {OS: "unknown", Architecture: "unknown"}} {
				_, err := f.Root(p, nil)
				wantCode(t, err, CodePlatform, p.String(), "choose one of linux/amd64, linux/arm64/v8, linux/arm/v7, windows/amd64:10.0.1")
			}
			_, err := f.Root(Platform{OS: "windows", Architecture: "amd64"}, nil)
			wantCode(t, err, CodePlatform, "more than one")
		})
	}
}

func checkArch(t *testing.T, f *File, p Platform, want string) {
	t.Helper()
	r, err := f.Root(p, nil)
	must(t, err)
	if got := listing(t, r); got != "arch -rw-r--r-- \""+want+"\"\n" {
		t.Errorf("%v: got %s, want %s", p, got, want)
	}
}

// TestPlatformFromConfig: an index that names no platform leaves it to the
// image's config.
func TestPlatformFromConfig(t *testing.T) {
	arm := Platform{OS: "linux", Architecture: "arm", Variant: "v7"}
	f := openFile(t, layoutDir(t, mutate.IndexAddendum{Add: imageOf(t, arm, tarOf(t, text("a", "a")))}))
	if diff := cmp.Diff([]Platform{arm}, f.Platforms()); diff != "" {
		t.Fatal(diff)
	}
}
