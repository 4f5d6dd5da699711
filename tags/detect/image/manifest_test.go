package image

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// openBytes opens a tar and the root of its only image.
func openBytes(data []byte) (*Root, error) {
	f, err := NewFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	return f.Root(Platform{}, nil)
}

func TestDockerManifests(t *testing.T) {
	layer := tarOf(t, text("a", "1"))
	config := string(configJSON(t, amd64, layer))
	docker := func(manifest string, more ...file) []byte {
		return tarOf(t, append(more, text("c.json", config), text("l/layer.tar", string(layer)), text("manifest.json", manifest))...)
	}
	one := `{"Config":"c.json","RepoTags":["a:1","a:2"],"Layers":["l/layer.tar"]}`
	two := `{"Config":"d.json","RepoTags":["b:1"],"Layers":["l/layer.tar"]}`
	for name, tt := range map[string]struct {
		data  []byte
		code  Code // "" for none
		words string
	}{
		"good":                    {docker("[" + one + "]"), "", ""},
		"the same image twice":    {docker("[" + one + "," + one + "]"), "", ""},
		"two images":              {docker("[" + one + "," + two + "]"), CodeAmbiguous, "a:1 = a:2, b:1"},
		"two without tags":        {docker(`[{"Config":"c.json","Layers":[]},{"Config":"d.json"}]`), CodeAmbiguous, "c.json, d.json"},
		"no image":                {docker("[]"), CodeManifest, "no image"},
		"null":                    {docker("null"), CodeManifest, "no image"},
		"no list":                 {docker(one), CodeManifest, "manifest.json"},
		"no JSON":                 {docker("["), CodeManifest, "manifest.json"},
		"text after it":           {docker("[" + one + "] x"), CodeManifest, "manifest.json"},
		"no config":               {docker(`[{"Layers":["l/layer.tar"]}]`), CodeManifest, "config"},
		"missing config":          {docker("[" + two + "]"), CodeMissing, "d.json"},
		"missing layer":           {docker(`[{"Config":"c.json","Layers":["m/layer.tar"]}]`), CodeMissing, "layer m/layer.tar"},
		"fewer layers":            {docker(`[{"Config":"c.json","Layers":[]}]`), CodeManifest, "lists 1 layers, the manifest 0"},
		"layer outside":           {docker(`[{"Config":"c.json","Layers":["../../l/layer.tar"]}]`), "", ""},
		"layer a link":            {docker(`[{"Config":"c.json","Layers":["x/layer.tar"]}]`, soft("x/layer.tar", "../l/layer.tar")), "", ""},
		"layer a hard link":       {docker(`[{"Config":"c.json","Layers":["x/layer.tar"]}]`, hard("x/layer.tar", "l/layer.tar")), "", ""},
		"layer a link in circles": {docker(`[{"Config":"c.json","Layers":["x"]}]`, soft("x", "y"), soft("y", "x")), CodeLinkLoop, "layer x"},
		"layer a directory":       {docker(`[{"Config":"c.json","Layers":["l"]}]`, dir("l")), CodeMissing, "layer l"},
		"layer no tar":            {docker(`[{"Config":"c.json","Layers":["manifest.json"]}]`), CodeTruncated, "layer manifest.json"},
		"config no JSON":          {docker(`[{"Config":"l/layer.tar","Layers":[]}]`), CodeManifest, "l/layer.tar"},
		"many things":             {docker("[" + strings.Repeat("{},", maxElements+1) + "{}]"), CodeLimit, "manifest.json"},
		"large manifest":          {docker(strings.Repeat(" ", maxManifest+1)), CodeLimit, "manifest.json"},
		"many layers":             {docker(`[{"Config":"n.json","Layers":["l/layer.tar"`+strings.Repeat(`,"l/layer.tar"`, maxLayers)+`]}]`, text("n.json", "{}")), CodeLimit, "501 layers"},
		"as many as may be":       {docker(`[{"Config":"n.json","Layers":["l/layer.tar"`+strings.Repeat(`,"l/layer.tar"`, maxLayers-1)+`]}]`, text("n.json", "{}")), "", ""},
	} {
		for how, data := range map[string][]byte{"plain": tt.data, "gzip": gz(t, tt.data)} {
			t.Run(name+", "+how, func(t *testing.T) {
				r, err := openBytes(data)
				if tt.code != "" {
					wantCode(t, err, tt.code, tt.words)
					return
				}
				must(t, err)
				if got := brief(t, r); got != "a=1" {
					t.Errorf("got %s", got)
				}
			})
		}
	}
}

// TestLastManifest: of two members of one name the last one counts, whatever kind
// it is, also where the first was retained.
func TestLastManifest(t *testing.T) {
	layer := tarOf(t, text("a", "1"))
	data := tarOf(t, text("l.tar", string(layer)), text("c.json", "{}"),
		text("manifest.json", `[{"Config":"c.json","Layers":[]}]`), text("x/other", `[{"Config":"c.json","Layers":["l.tar"]}]`),
		soft("manifest.json", "x/other"))
	for _, pack := range []func(testing.TB, []byte) []byte{asIs, gz} {
		r, err := openBytes(pack(t, data))
		must(t, err)
		if got := brief(t, r); got != "a=1" {
			t.Errorf("got %q", got)
		}
	}
}

// layoutTest is an OCI layout directory that can be spoiled.
type layoutTest struct {
	t   *testing.T
	dir string
	img v1.Image
}

func newLayoutTest(t *testing.T) *layoutTest {
	img := imageOf(t, amd64, tarOf(t, text("a", "1")))
	d := v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}
	return &layoutTest{t, layoutDir(t, mutate.IndexAddendum{Add: img, Descriptor: d}), img}
}

func (l *layoutTest) path(h v1.Hash) string { return filepath.Join(l.dir, blobName(h)) }

func (l *layoutTest) parts() (manifest, config, layer string) {
	h, err := l.img.Digest()
	must(l.t, err)
	m, err := l.img.Manifest()
	must(l.t, err)
	return l.path(h), l.path(m.Config.Digest), l.path(m.Layers[0].Digest)
}

func (l *layoutTest) put(path, data string) { must(l.t, os.WriteFile(path, []byte(data), 0o644)) }

func (l *layoutTest) index(data string) { l.put(filepath.Join(l.dir, "index.json"), data) }

func TestSpoiledLayouts(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0", 64)
	list := func(s string) string { return `{"manifests":[` + s + `]}` }
	const mt = `"mediaType":"application/vnd.oci.image.manifest.v1+json"`
	for name, tt := range map[string]struct {
		spoil func(l *layoutTest)
		code  Code
		words string
	}{
		"no index":        {func(l *layoutTest) { os.Remove(filepath.Join(l.dir, "index.json")) }, CodeFormat, "index.json"},
		"index no JSON":   {func(l *layoutTest) { l.index("{") }, CodeManifest, "index.json"},
		"index empty":     {func(l *layoutTest) { l.index("{}") }, CodeManifest, "lists no image"},
		"index too large": {func(l *layoutTest) { l.index(strings.Repeat(" ", maxManifest+1)) }, CodeLimit, "index.json"},
		"index too long":  {func(l *layoutTest) { l.index(list("0" + strings.Repeat(",0", maxElements+1))) }, CodeLimit, "index.json"},
		"short digest":    {func(l *layoutTest) { l.index(list(`{` + mt + `,"digest":"sha256:00"}`)) }, CodeManifest, "hex digits"},
		"climbing digest": {func(l *layoutTest) { l.index(list(`{` + mt + `,"digest":"sha256:../../../etc/passwd"}`)) }, CodeManifest, "non-hex"},
		"strange digest":  {func(l *layoutTest) { l.index(list(`{` + mt + `,"digest":"../x:00"}`)) }, CodeManifest, "index.json"},
		"no digest":       {func(l *layoutTest) { l.index(list(`{` + mt + `}`)) }, CodeDigest, "index.json"},
		"absent manifest": {func(l *layoutTest) { l.index(list(`{` + mt + `,"digest":"` + digest + `"}`)) }, CodeMissing, "contains none of them"},
		"only attestations": {func(l *layoutTest) {
			l.index(list(`{` + mt + `,"digest":"` + digest + `","platform":{"os":"unknown","architecture":"unknown"}}`))
		}, CodeMediaType, "lists no container image"},
		"only artifacts": {func(l *layoutTest) {
			l.index(list(`{` + mt + `,"digest":"` + digest + `","artifactType":"application/x"}`))
		}, CodeMediaType, "lists no container image"},
		"marked attestation": {func(l *layoutTest) {
			l.index(list(`{` + mt + `,"digest":"` + digest + `","annotations":{"vnd.docker.reference.type":"attestation-manifest"}}`))
		}, CodeMediaType, "lists no container image"},
		"schema 1": {func(l *layoutTest) {
			l.index(list(`{"mediaType":"application/vnd.docker.distribution.manifest.v1+json","digest":"` + digest + `"}`))
		}, CodeMediaType, "first schema"},
		"layout of the future": {func(l *layoutTest) { l.put(filepath.Join(l.dir, "oci-layout"), `{"imageLayoutVersion":"2.0.0"}`) }, CodeManifest, "2.0.0"},
		"layout no JSON":       {func(l *layoutTest) { l.put(filepath.Join(l.dir, "oci-layout"), `x`) }, CodeManifest, "oci-layout"},
		"manifest changed":     {func(l *layoutTest) { m, _, _ := l.parts(); l.put(m, "{}") }, CodeDigest, "digest"},
		"config changed":       {func(l *layoutTest) { _, c, _ := l.parts(); l.put(c, "{}") }, CodeDigest, "digest"},
		"config absent":        {func(l *layoutTest) { _, c, _ := l.parts(); os.Remove(c) }, CodeMissing, "blobs/sha256"},
		"config a directory":   {func(l *layoutTest) { _, c, _ := l.parts(); os.Remove(c); must(l.t, os.Mkdir(c, 0o755)) }, CodeFormat, "regular"},
		"layer absent":         {func(l *layoutTest) { _, _, b := l.parts(); os.Remove(b) }, CodeMissing, "layer sha256:"},
		"layer shorter":        {func(l *layoutTest) { _, _, b := l.parts(); must(l.t, os.Truncate(b, 40)) }, CodeDigest, "40 bytes instead"},
		"layer a link out": {func(l *layoutTest) {
			_, _, b := l.parts()
			os.Remove(b)
			must(l.t, os.Symlink("/etc/passwd", b))
		}, CodeRead, "escapes"},
		"layer damaged": {func(l *layoutTest) {
			_, _, b := l.parts()
			data, err := os.ReadFile(b)
			must(l.t, err)
			data[len(data)-6] ^= 1 // in the checksum
			l.put(b, string(data))
		}, CodeDamaged, "gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLayoutTest(t)
			tt.spoil(l)
			f, err := Open(l.dir)
			if err == nil {
				defer f.Close()
				_, err = f.Root(amd64, nil)
			}
			wantCode(t, err, tt.code, tt.words, l.dir)
		})
	}
}

func TestLayoutWithoutMarker(t *testing.T) {
	l := newLayoutTest(t)
	must(t, os.Remove(filepath.Join(l.dir, "oci-layout")))
	checkA(t, openFile(t, l.dir))
}

func checkA(t *testing.T, f *File) {
	t.Helper()
	r, err := f.Root(amd64, nil)
	must(t, err)
	if got := brief(t, r); got != "a=1" {
		t.Errorf("got %s", got)
	}
}

// TestLayerKinds: which layers are read, and what is said of others.
func TestLayerKinds(t *testing.T) {
	data := tarOf(t, text("a", "1"))
	for _, tt := range []struct {
		kind   types.MediaType
		data   []byte
		absent bool
		code   Code
		words  string
	}{
		{types.OCIUncompressedLayer, data, false, "", ""},
		{types.OCILayer, gz(t, data), false, "", ""},
		{types.OCILayerZStd, zst(t, data), false, "", ""},
		{types.DockerUncompressedLayer, data, false, "", ""},
		{types.DockerLayer, gz(t, data), false, "", ""},
		{dockerZstdLayer, zst(t, data), false, "", ""},
		{types.OCILayer, data, false, "", ""}, // the bytes count, not the name
		{types.OCIUncompressedLayer, zst(t, data), false, "", ""},
		{types.DockerForeignLayer, gz(t, data), false, "", ""}, // handed on all the same
		{types.DockerForeignLayer, gz(t, data), true, CodeForeign, "foreign"},
		{types.OCIRestrictedLayer, gz(t, data), true, CodeForeign, "foreign"},
		{types.DockerLayer, gz(t, data), true, CodeMissing, "layer sha256:"},
		{"application/vnd.oci.image.layer.v1.tar+encrypted", data, false, CodeMediaType, "encrypted"},
		{"", data, false, CodeMediaType, "layer"},
		{types.OCILayer, []byte("\x04\x22\x4d\x18......"), false, CodeCompression, "lz4 -d"},
		{types.OCILayer, []byte("BZh91AY......"), false, CodeDamaged, "bzip2"},
		{types.OCILayer, fromBase64(t, layerXZ), false, "", ""},
	} {
		t.Run(fmt.Sprint(tt.kind, tt.absent), func(t *testing.T) {
			layer := static.NewLayer(tt.data, tt.kind)
			img := imageOfLayers(t, amd64, layer)
			// AppendLayers gives layers of unknown kinds away unchanged.
			dir := layoutDir(t, mutate.IndexAddendum{Add: img})
			if tt.absent {
				h, err := layer.Digest()
				must(t, err)
				must(t, os.Remove(filepath.Join(dir, blobName(h))))
			}
			f := openFile(t, dir)
			if tt.code == "" {
				checkA(t, f)
				return
			}
			_, err := f.Root(amd64, nil)
			wantCode(t, err, tt.code, tt.words)
		})
	}
}

// TestSeveralImages: elements of index.json are images of their own.
func TestSeveralImages(t *testing.T) {
	a, b := imageOf(t, amd64, tarOf(t, text("a", "1"))), imageOf(t, amd64, tarOf(t, text("b", "2")))
	arm := imageOf(t, Platform{OS: "linux", Architecture: "arm64"}, tarOf(t, text("a", "1")))
	named := func(img v1.Image, name string) mutate.IndexAddendum {
		return mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Annotations: map[string]string{"org.opencontainers.image.ref.name": name}}}
	}
	_, err := Open(layoutDir(t, named(a, "one"), named(b, "two")))
	wantCode(t, err, CodeAmbiguous, "one, two", "linux/amd64")
	_, err = Open(layoutDir(t, mutate.IndexAddendum{Add: a}, mutate.IndexAddendum{Add: b}))
	wantCode(t, err, CodeAmbiguous, "sha256:")

	// The same image under two names, and images told apart by platform.
	checkA(t, openFile(t, layoutDir(t, named(a, "one"), named(a, "two"))))
	f := openFile(t, layoutDir(t, named(a, "one"), named(arm, "two")))
	if diff := cmp.Diff([]Platform{amd64, {OS: "linux", Architecture: "arm64"}}, f.Platforms()); diff != "" {
		t.Error(diff)
	}
	checkA(t, f)

	// In a nested index the first of a platform is meant.
	checkA(t, openFile(t, layoutDir(t, mutate.IndexAddendum{Add: mutate.AppendManifests(empty.Index, named(a, "one"), named(b, "two"))})))
}

// TestArtifacts: charts and signatures beside an image are passed over.
func TestArtifacts(t *testing.T) {
	img := imageOf(t, amd64, tarOf(t, text("a", "1")))
	chart := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), "application/vnd.cncf.helm.config.v1+json")
	checkA(t, openFile(t, layoutDir(t, mutate.IndexAddendum{Add: chart}, mutate.IndexAddendum{Add: img})))
	dir := layoutDir(t, mutate.IndexAddendum{Add: chart})
	_, err := Open(dir)
	wantCode(t, err, CodeMediaType, "helm")

	// An index that does not say so leaves it to the manifest.
	h, err := chart.Digest()
	must(t, err)
	l := layoutTest{t: t, dir: dir}
	l.index(`{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"` + h.String() + `"}]}`)
	_, err = Open(dir)
	wantCode(t, err, CodeMediaType, "helm")
}

// TestAbsentPlatform: docker save of one platform keeps the index of all.
func TestAbsentPlatform(t *testing.T) {
	arm := Platform{OS: "linux", Architecture: "arm64"}
	imgArm := imageOf(t, arm, tarOf(t, text("b", "1")))
	var list []mutate.IndexAddendum
	for img, p := range map[v1.Image]Platform{imageOf(t, amd64, tarOf(t, text("a", "1"))): amd64, imgArm: arm} {
		list = append(list, mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: p.OS, Architecture: p.Architecture}}})
	}
	dir := layoutDir(t, mutate.IndexAddendum{Add: mutate.AppendManifests(empty.Index, list...)})
	h, err := imgArm.Digest()
	must(t, err)
	must(t, os.Remove(filepath.Join(dir, blobName(h))))
	f := openFile(t, dir)
	if diff := cmp.Diff([]Platform{amd64}, f.Platforms()); diff != "" {
		t.Error(diff)
	}
	checkA(t, f)
	for _, p := range []Platform{arm, {OS: "linux", Architecture: "arm64", Variant: "v8"}} {
		_, err = f.Root(p, nil)
		wantCode(t, err, CodeMissing, "linux/arm64")
	}
}

// TestDeepIndexes: indexes inside each other are followed so far and no
// further; an index cannot hold itself, for it would have to hold its digest.
func TestDeepIndexes(t *testing.T) {
	img := imageOf(t, amd64, tarOf(t, text("a", "1")))
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: img})
	for depth := 1; depth <= maxDepth+1; depth++ {
		f, err := Open(layoutDir(t, mutate.IndexAddendum{Add: index}))
		if depth > maxDepth {
			wantCode(t, err, CodeLimit, "nested more than 5 deep")
			break
		}
		must(t, err)
		checkA(t, f)
		must(t, f.Close())
		index = mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: index})
	}
}

func TestManyManifests(t *testing.T) {
	var b strings.Builder
	for i := range maxVisited + 1 {
		fmt.Fprintf(&b, `,{"mediaType":"%s","digest":"sha256:%064x"}`, types.OCIManifestSchema1, i)
	}
	_, err := openBytes(tarOf(t, text("index.json", `{"manifests":[`+b.String()[1:]+`]}`)))
	wantCode(t, err, CodeLimit, "1000")
}

func TestClosed(t *testing.T) {
	l := newLayoutTest(t)
	f := openFile(t, l.dir)
	must(t, f.Close())
	_, err := f.Root(amd64, nil)
	wantCode(t, err, CodeRead)

	f = openFile(t, write(t, dockerSave(t, amd64, tarOf(t, text("a", "1")))))
	r, err := f.Root(amd64, nil)
	must(t, err)
	must(t, f.Close())
	_, err = fs.ReadFile(r, "a")
	wantCode(t, err, CodeRead, "closed")
	_, err = f.Root(amd64, nil)
	wantCode(t, err, CodeRead, "closed")
}
