package image

import (
	"archive/tar"
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// explore reads everything that a file offers. What it meets must be content
// or an error of this package.
func explore(t *testing.T, data []byte) {
	f, err := NewFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		wantSome(t, err)
		return
	}
	for i, p := range f.Platforms() {
		if i == 4 {
			break
		}
		r, err := f.Root(p, func(name string) bool { return len(name)%2 == 0 })
		if err != nil {
			wantSome(t, err)
			continue
		}
		exploreRoot(t, r)
	}
}

func exploreRoot(t *testing.T, r *Root) {
	opened := 0
	err := fs.WalkDir(r, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && (strings.HasPrefix(name, "/") || strings.Contains("/"+name+"/", "/../")) {
			t.Errorf("the name %q leads out", name)
		}
		info, err := r.Lstat(name)
		if err != nil || info.Mode() != d.Type()|info.Mode().Perm()|info.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky) {
			t.Errorf("Lstat of %q: %v %v", name, info, err)
		}
		if d.Type() == fs.ModeSymlink {
			_, err := r.ReadLink(name)
			return err
		}
		if opened++; opened > 50 || d.IsDir() {
			return nil
		}
		f, err := r.Open(name)
		if err != nil {
			wantSome(t, err)
			return nil
		}
		defer f.Close()
		n, err := io.Copy(io.Discard, f)
		if err != nil {
			wantSome(t, err)
		} else if n != info.Size() {
			t.Errorf("%q has %d bytes, not %d", name, n, info.Size())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func FuzzOpen(f *testing.F) {
	layers := [][]byte{
		tarOf(f, dir("etc"), text("etc/os-release", "ID=x"), soft("lib", "usr/lib"), text("lib/x", "1"), hard("y", "lib/x")),
		tarOf(f, text("etc/.wh..wh..opq", ""), text(".wh.y", ""), text("z", "2")),
	}
	img := imageOf(f, amd64, layers...)
	f.Add(layers[0])
	f.Add(gz(f, layers[0]))
	f.Add(zst(f, layers[0]))
	f.Add(dockerSave(f, amd64, layers...))
	f.Add(gz(f, dockerSave(f, amd64, layers...)))
	f.Add(dockerSave(f, amd64, gz(f, layers[0]), zst(f, layers[1])))
	f.Add(tarDir(f, layoutDir(f, mutate.IndexAddendum{Add: img})))
	f.Add(newDockerSave(f, layers...))
	f.Fuzz(explore)
}

// FuzzLayers damages layers beyond the checksums that keep a fuzzer out of
// them: each line of the script is an entry.
func FuzzLayers(f *testing.F) {
	f.Add("fa 1\nda\n|\nfa/.wh.b\nsa b\nhx a\nfa/b/c 2")
	f.Add("dd\nfd/a 1\n|\nfd/.wh..wh..opq\nfd/b 2\n|\nf.wh.d\nhb d/b")
	f.Add("sa ../b\nsb /a\nfa/x 1")
	f.Add("hb a\nhc b\nfa 1\nhd /a\nf../e 2\nd.\ns. x")
	f.Fuzz(func(t *testing.T, script string) {
		var layers [][]byte
		for i, lines := range strings.Split(script, "|") {
			if i == 4 {
				break
			}
			if b := scripted(lines); i%2 == 0 {
				layers = append(layers, b)
			} else {
				layers = append(layers, gz(t, b))
			}
		}
		explore(t, dockerSave(t, amd64, layers...))
	})
}

// scripted makes a tar of entries of a kind, a name and a target or content.
func scripted(lines string) []byte {
	var parts [][]byte
	for line := range strings.Lines(lines) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || len(parts) > 200 {
			continue
		}
		kinds := map[byte]byte{'f': tar.TypeReg, 'd': tar.TypeDir, 's': tar.TypeSymlink, 'h': tar.TypeLink}
		kind, known := kinds[line[0]]
		if !known {
			kind = line[0]
		}
		name, rest, _ := strings.Cut(line[1:], " ")
		long := func(flag byte, s string) {
			parts = append(parts, header("L", flag, int64(len(s)), gnu), []byte(s))
		}
		long(tar.TypeGNULongName, name)
		size := 0
		if kind == tar.TypeSymlink || kind == tar.TypeLink {
			long(tar.TypeGNULongLink, rest)
		} else if kind == tar.TypeReg {
			size = len(rest)
		}
		parts = append(parts, header("", kind, int64(size), gnu))
		if size > 0 {
			parts = append(parts, []byte(rest))
		}
	}
	return append(blocks(parts...), endMark...)
}

// FuzzManifests gives a file the manifest, index and config that come.
func FuzzManifests(f *testing.F) {
	layer := tarOf(f, text("a", "1"))
	config := string(configJSON(f, amd64, layer))
	f.Add(`[{"Config":"c.json","RepoTags":["a"],"Layers":["l"]}]`, ``, config)
	f.Add(``, `{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:`+digestOf([]byte("{}"))+`","size":2}]}`, `{}`)
	m := `{"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:` + digestOf([]byte(config)) + `"},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","size":2048,"digest":"sha256:` + digestOf(layer) + `"}]}`
	f.Add(``, `{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:`+digestOf([]byte(m))+`"}]}`, m)
	f.Fuzz(func(t *testing.T, manifest, index, more string) {
		files := []file{text("c.json", config), text("l", string(layer))}
		for _, s := range []string{config, more, string(layer)} {
			files = append(files, text("blobs/sha256/"+digestOf([]byte(s)), s))
		}
		if manifest != "" {
			files = append(files, text("manifest.json", manifest))
		}
		if index != "" {
			files = append(files, text("index.json", index))
		}
		explore(t, tarOf(t, files...))
	})
}

// FuzzTar compares the reader of tars with the standard library.
func FuzzTar(f *testing.F) {
	for _, data := range oldTars {
		f.Add(append(bytes.Clone(data), endMark...))
	}
	f.Add(tarOf(f, text(strings.Repeat("n", 300), "1"), soft("l", strings.Repeat("t", 300)), dir("d"), hard("h", "l")))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = bytes.Clone(data)
		fixSums(data)
		compare(t, data)
	})
}

// fixSums corrects the checksums of what could be headers, which a fuzzer does
// not find.
func fixSums(data []byte) {
	for off := 0; off+block <= len(data); off += block {
		if h := data[off:][:block]; !isZero(h) && !isZero(h[100:108]) {
			sum(h)
		}
	}
}

// FuzzDecoders looks for streams that break a decoder.
func FuzzDecoders(f *testing.F) {
	f.Add(zst(f, []byte(strings.Repeat("abc", 1000))))
	f.Add(zframe(0x20, []byte{3}, "abc"))
	f.Add(gz(f, []byte("abc")))
	f.Add([]byte(fromBase64(f, rootBzip2)))
	f.Add([]byte(fromBase64(f, rootXZ)))
	f.Add(append(skippable("x"), zframe(0, []byte{0x50}, "abc")...))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, c := range []codec{codeGzip, codeZstd, codeBzip2, codeXZ} {
			d, err := newDecoder(bytes.NewReader(data), c, true)
			if err == nil {
				_, err = io.CopyN(io.Discard, d, 1<<20)
				d.Close()
			}
			if err != nil {
				wantSome(t, ioFault(err))
			}
		}
	})
}
