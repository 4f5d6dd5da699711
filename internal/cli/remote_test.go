package cli

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
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
	if status != far || !strings.HasPrefix(behind, strings.TrimRight(file, "\n")) || !strings.Contains(behind, "were not looked at") {
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
