package index

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// list reads files and errors as lines: "line name" or "line! code".
func list(seq func(func(File, error) bool)) []string {
	var got []string
	for f, err := range seq {
		var fault *Error
		switch {
		case errors.As(err, &fault):
			got = append(got, fmt.Sprintf("%d! %s", fault.Line, fault.Code))
		case err != nil:
			got = append(got, err.Error())
		default:
			got = append(got, fmt.Sprintf("%d %s", f.Line, f.Name))
		}
	}
	return got
}

func TestReadHTML(t *testing.T) {
	for _, test := range []struct {
		name, page string
		want       []string
	}{
		{"as PEP 503", "<!DOCTYPE html><html><body>\n<a href=\"demo-1.0-py3-none-any.whl\">x</a><br>\n<a\nhref='demo-1.0.tar.gz'>x</a>\n</body></html>", []string{"2 demo-1.0-py3-none-any.whl", "3 demo-1.0.tar.gz"}},
		{"one anchor alone", "<a href=\"demo-1.0.tar.gz\">x</a>", []string{"1 demo-1.0.tar.gz"}},
		{"an anchor without a file", "<a href=\"../\">x</a>", nil},
		{"no anchor", "<p>x", []string{"0! syntax"}},
		{"a page without files", "<!DOCTYPE HTML><HTML><body>", nil},
		{"escapes at the end", "<a href=\"demo-1.0.zip%20\">x</a><a href=\"demo-1.0%2Ezip\">x</a><a href=\"demo-1.0.zip%2\">x</a>", []string{"1 demo-1.0.zip"}},
		{"an anchor that closes itself", "<a href=\"demo-1.0.zip\"/><br/><a href=\"demo-1.1.zip\" />", []string{"1 demo-1.0.zip", "1 demo-1.1.zip"}},
		{"not escapes", "<a href=\"demo-1%2g0.zip\">x</a><a href=\"demo-1%g20.zip\">x</a><a href=\"demo-1%2%2E0.zip\">x</a><a href=\"demo-1.%2E.zip\">x</a>",
			[]string{"1! name", "1! name", "1! name", "1! name"}},
		{"capitals and no quotes", "<HTML><A HREF=demo-1.0.tar.gz>x</A>", []string{"1 demo-1.0.tar.gz"}},
		{"far away, quoted, with a query", "<a href=\"https://h/a%2Fb/demo-1.0%2Bx-py3-none-any.whl?a=b/c#sha256=00\">x</a>", []string{"1 demo-1.0+x-py3-none-any.whl"}},
		{"nothing to install", "<a href=\"demo-1.0.tar.gz.asc\">x</a><a href=\"/\">x</a><a>x</a><a name=x>x</a><a href=\"\">x</a><link href=\"demo-1.0.tar.gz\">", nil},
		{"a bad name", "<html>\n<a href=\"nonsense.whl\">x</a><a href=\"demo-1.0.tar.gz\">x</a><a href=\"nonsense.zip\">x</a>", []string{"2! name", "2 demo-1.0.tar.gz", "2! name"}},
		{"in a comment", "<html><!-- <a href=\"demo-1.0.tar.gz\"> -->", nil},
		{"an empty page", "<html></html>", nil},
		{"no page", "no such thing", []string{"0! syntax"}},
		{"nothing", "", []string{"0! syntax"}},
		{"a token without end", "<html>\n<a href=\"" + strings.Repeat("x", 2<<20), []string{"2! syntax"}},
		{"cut short", "<html><a href=\"demo-1.0.tar.gz\">x</a><a href=\"demo-1.1.tar", []string{"1 demo-1.0.tar.gz"}},
	} {
		got := list(ReadPage(strings.NewReader(test.page), "page"))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestAttributes(t *testing.T) {
	page := `<html><a href="../demo-1.0-py3-none-any.whl#SHA256=ABCDEF" data-requires-python="&gt;=3.8&#44;&lt;4" data-yanked="bro&quot;ken" data-core-metadata="true">x</a>
<a href="demo-1.1.zip#egg=demo" data-yanked>x</a><a href="demo-1.2.zip#md5=">x</a>`
	want := []File{
		{Name: "demo-1.0-py3-none-any.whl", Project: "demo", Version: "1.0", IsWheel: true, URL: "../demo-1.0-py3-none-any.whl", Size: -1, Hashes: []Hash{{"sha256", "abcdef"}}, RequiresPython: ">=3.8,<4", Yanked: true, YankedReason: `bro"ken`, Line: 1},
		{Name: "demo-1.1.zip", Project: "demo", Version: "1.1", URL: "demo-1.1.zip", Size: -1, Yanked: true, Line: 2},
		{Name: "demo-1.2.zip", Project: "demo", Version: "1.2", URL: "demo-1.2.zip", Size: -1, Line: 2},
	}
	var got []File
	for f, err := range ReadPage(strings.NewReader(page), "page") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadJSON(t *testing.T) {
	for _, test := range []struct {
		name, page string
		want       []string
	}{
		{"as PEP 691", `{"meta": {"api-version": "1.0"}, "name": "demo", "files": [` + "\n" + `{"filename": "demo-1.0-py3-none-any.whl", "url": "x", "hashes": {}},` + "\n" + `{"filename": "demo-1.0.tar.gz", "url": "x", "hashes": {}}]}`, []string{"2 demo-1.0-py3-none-any.whl", "3 demo-1.0.tar.gz"}},
		{"white space of all kinds", "{\"files\": [ \t\r\n {\"filename\": \"a-1.zip\"} \n , \n {\"filename\": \"a-2.zip\"}\n]}", []string{"2 a-1.zip", "4 a-2.zip"}},
		{"after a byte order mark", "\ufeff \n{\"files\": []}", nil},
		{"a bad name", `{"files": [{"filename": "nonsense.whl"}, {"filename": "demo-1.0.zip"}, {"filename": ""}, {"filename": "demo.exe"}]}`, []string{"1! name", "1 demo-1.0.zip"}},
		{"the project decides", `{"name": "a-1", "files": [{"filename": "a-1-2.zip"}]}`, []string{"1 a-1-2.zip"}},
		{"no files", `{"name": "demo"}`, []string{"1! syntax"}},
		{"the list of projects", "{\"projects\": [\n]}", []string{"2! syntax"}},
		{"files are none", `{"files": {}}`, []string{"1! syntax"}},
		{"a file is none", `{"files": [1]}`, []string{"1! syntax"}},
		{"a name that is none", `{"name": 1, "files": []}`, []string{"1! syntax"}},
		{"cut short", "{\"files\": [\n{\"filename\": \"demo-1.0.zip\"},\n{\"file", []string{"2 demo-1.0.zip", "3! syntax"}},
		{"cut before the end", `{"files": []`, []string{"1! syntax"}},
		{"deep", `{"x": ` + strings.Repeat("[", 20000), []string{"1! syntax"}},
	} {
		got := list(ReadPage(strings.NewReader(test.page), "page"))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestJSONFields(t *testing.T) {
	page := `{"name": "demo", "files": [
{"filename": "demo-1.0-py3-none-any.whl", "url": "../x.whl", "hashes": {"sha256": "AB", "md5": "cd", "other": "ef", "blake2b": "06", "sha384": "03", "sha1": "04", "sha512": "02"}, "requires-python": ">=3.8", "yanked": "bad", "size": 12},
{"filename": "demo-1.1.zip", "url": "y", "hashes": {}, "requires-python": null, "yanked": true},
{"filename": "demo-1.2.zip", "url": "y", "hashes": null, "yanked": false, "size": null},
{"filename": "demo-1.3.zip", "url": "y", "yanked": ""},
{"filename": "demo-1.4.zip", "url": "y", "yanked": null, "size": 0}
]}`
	want := []File{
		{Name: "demo-1.0-py3-none-any.whl", Project: "demo", Version: "1.0", IsWheel: true, URL: "../x.whl", Size: 12, Hashes: []Hash{{"sha256", "ab"}, {"sha512", "02"}, {"sha384", "03"}, {"sha1", "04"}, {"md5", "cd"}, {"blake2b", "06"}}, RequiresPython: ">=3.8", Yanked: true, YankedReason: "bad", Line: 2},
		{Name: "demo-1.1.zip", Project: "demo", Version: "1.1", URL: "y", Size: -1, Yanked: true, Line: 3},
		{Name: "demo-1.2.zip", Project: "demo", Version: "1.2", URL: "y", Size: -1, Line: 4},
		{Name: "demo-1.3.zip", Project: "demo", Version: "1.3", URL: "y", Size: -1, Line: 5},
		{Name: "demo-1.4.zip", Project: "demo", Version: "1.4", URL: "y", Size: 0, Line: 6},
	}
	var got []File
	for f, err := range ReadPage(strings.NewReader(page), "page") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadNames(t *testing.T) {
	text := "# a list\n\ndemo-1.0-py3-none-any.whl\r\n some/where/demo-1.0.tar.gz \nC:\\x\\demo-1.1.zip\nnonsense\nnonsense.whl\nnonsense.zip\n"
	want := []string{"3 demo-1.0-py3-none-any.whl", "4 demo-1.0.tar.gz", "5 demo-1.1.zip", "6! name", "7! name", "8! name"}
	if diff := cmp.Diff(want, list(ReadNames(strings.NewReader(text), "list"))); diff != "" {
		t.Error(diff)
	}
	if got := list(ReadNames(strings.NewReader(strings.Repeat("x", 1<<20)), "list")); len(got) != 1 || got[0] != "0! read" {
		t.Errorf("a line without end: %v", got)
	}
}

// TestReadFails: a reader's own error is reported, and a page has a limit.
func TestReadFails(t *testing.T) {
	broken := iotest.ErrReader(io.ErrUnexpectedEOF)
	for name, seq := range map[string]func(func(File, error) bool){"page": ReadPage(broken, "x"), "names": ReadNames(broken, "x")} {
		n := 0
		for _, err := range seq {
			if n++; !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "x: ") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d errors", name, n)
		}
	}
	page := "\ufeff<a href='a-1.zip'>"
	for limit, want := range map[int64]string{int64(len(page)): "1 a-1.zip", int64(len(page)) - 1: "0! limit"} {
		if got := list(readPage(strings.NewReader(page), "x", limit)); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("at most %d bytes: %v, want %s", limit, got, want)
		}
	}
	for _, err := range readPage(strings.NewReader("123456"), "x", 5) {
		if want := "x: larger than 5 bytes"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for name, want := range map[string]string{
		"a-1.whl": `x:2: "a-1.whl": not a wheel name: want name-version`, "a.txt": `x:2: "a.txt" is not the name of a wheel or source distribution`,
	} {
		for _, err := range ReadNames(strings.NewReader("# names\n"+name), "x") {
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	}
}

// TestStop: nothing is yielded to those who have seen enough.
func TestStop(t *testing.T) {
	json := `{"files": [{"filename": "nonsense.whl"}, {"filename": "a-1.zip"}, {"filename": "b-1.zip"}]}`
	html := `<a href="nonsense.whl"><a href="a-1.zip"><a href="b-1.zip">`
	names := "nonsense.whl\na-1.zip\nb-1.zip"
	for what, seq := range map[string]func(func(File, error) bool){
		"json": ReadPage(strings.NewReader(json), ""), "html": ReadPage(strings.NewReader(html), ""), "names": ReadNames(strings.NewReader(names), ""),
	} {
		for after := 1; after <= 3; after++ {
			n := 0
			for range seq {
				if n++; n == after {
					break
				}
			}
			if what == "names" {
				seq = ReadNames(strings.NewReader(names), "")
			} else {
				seq = ReadPage(strings.NewReader(map[string]string{"json": json, "html": html}[what]), "")
			}
			if n != after {
				t.Errorf("%s: %d of %d", what, n, after)
			}
		}
	}
}

// FuzzReadPage: no page makes the reader fail in another way than by an error, a
// name is never a path, and lines grow.
func FuzzReadPage(f *testing.F) {
	f.Add([]byte(`{"meta": {}, "name": "demo", "files": [{"filename": "demo-1.0.zip", "url": "../a%2fb", "hashes": {"sha256": "00"}, "yanked": "x"}]}`))
	f.Add([]byte("<html>\n<a href=\"a/demo-1.0-py3-none-any.whl#sha256=00\" data-requires-python=\"&gt;3\">x</a>"))
	f.Add([]byte("<a href=%2f%2Fdemo-1.0.zip%>"))
	f.Fuzz(func(t *testing.T, page []byte) {
		line := 0
		for f, err := range ReadPage(bytes.NewReader(page), "page") {
			var fault *Error
			if err != nil {
				if !errors.As(err, &fault) {
					t.Fatalf("%T %v", err, err)
				}
				continue
			}
			if f.Project == "" || f.Version == "" || f.Line < line || f.Line > bytes.Count(page, []byte("\n"))+1 {
				t.Errorf("%+v", f)
			}
			line = f.Line
		}
	})
}
