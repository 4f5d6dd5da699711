package image

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestLayerDigests: a layer that is read whole must have the digest of the
// manifest; one that is read where it is is not read whole.
func TestLayerDigests(t *testing.T) {
	one := tarOf(t, text("a", "1"))
	for name, tt := range map[string]struct {
		pack  func(testing.TB, []byte) []byte
		whole func(testing.TB, []byte) []byte
		code  Code
	}{
		"gzip layer":                 {gz, asIs, CodeDigest},
		"zstd layer":                 {zst, asIs, CodeDigest},
		"plain layer, gzip archive":  {asIs, gz, CodeDigest},
		"gzip layer, zstd archive":   {gz, zst, CodeDigest},
		"plain layer, plain archive": {asIs, asIs, ""},
	} {
		t.Run(name, func(t *testing.T) {
			// Another layer that takes as many bytes.
			two, right, wrong := []byte(nil), tt.pack(t, one), []byte(nil)
			for i := 2; len(wrong) != len(right); i++ {
				two = tarOf(t, text("a", string(rune(i))))
				wrong = tt.pack(t, two)
			}
			// Of docker the digest is that of the content, of OCI that of the blob.
			docker := dockerSave(t, amd64, right)
			oci := rawOCI(t, right)
			for kind, tt2 := range map[string]struct {
				data       []byte
				got, wants string
			}{
				"docker": {docker, digestOf(two), digestOf(one)},
				"OCI":    {oci, digestOf(wrong), digestOf(right)},
			} {
				if _, err := openBytes(tt.whole(t, tt2.data)); err != nil {
					t.Errorf("%s: %v", kind, err)
				}
				spoiled := bytes.Replace(tt2.data, right, wrong, 1)
				_, err := openBytes(tt.whole(t, spoiled))
				if tt.code == "" {
					must(t, err)
					continue
				}
				wantCode(t, err, tt.code, "layer ", "has the digest sha256:"+tt2.got+" instead of sha256:"+tt2.wants)
			}
		})
	}
}

// rawOCI is the tar of an OCI layout with one layer as it comes.
func rawOCI(t *testing.T, layer []byte) []byte {
	config := string(configJSON(t, amd64, layer))
	manifest := fmt.Sprintf(`{"config":{"digest":"sha256:%s"},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%d}]}`,
		digestOf([]byte(config)), digestOf(layer), len(layer))
	return rawLayout(t, manifest, config, string(layer))
}

// TestDigestOfRest: what follows the end of the tar, compressed or not, belongs to
// a layer too.
func TestDigestOfRest(t *testing.T) {
	layer := tarOf(t, text("a", "1"))
	long := append(bytes.Clone(layer), make([]byte, 3<<20)...)
	long[len(long)-1] = 1
	for name, data := range map[string][]byte{"docker": dockerSave(t, amd64, gz(t, long)), "OCI": rawOCI(t, gz(t, long))} {
		if _, err := openBytes(data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDiffIDs: a config without digests of its layers is accepted, one with others
// than digests is not.
func TestDiffIDs(t *testing.T) {
	layer := gz(t, tarOf(t, text("a", "1")))
	save := func(ids ...string) []byte {
		config, err := json.Marshal(map[string]any{"rootfs": map[string]any{"diff_ids": ids}})
		must(t, err)
		return tarOf(t, text("c.json", string(config)), text("l.tar", string(layer)),
			text("manifest.json", `[{"Config":"c.json","Layers":["l.tar"]}]`))
	}
	_, err := openBytes(save())
	must(t, err)
	_, err = openBytes(save("sha256:00"))
	wantCode(t, err, CodeManifest, "c.json")
	_, err = openBytes(save("sha256:" + strings.Repeat("0", 64)))
	wantCode(t, err, CodeDigest, "layer l.tar")
}

// TestRepeatedLayers: a layer that is listed again is applied again, but read once.
func TestRepeatedLayers(t *testing.T) {
	lower := tarOf(t, dir("d"), text("d/a", "1"), hard("b", "d/a"), text("c", "0"), hard("late", "x"), text("x", "2"))
	upper := tarOf(t, text("d/.wh.a", ""), text(".wh.x", ""), text("c", "3"))
	repeated := func(pack func(testing.TB, []byte) []byte) []byte {
		a, b := pack(t, lower), pack(t, upper)
		return tarOf(t, text("a.tar", string(a)), text("b.tar", string(b)), soft("link.tar", "a.tar"), text("c.json", "{}"),
			text("manifest.json", `[{"Config":"c.json","Layers":["a.tar","b.tar","link.tar","b.tar","a.tar"]}]`))
	}
	const want = "b=1 c=0 d/ d/a=1 late=2 x=2"
	for name, pack := range map[string]func(testing.TB, []byte) []byte{"plain": asIs, "gzip": gz} {
		for _, recorded := range []int64{1 << 20, 400, 0} { // all of them, one of the two, none
			for _, want1 := range []func(string) bool{nil, all} {
				r, err := rootWithin(repeated(pack), want1, func(l *limits) { l.recorded = recorded })
				must(t, err)
				if got := brief(t, r); got != want {
					t.Errorf("%s, %d bytes: %s", name, recorded, got)
				}
			}
		}
	}
	_, err := rootWithin(repeated(gz), nil, func(l *limits) { l.entries = 2 })
	wantCode(t, err, CodeLimit, "entries")
}

// TestReadOnce counts the bytes that are read of a layer that is listed 500 times.
func TestReadOnce(t *testing.T) {
	layer := gz(t, tarOf(t, text("a", strings.Repeat("x", 1<<20))))
	names := strings.Repeat(`"l.tar",`, maxLayers-1) + `"l.tar"`
	data := tarOf(t, text("l.tar", string(layer)), text("c.json", "{}"), text("manifest.json", `[{"Config":"c.json","Layers":[`+names+`]}]`))
	f, err := NewFile(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	parts, err := f.parts(f.list[0])
	must(t, err)
	b, err := build(f.s, parts.layers, nil)
	must(t, err)
	if b.bytes > 2<<20 || len(b.layers) != maxLayers {
		t.Errorf("%d bytes of %d layers", b.bytes, len(b.layers))
	}

	// A layer with too many entries to be recorded leaves room for another.
	var many []file
	for i := range 20 {
		many = append(many, text(fmt.Sprint("many/", i), ""))
	}
	data = tarOf(t, text("many.tar", string(tarOf(t, many...))), text("one.tar", string(tarOf(t, text("one", "1")))), text("c.json", "{}"),
		text("manifest.json", `[{"Config":"c.json","Layers":["many.tar","one.tar","many.tar","one.tar"]}]`))
	l := defaultLimits()
	l.recorded = 1000
	f, err = newFileLimits(bytes.NewReader(data), int64(len(data)), l)
	must(t, err)
	parts, err = f.parts(f.list[0])
	must(t, err)
	b, err = build(f.s, parts.layers, nil)
	must(t, err)
	first, second := b.repeats[f.s.key(parts.layers[0])], b.repeats[f.s.key(parts.layers[1])]
	if first.complete || len(first.entries) > 0 || !second.complete || len(second.entries) != 1 || b.recorded != second.memory {
		t.Errorf("%d and %d entries, %d bytes", len(first.entries), len(second.entries), b.recorded)
	}

	// The same in a layout directory, where blobs are told apart by name.
	path := t.TempDir()
	for _, name := range []string{"a", "b"} {
		must(t, os.WriteFile(path+"/"+name, tarOf(t, text(name, "1")), 0o644))
	}
	s, err := openDir(path, defaultLimits())
	must(t, err)
	defer s.close()
	var blobs []blob
	for _, name := range []string{"a", "b", "a"} {
		blob, err := s.find(name)
		must(t, err)
		blobs = append(blobs, blob)
	}
	b, err = build(s, blobs, nil)
	must(t, err)
	if r := (&Root{s: s, tree: b.b.tree, layers: b.layers}); brief(t, r) != "a=1 b=1" {
		t.Error(brief(t, r))
	}
}
