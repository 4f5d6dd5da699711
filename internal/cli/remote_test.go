package cli

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fixtureServer serves the honest wheels on the loopback.
func fixtureServer(t *testing.T) *httptest.Server {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join("..", "..", "testdata", "wheels"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	t.Cleanup(server.Close)
	return server
}

// TestRemote audits a wheel behind a server on the loopback, as it does the file.
func TestRemote(t *testing.T) {
	server := fixtureServer(t)
	const name = "demo-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
	status, file, _ := inFixtures(t, []string{"audit", "wheels/" + name}, "")
	far, behind, _ := inFixtures(t, []string{"audit", server.URL + "/" + name}, "")
	if status != far || !strings.HasPrefix(behind, strings.TrimRight(file, "\n")) || !strings.Contains(behind, "names are those of text files") {
		t.Errorf("%d %s\n%d %s", status, file, far, behind)
	}
	_, out, _ := inFixtures(t, []string{"audit", "--format", "json", server.URL + "/" + name}, "")
	if !strings.Contains(out, `"unseen":`) || !strings.Contains(out, `"file":"`+name+`"`) {
		t.Error(out)
	}
	if status, out, _ := inFixtures(t, []string{"explain", server.URL + "/" + name}, ""); status != 0 || !strings.Contains(out, "What sets the tag") {
		t.Errorf("%d %s", status, out)
	}
	if status, _, text := inFixtures(t, []string{"audit", server.URL + "/nothere-1.0-py3-none-any.whl"}, ""); status != exitNoAnswer || !strings.Contains(text, "404") {
		t.Errorf("%d %s", status, text)
	}
	if status, out, _ := inFixtures(t, []string{"compat", "-t", "3.11@manylinux_2_17_x86_64", server.URL + "/" + name}, ""); status != 0 || !strings.Contains(out, "yes  "+name) {
		t.Errorf("%d %s", status, out)
	}
}

// TestRemoteRequests: the native code of a wheel behind an address comes in few
// requests, and the rest of the wheel does not come.
func TestRemoteRequests(t *testing.T) {
	text, code := make([]byte, 6<<20), make([]byte, 200<<10)
	random := rand.NewChaCha8([32]byte{})
	random.Read(text)
	random.Read(code)
	copy(code, "\x7fELF")
	var wheel bytes.Buffer
	z := zip.NewWriter(&wheel)
	members := map[string][]byte{"a.txt": text, "z.txt": text}
	for i := range 20 {
		members[fmt.Sprintf("m%02d.so", i)] = code
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(members[name])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var requests, sent atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		http.ServeContent(&countingResponse{w, &sent}, r, "", time.Time{}, bytes.NewReader(wheel.Bytes()))
	}))
	t.Cleanup(server.Close)
	status, out, errs := inFixtures(t, []string{"audit", server.URL + "/demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"}, "")
	if status != exitNoAnswer || !strings.Contains(out, "WT206") {
		t.Errorf("%d %s%s", status, out, errs)
	}
	if got := requests.Load(); got > 4 {
		t.Errorf("%d requests", got)
	}
	if got, all := sent.Load(), int64(20*len(code)); got < all || got > all+2<<20 {
		t.Errorf("%d bytes sent, of them %d of native code", got, all)
	}
}

// countingResponse counts the bytes of bodies.
type countingResponse struct {
	http.ResponseWriter
	sent *atomic.Int64
}

func (c *countingResponse) Write(b []byte) (int, error) {
	c.sent.Add(int64(len(b)))
	return c.ResponseWriter.Write(b)
}

// TestRemoteTimeout: a server that is too slow is given up.
func TestRemoteTimeout(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(server.Close)
	for _, command := range []string{"audit", "explain"} {
		status, _, errs := inFixtures(t, []string{command, "--timeout", "50ms", server.URL + "/demo-1.0-py3-none-any.whl"}, "")
		if status != exitNoAnswer || !strings.Contains(errs, "demo-1.0-py3-none-any.whl: timed out: not finished after 50ms") {
			t.Errorf("%s: %d %s", command, status, errs)
		}
	}
}

// TestRemoteVerify: --verify reads every member, and a configuration applies to URLs
// too.
func TestRemoteVerify(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, file := range []struct{ name, content string }{
		{"demo/data.txt", "content"},
		{"demo/__init__.py", ""},
		{"demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"},
		{"demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
		{"demo-1.0.dist-info/RECORD", "demo/data.txt,sha256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,7\n" +
			"demo/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n" +
			"demo-1.0.dist-info/METADATA,sha256=NKonpgZPlYtBt4GiF_KQ_Qq1-WUeK25Kzas0G3uTwwU,46\n" +
			"demo-1.0.dist-info/WHEEL,sha256=GOJWfGKy_s7ZRMtmrMyJFvIHxzo0gLZVhGWWyTqB6uo,75\ndemo-1.0.dist-info/RECORD,,\n"},
	} {
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: file.name, CRC32: crc32.ChecksumIEEE([]byte(file.content)),
			CompressedSize64: uint64(len(file.content)), UncompressedSize64: uint64(len(file.content)),
		})
		if err == nil {
			_, err = w.Write([]byte(file.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.Bytes()))
	}))
	t.Cleanup(server.Close)
	url := server.URL + "/demo-1.0-py3-none-any.whl"
	ignore := filepath.Join(t.TempDir(), "wheeltag.toml")
	if err := os.WriteFile(ignore, []byte("ignore = [\"WT403\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args   []string
		status int
		found  bool
	}{
		{[]string{"audit", url}, 0, false},
		{[]string{"audit", "--verify", url}, exitNo, true},
		{[]string{"audit", "--verify", "--config", ignore, url}, 0, false},
	} {
		status, out, errs := inFixtures(t, test.args, "")
		if status != test.status || strings.Contains(out, "WT403 error") != test.found {
			t.Errorf("%q: %d %s%s", test.args, status, out, errs)
		}
		if verify := strings.Contains(strings.Join(test.args, " "), "--verify"); strings.Contains(out, "their names are those of text files") == verify {
			t.Errorf("%q: %s", test.args, out)
		}
	}
}
