package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// refusedRoot opens a tar whose root cannot be made.
func refusedRoot(t *testing.T, data []byte, code Code, words ...string) {
	t.Helper()
	_, err := openBytes(data)
	wantCode(t, err, code, words...)
}

func TestHardLinksPutOff(t *testing.T) {
	refusedRoot(t, tarOf(t, dir("etc"), hard("etc/b", "d"), dir("d")), CodeHardLink, "etc/b", "directory")
	refusedRoot(t, tarOf(t, dir("etc"), hard("etc/b", "a/c"), text("a", "1")), CodeNotDir, "etc/b", `"a"`)
	refusedRoot(t, tarOf(t, dir("etc"), text("a", "1"), hard("etc/b", "a/c")), CodeNotDir, "etc/b")
	refusedRoot(t, tarOf(t, dir("etc"), hard("etc/b", strings.Repeat("n", 256))), CodeName, "etc/b")

	// Links in the order that needs most rounds: all that are allowed, and more.
	chain := func(n int) []byte {
		files := []file{dir("etc")}
		for i := range n {
			files = append(files, hard(fmt.Sprintf("etc/%d", i), fmt.Sprintf("etc/%d", i+1)))
		}
		return tarOf(t, append(files, text(fmt.Sprintf("etc/%d", n), "end"))...)
	}
	r, err := openBytes(chain(maxLateRounds))
	must(t, err)
	body, err := fs.ReadFile(r, "etc/0")
	must(t, err)
	if string(body) != "end" {
		t.Errorf("got %q", body)
	}
	refusedRoot(t, chain(maxLateRounds+1), CodeHardLink, "etc/0")

	var many bytes.Buffer
	for i := range 100 {
		many.Write(header(fmt.Sprintf("usr/%d", i), tar.TypeLink, 0, func(h []byte) { copy(h[157:], "usr/x") }))
	}
	for late, code := range map[int]Code{99: CodeLimit, 100: CodeHardLink} {
		_, err := rootWithin(append(many.Bytes(), endMark...), nil, func(l *limits) { l.late = late })
		wantCode(t, err, code)
	}
	_, err = rootWithin(append(many.Bytes(), endMark...), nil, func(l *limits) { l.memory = 4 << 10 })
	wantCode(t, err, CodeLimit, "list")
}

func TestManyTags(t *testing.T) {
	var list []string
	for i := range 30 {
		list = append(list, fmt.Sprintf(`{"Config":"%d.json","RepoTags":["tag%d"]}`, i, i))
	}
	_, err := openBytes(tarOf(t, text("manifest.json", "["+strings.Join(list, ",")+"]")))
	wantCode(t, err, CodeAmbiguous, "tag0, tag1", "tag19, ...")
	if strings.Contains(err.Error(), "tag20") {
		t.Error(err)
	}
	_, err = openBytes(tarOf(t, text("manifest.json", `[{"Config":"a","RepoTags":["`+strings.Repeat("t", 5000)+`"]},{"Config":"b"}]`)))
	if len(err.Error()) > 600 {
		t.Errorf("message of %d bytes", len(err.Error()))
	}
}

func TestManyPlatforms(t *testing.T) {
	var list []mutate.IndexAddendum
	for i := range 25 {
		p := Platform{OS: "linux", Architecture: fmt.Sprintf("arch%d", i)}
		list = append(list, mutate.IndexAddendum{Add: imageOf(t, p), Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: p.OS, Architecture: p.Architecture}}})
	}
	f := openFile(t, layoutDir(t, list...))
	_, err := f.Root(amd64, nil)
	wantCode(t, err, CodePlatform, "linux/arch0, linux/arch1", "linux/arch19, ...")
}

// TestTwoInOne: the manifest of a new docker save tells that there are several
// images where the index could be taken for one of two platforms.
func TestTwoInOne(t *testing.T) {
	a, b := imageOf(t, amd64, tarOf(t, text("a", "1"))), imageOf(t, Platform{OS: "linux", Architecture: "arm64"}, tarOf(t, text("b", "1")))
	dir := layoutDir(t, mutate.IndexAddendum{Add: a}, mutate.IndexAddendum{Add: b})
	checkA(t, openFile(t, write(t, tarDir(t, dir))))
	must(t, os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(`[{"Config":"a","RepoTags":["one"]},{"Config":"b","RepoTags":["two"]}]`), 0o644))
	_, err := Open(write(t, tarDir(t, dir)))
	wantCode(t, err, CodeAmbiguous, "one, two")
}

func TestArchivesOfLittle(t *testing.T) {
	_, err := openBytes(tarOf(t, text("oci-layout", "{}")))
	wantCode(t, err, CodeManifest, "neither index.json nor manifest.json")
	_, err = openBytes(tarOf(t, text("oci-layout", strings.Repeat(" ", 70_000)), text("index.json", "{}")))
	wantCode(t, err, CodeLimit, "oci-layout")

	// Names that no tool gives to parts of images.
	long := strings.Repeat("app/", 300) + "x"
	if _, err := openBytes(tarOf(t, text(long, "1"))); err != nil {
		t.Error(err)
	}
	_, err = openBytes(tarOf(t, text("manifest.json", "[]"), text(long, "1")))
	wantCode(t, err, CodeManifest, "no image")
	_, err = openBytes(blocks(header("manifest.json", tar.TypeReg, 2, ustar), []byte("[]")))
	wantCode(t, err, CodeTruncated, "cut off")
}

// rawLayout is a layout tar of a manifest as it comes.
func rawLayout(t *testing.T, manifest string, blobs ...string) []byte {
	files := []file{text("index.json", `{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","platform":{"os":"linux","architecture":"amd64"},"digest":"sha256:`+digestOf([]byte(manifest))+`"}]}`)}
	for _, b := range append(blobs, manifest) {
		files = append(files, text("blobs/sha256/"+digestOf([]byte(b)), b))
	}
	return tarOf(t, files...)
}

func TestRawManifests(t *testing.T) {
	const config = `{"architecture":"amd64","os":"linux"}`
	with := func(layers string) []byte {
		return rawLayout(t, `{"config":{"digest":"sha256:`+digestOf([]byte(config))+`"},"layers":[`+layers+`]}`, config)
	}
	if _, err := openBytes(with("")); err != nil {
		t.Error(err)
	}
	refusedRoot(t, with("{}"), CodeDigest, "no digest")
	refusedRoot(t, with(`{"digest":"sha256:00"}`), CodeManifest, "blobs/sha256")
	refusedRoot(t, with("{}"+strings.Repeat(",{}", maxLayers)), CodeLimit, "501 layers")
	refusedRoot(t, rawLayout(t, "{}"), CodeManifest, "not the manifest of an image")
	refusedRoot(t, rawLayout(t, "["), CodeManifest, "blobs/sha256")
	refusedRoot(t, rawLayout(t, `{"config":{"digest":"sha512:`+strings.Repeat("0", 128)+`"}}`), CodeMissing, "blobs/sha512")

	// The same where the platform is not known without the config.
	nameless := func(data []byte) []byte {
		return bytes.Replace(data, []byte(`"platform":{"os":"linux","architecture":"amd64"},`), bytes.Repeat([]byte(" "), 49), 1)
	}
	if _, err := openBytes(nameless(rawLayout(t, `{"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:`+digestOf([]byte(config))+`"}}`, config))); err != nil {
		t.Error(err)
	}
	refusedRoot(t, nameless(rawLayout(t, "[")), CodeManifest, "blobs/sha256")
	refusedRoot(t, nameless(rawLayout(t, `{"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:`+digestOf([]byte("x"))+`"}}`)), CodeMissing)
}

// TestSpoiledNestedIndex: what is wrong deep down is named.
func TestSpoiledNestedIndex(t *testing.T) {
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: imageOf(t, amd64)})
	h, err := index.Digest()
	must(t, err)
	dir := layoutDir(t, mutate.IndexAddendum{Add: index})
	must(t, os.WriteFile(filepath.Join(dir, blobName(h)), []byte("{}"), 0o644))
	_, err = Open(dir)
	wantCode(t, err, CodeDigest, blobName(h))
}

// TestChangedMeanwhile: a file that is replaced while it is open is noticed
// when it is read again.
func TestChangedMeanwhile(t *testing.T) {
	layer := tarOf(t, text("a", strings.Repeat("0123456789", 50_000)), text("b", "1"))
	other := dockerSave(t, amd64, layer)
	for name, data := range map[string][]byte{
		"gzip": dockerSave(t, amd64, gz(t, layer)), "zstd": dockerSave(t, amd64, zst(t, layer)), "whole": gz(t, dockerSave(t, amd64, layer)),
	} {
		for how, spoil := range map[string]func(path string) error{
			"shorter": func(path string) error { return os.Truncate(path, int64(len(data)/3)) },
			"empty":   func(path string) error { return os.Truncate(path, 0) },
			"another": func(path string) error { return os.WriteFile(path, other, 0o644) },
			"text": func(path string) error {
				return os.WriteFile(path, bytes.Repeat([]byte("text "), len(data)/5), 0o644)
			},
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				path := write(t, data)
				r, err := openFile(t, path).Root(amd64, nil)
				must(t, err)
				must(t, spoil(path))
				for _, name := range []string{"a", "b"} {
					if body, err := fs.ReadFile(r, name); err == nil {
						t.Errorf("read %.20q", body)
					} else {
						wantSome(t, err)
					}
				}
			})
		}
	}
}

func TestInflationBound(t *testing.T) {
	in := newStream(zeros{})
	in.end = 100_000
	_, err := in.Seek(1<<30, io.SeekCurrent)
	wantCode(t, err, CodeLimit, "decompresses")
	in = newStream(zeros{})
	in.end = 100
	_, err = io.ReadFull(in, make([]byte, 100))
	must(t, err)
	_, err = in.Read(make([]byte, 1))
	wantCode(t, err, CodeLimit, "decompresses")

	c := &cursor{archive: &decoder{r: zeros{}}, pos: maxInflated - 10}
	if _, err := io.ReadFull(c, make([]byte, 10)); err != nil {
		t.Error(err)
	}
	_, err = c.Read(make([]byte, 1))
	wantCode(t, err, CodeLimit, "decompresses")
}

func TestClosedDecoder(t *testing.T) {
	d, err := newDecoder(bytes.NewReader(zst(t, []byte("abc"))), codeZstd, false)
	must(t, err)
	d.Close()
	d.Close()
	if _, err := d.Read(make([]byte, 1)); !errors.Is(err, fs.ErrClosed) {
		t.Error(err)
	}
}

func TestBadPaths(t *testing.T) {
	_, err := Open("a\x00b")
	wantCode(t, err, CodeRead)
	r := rootOf(t, sample(t, asIs), nil)
	for name, err := range map[string]error{
		"Stat": func() error { _, err := r.Stat("x"); return err }(), "ReadDir": func() error { _, err := r.ReadDir("x"); return err }(),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if info, err := r.Lstat("."); err != nil || info.Name() != "." || !info.IsDir() || info.Sys() != nil || !info.ModTime().IsZero() {
		t.Errorf("the root is %v, %v", info, err)
	}
}

func TestPlatformString(t *testing.T) {
	for want, p := range map[string]Platform{
		"unknown":                {},
		"linux/amd64":            amd64,
		"linux/arm/v7":           {OS: "linux", Architecture: "arm", Variant: "v7"},
		"windows/amd64:10.0.1":   {OS: "windows", Architecture: "amd64", OSVersion: "10.0.1"},
		"linux/mips64le/x:4.1.2": {OS: "linux", Architecture: "mips64le", Variant: "x", OSVersion: "4.1.2"},
	} {
		if got := p.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestMessages: messages say what, where, and what to do.
func TestMessages(t *testing.T) {
	data := dockerSave(t, amd64, tarOf(t, text("etc/a", "1"), text("etc/a/b", "2")))
	path := write(t, data)
	_, err := openFile(t, path).Root(amd64, nil)
	e := new(Error)
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if e.Image != path || !strings.HasPrefix(e.Where, "layer ") || !strings.HasSuffix(e.Where, "/layer.tar: etc/a/b") || e.Err != nil {
		t.Errorf("%+v", e)
	}
	want := "image " + path + ": " + e.Where + `: is below "a", which is not a directory; no container runtime can unpack that`
	if err.Error() != want {
		t.Errorf("got %s", err)
	}
}
