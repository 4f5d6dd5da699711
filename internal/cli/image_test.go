package cli

import (
	"archive/tar"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// rootTar packs one of the roots of the fixtures.
func rootTar(t *testing.T, name string) []byte {
	t.Helper()
	root := filepath.Join("..", "..", "testdata", "roots", name)
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		header := &tar.Header{Name: filepath.ToSlash(rel), Mode: 0o755, Typeflag: tar.TypeReg}
		if d.Type()&fs.ModeSymlink != 0 {
			header.Typeflag = tar.TypeSymlink
			if header.Linkname, err = os.Readlink(path); err != nil {
				return err
			}
			return w.WriteHeader(header)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		header.Size = int64(len(data))
		if err := w.WriteHeader(header); err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// images writes an OCI layout with the two roots for two machines, and a tar of
// one root.
func images(t *testing.T) (both, plain string) {
	t.Helper()
	dir := t.TempDir()
	index := v1.ImageIndex(empty.Index)
	for arch, root := range map[string]string{"amd64": "debian", "arm64": "alpine"} {
		content := rootTar(t, root)
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil })
		if err != nil {
			t.Fatal(err)
		}
		image, err := mutate.AppendLayers(empty.Image, layer)
		if err != nil {
			t.Fatal(err)
		}
		config := &v1.ConfigFile{Architecture: arch, OS: "linux", Config: v1.Config{Env: []string{"PATH=/opt/venv/bin:/usr/bin"}}}
		config.RootFS = v1.RootFS{Type: "layers"}
		diff, err := layer.DiffID()
		if err != nil {
			t.Fatal(err)
		}
		config.RootFS.DiffIDs = []v1.Hash{diff}
		if image, err = mutate.ConfigFile(image, config); err != nil {
			t.Fatal(err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}}})
	}
	both, plain = filepath.Join(dir, "both"), filepath.Join(dir, "plain.tar")
	if _, err := layout.Write(both, index); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(plain, rootTar(t, "alpine"), 0o644); err != nil {
		t.Fatal(err)
	}
	return both, plain
}

// TestImages: images are targets like roots, a target for each of their machines.
func TestImages(t *testing.T) {
	both, plain := images(t)
	for _, c := range []struct {
		args   string
		status int
		want   []string
	}{
		{"detect --image " + both, exitYes, []string{"(linux/amd64)", "(linux/arm64)", "alpine:3.20/aarch64", "debian:12/x86_64", "/opt/venv/bin/python"}},
		{"detect --image " + both + " --arch arm64", exitYes, []string{"(linux/arm64)"}},
		{"detect --image " + both + " --arch s390x", exitNoAnswer, []string{"no image for s390x; it has linux/"}},
		{"detect --image " + plain, exitYes, []string{"Alpine Linux v3.20", "alpine:3.20/aarch64"}},
		{"tags --limit 1 -t image:" + plain, exitYes, []string{"cp312-cp312-linux_aarch64"}},
		{"tags --limit 1 -t image:" + both, exitYes, []string{"cp312-cp312-linux_aarch64", "cp311-cp311-linux_x86_64"}},
		{"tags --limit 1 --arch amd64 -t 3.14t@image:" + both, exitYes, []string{"cp314-cp314t-linux_x86_64"}},
		{"audit --arch amd64 -t image:" + both + " elf/lib-x86_64-foo.so", exitNo, []string{"missing libfoo.so.1"}},
		{"detect --image elf/ext-x86_64-gnu2.17.so", exitNoAnswer, []string{"ext-x86_64-gnu2.17.so"}},
		{"detect --image nothere.tar", exitNoAnswer, []string{"nothere.tar"}},
	} {
		status, out, errs := inFixtures(t, strings.Fields(c.args), "")
		if status != c.status {
			t.Errorf("%s: exit %d, want %d: %s", c.args, status, c.status, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(strings.Join(strings.Fields(out+errs), " "), want) {
				t.Errorf("%s: no %q in\n%s%s", c.args, want, out, errs)
			}
		}
		if strings.Contains(c.args, "arch arm64") && strings.Contains(out, "amd64") {
			t.Errorf("%s: the other machine as well: %s", c.args, out)
		}
	}
}
