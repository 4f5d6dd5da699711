package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/compression"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// file is an entry of a fixture: "name" and content, or another kind.
type file struct {
	name string
	body string
	kind byte // 0: directory when the name ends in a slash, else regular
	link string
	mode int64
}

func dir(name string) file             { return file{name: name + "/", mode: 0o755} }
func text(name, body string) file      { return file{name: name, body: body} }
func soft(name, target string) file    { return file{name: name, kind: tar.TypeSymlink, link: target} }
func hard(name, target string) file    { return file{name: name, kind: tar.TypeLink, link: target} }
func special(name string, k byte) file { return file{name: name, kind: k} }

// tarOf writes a tar with the standard library.
func tarOf(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Typeflag: f.kind, Linkname: f.link, Mode: f.mode, Size: int64(len(f.body))}
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
			if strings.HasSuffix(f.name, "/") {
				h.Typeflag = tar.TypeDir
			}
		}
		if h.Mode == 0 {
			h.Mode = 0o644
		}
		must(t, w.WriteHeader(h))
		_, err := io.WriteString(w, f.body)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func gz(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	must(t, err)
	_, err = w.Write(data)
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

func opener(data []byte) tarball.Opener {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

// zst compresses with the encoder of go-containerregistry.
func zst(t testing.TB, data []byte) []byte {
	t.Helper()
	l, err := tarball.LayerFromOpener(opener(data), tarball.WithCompression(compression.ZStd))
	must(t, err)
	r, err := l.Compressed()
	must(t, err)
	out, err := io.ReadAll(r)
	must(t, err)
	must(t, r.Close())
	return out
}

// imageOf makes an image of layers, each a tar, compressed with gzip.
func imageOf(t testing.TB, p Platform, layers ...[]byte) v1.Image {
	t.Helper()
	var list []v1.Layer
	for _, data := range layers {
		l, err := tarball.LayerFromOpener(opener(data), tarball.WithMediaType(types.OCILayer))
		must(t, err)
		list = append(list, l)
	}
	return imageOfLayers(t, p, list...)
}

func imageOfLayers(t testing.TB, p Platform, layers ...v1.Layer) v1.Image {
	t.Helper()
	base := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	img, err := mutate.AppendLayers(base, layers...)
	must(t, err)
	config, err := img.ConfigFile()
	must(t, err)
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Variant, config.OSVersion = p.OS, p.Architecture, p.Variant, p.OSVersion
	config.Config.Env = []string{"PYTHON_VERSION=3.12.1"}
	config.Config.Labels = map[string]string{"vendor": "test"}
	img, err = mutate.ConfigFile(img, config)
	must(t, err)
	return img
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

var amd64 = Platform{OS: "linux", Architecture: "amd64"}

// configJSON is a config file as docker writes it.
func configJSON(t testing.TB, p Platform, layers ...[]byte) []byte {
	t.Helper()
	var ids []string
	for _, l := range layers {
		ids = append(ids, "sha256:"+digestOf(unpacked(l)))
	}
	data, err := json.Marshal(map[string]any{
		"architecture": p.Architecture, "os": p.OS, "variant": p.Variant,
		"config": map[string]any{"Env": []string{"PYTHON_VERSION=3.12.1"}},
		"rootfs": map[string]any{"type": "layers", "diff_ids": ids},
	})
	must(t, err)
	return data
}

// unpacked is what a layer decompresses to, or the layer where it does not.
func unpacked(data []byte) []byte {
	if c, err := sniff(data); err == nil {
		if d, err := newDecoder(bytes.NewReader(data), c, false); err == nil {
			defer d.Close()
			if out, err := io.ReadAll(d); err == nil {
				return out
			}
		}
	}
	return data
}

// dockerSave makes what docker save wrote before version 25.
func dockerSave(t testing.TB, p Platform, layers ...[]byte) []byte {
	t.Helper()
	config := configJSON(t, p, layers...)
	name := digestOf(config) + ".json"
	var files []file
	var names []string
	for i, l := range layers {
		id := digestOf(fmt.Appendf(nil, "%d %s", i, digestOf(l)))
		names = append(names, id+"/layer.tar")
		// The oldest layer comes last here, as it may.
		files = append([]file{dir(id), text(id+"/VERSION", "1.0"), text(id+"/json", "{}"), text(id+"/layer.tar", string(l))}, files...)
	}
	manifest, err := json.Marshal([]map[string]any{{"Config": name, "RepoTags": []string{"test:latest"}, "Layers": names}})
	must(t, err)
	files = append(files, text(name, string(config)), text("manifest.json", string(manifest)), text("repositories", "{}"))
	return tarOf(t, files...)
}

// write puts a fixture into a file.
func write(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "image.tar")
	must(t, os.WriteFile(path, data, 0o644))
	return path
}

// tarDir packs a directory as "tar -C dir ." does.
func tarDir(t testing.TB, dir string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	must(t, w.AddFS(os.DirFS(dir)))
	must(t, w.Close())
	return b.Bytes()
}

func openFile(t testing.TB, path string) *File {
	t.Helper()
	f, err := Open(path)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

// rootOf opens the only image of a file.
func rootOf(t testing.TB, data []byte, want func(string) bool) *Root {
	t.Helper()
	f, err := NewFile(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	r, err := f.Root(Platform{}, want)
	must(t, err)
	return r
}

// rootWithin opens the only image of a file, with some limits lowered.
func rootWithin(data []byte, want func(string) bool, lower func(*limits)) (*Root, error) {
	return rootOfReader(bytes.NewReader(data), int64(len(data)), want, lower)
}

func rootOfReader(in io.ReaderAt, size int64, want func(string) bool, lower func(*limits)) (*Root, error) {
	l := defaultLimits()
	lower(&l)
	f, err := newFileLimits(in, size, l)
	if err != nil {
		return nil, err
	}
	return f.Root(Platform{}, want)
}

func all(string) bool { return true }

// listing writes a file system as lines "path kind mode content".
func listing(t testing.TB, fsys fs.ReadLinkFS) string {
	t.Helper()
	var b strings.Builder
	must(t, fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %v", name, info.Mode())
		switch {
		case d.Type() == fs.ModeSymlink:
			target, err := fsys.ReadLink(name)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, " -> %s", target)
		case d.Type().IsRegular():
			body, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			if int64(len(body)) != info.Size() {
				return fmt.Errorf("%s: size %d, %d bytes read", name, info.Size(), len(body))
			}
			fmt.Fprintf(&b, " %q", body)
		}
		b.WriteString("\n")
		return nil
	}))
	return b.String()
}

// wantCode checks that an error has a code and says where and what to do.
func wantCode(t *testing.T, err error, code Code, words ...string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error is %v, want one of code %s", err, code)
	}
	if e.Code != code {
		t.Fatalf("code is %s, want %s: %v", e.Code, code, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error does not say %q: %v", w, err)
		}
	}
}
