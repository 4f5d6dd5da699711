package index

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/net/html"
)

// maxPage limits a page in bytes; the largest on a public index has some 20 MB.
const maxPage = 256 << 20

// ReadPage reads the page of one project, HTML or JSON by its first character;
// name is for errors. Yanked files are included. An error that is not an [*Error]
// with a line ends the page.
func ReadPage(r io.Reader, name string) iter.Seq2[File, error] {
	return readPage(r, name, maxPage)
}

// readPage is ReadPage with a limit in bytes.
func readPage(r io.Reader, name string, limit int64) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		text, err := io.ReadAll(io.LimitReader(r, limit+1))
		switch {
		case err != nil:
			yield(File{}, &Error{name, 0, CodeRead, err})
			return
		case int64(len(text)) > limit:
			yield(File{}, &Error{name, 0, CodeLimit, fmt.Errorf("larger than %d bytes", limit)})
			return
		}
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
		if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) {
			readJSON(text, name, yield)
		} else {
			readHTML(text, name, yield)
		}
	}
}

// offer yields a file if an installer would consider it, or the error in its name.
func (f *File) offer(project, source string, yield func(File, error) bool) bool {
	ok, err := f.identify(project)
	switch {
	case err != nil:
		return yield(File{}, &Error{source, f.Line, CodeName, err})
	case ok:
		return yield(*f, nil)
	}
	return true
}

// jsonFile is a file of PEP 691 and PEP 700.
type jsonFile struct {
	Filename       string            `json:"filename"`
	URL            string            `json:"url"`
	Hashes         map[string]string `json:"hashes"`
	RequiresPython *string           `json:"requires-python"`
	Yanked         any               `json:"yanked"`
	Size           *int64            `json:"size"`
}

// readJSON goes through the page file by file, so that each has its line.
func readJSON(text []byte, name string, yield func(File, error) bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	lines := lineCounter{text: text}
	fail := func(err error) {
		yield(File{}, &Error{name, lines.at(d.InputOffset()), CodeSyntax, fmt.Errorf("not the JSON of a simple index: %w", err)})
	}
	if _, err := d.Token(); err != nil {
		fail(err)
		return
	}
	project, files := "", false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			fail(err)
			return
		}
		switch key {
		case "name":
			err = d.Decode(&project)
		case "files":
			files = true
			var ended bool
			if ended, err = jsonFiles(d, &lines, project, name, yield); ended {
				return
			}
		default:
			var skip json.RawMessage
			err = d.Decode(&skip)
		}
		if err != nil {
			fail(err)
			return
		}
	}
	if _, err := d.Token(); err != nil {
		fail(err)
	} else if !files {
		fail(fmt.Errorf(`no "files"; want the page of one project`))
	}
}

// jsonFiles reads the list of files. ended reports that no more is wanted.
func jsonFiles(d *json.Decoder, lines *lineCounter, project, name string, yield func(File, error) bool) (ended bool, err error) {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return false, fmt.Errorf(`"files" is no list`)
	}
	for d.More() {
		line := lines.at(d.InputOffset())
		var j jsonFile
		if err := d.Decode(&j); err != nil {
			return false, err
		}
		f := File{Name: j.Filename, URL: j.URL, Size: -1, Line: line}
		if j.RequiresPython != nil {
			f.RequiresPython = *j.RequiresPython
		}
		if j.Size != nil {
			f.Size = *j.Size
		}
		for _, algorithm := range []string{"sha256", "sha512", "sha384", "sha1", "md5", "blake2b"} {
			if digest, ok := j.Hashes[algorithm]; ok {
				f.Hashes = append(f.Hashes, Hash{algorithm, strings.ToLower(digest)})
			}
		}
		switch yanked := j.Yanked.(type) { // PEP 691: a truthy value means yes
		case bool:
			f.Yanked = yanked
		case string:
			f.Yanked, f.YankedReason = yanked != "", yanked
		}
		if !f.offer(project, name, yield) {
			return true, nil
		}
	}
	_, err = d.Token()
	return false, err
}

// lineCounter turns growing offsets into lines.
type lineCounter struct {
	text     []byte
	upTo     int
	newlines int
}

func (l *lineCounter) at(offset int64) int {
	end := min(max(int(offset), l.upTo), len(l.text))
	// The decoder is before the white space that precedes a value.
	for end < len(l.text) && strings.IndexByte(" \t\r\n,:", l.text[end]) >= 0 {
		end++
	}
	l.newlines += bytes.Count(l.text[l.upTo:end], []byte("\n"))
	l.upTo = end
	return l.newlines + 1
}

// readHTML reads the anchors of a page, as installers do.
func readHTML(text []byte, name string, yield func(File, error) bool) {
	z := html.NewTokenizer(bytes.NewReader(text))
	z.SetMaxBuf(1 << 20)
	line, anchors := 1, 0
	for {
		kind := z.Next()
		raw := z.Raw()
		start := line
		line += bytes.Count(raw, []byte("\n"))
		switch kind {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				yield(File{}, &Error{name, start, CodeSyntax, z.Err()})
			} else if anchors == 0 && !bytes.Contains(bytes.ToLower(text[:min(len(text), 4096)]), []byte("<html")) {
				yield(File{}, &Error{name, 0, CodeSyntax, fmt.Errorf("neither the HTML nor the JSON of a simple index")})
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			if tag, more := z.TagName(); string(tag) != "a" || !more {
				continue
			}
			anchors++
			f := anchor(z)
			if f.Line = start; f.Name != "" && !f.offer("", name, yield) {
				return
			}
		}
	}
}

// anchor reads the attributes of one link.
func anchor(z *html.Tokenizer) File {
	f := File{Size: -1}
	for {
		key, value, more := z.TagAttr()
		switch string(key) {
		case "href":
			link, fragment, _ := strings.Cut(string(value), "#")
			f.URL, f.Name = link, baseName(link)
			if algorithm, digest, ok := strings.Cut(fragment, "="); ok && isDigest(digest) {
				f.Hashes = []Hash{{strings.ToLower(algorithm), strings.ToLower(digest)}}
			}
		case "data-requires-python":
			f.RequiresPython = string(value)
		case "data-yanked":
			f.Yanked, f.YankedReason = true, string(value)
		}
		if !more {
			return f
		}
	}
}

func isDigest(s string) bool {
	return s != "" && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// baseName is the last part of a link's path, decoded.
func baseName(link string) string {
	link, _, _ = strings.Cut(link, "?")
	name := link[strings.LastIndexByte(link, '/')+1:]
	if !strings.Contains(name, "%") {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '%' && i+2 < len(name) && isDigest(name[i+1:i+3]) {
			var c byte
			fmt.Sscanf(name[i+1:i+3], "%02x", &c)
			b.WriteByte(c)
			i += 2
			continue
		}
		b.WriteByte(name[i])
	}
	return b.String()[strings.LastIndexByte(b.String(), '/')+1:]
}

// ReadNames reads a list of file names, one a line; empty lines and those that
// start with # are ignored.
func ReadNames(r io.Reader, name string) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		s := bufio.NewScanner(r)
		for line := 1; s.Scan(); line++ {
			text := strings.TrimSpace(s.Text())
			if text == "" || text[0] == '#' {
				continue
			}
			f := File{Name: text[strings.LastIndexAny(text, `/\`)+1:], Size: -1, Line: line}
			ok, err := f.identify("")
			if err == nil && !ok {
				err = fmt.Errorf("%q is not the name of a wheel or source distribution", f.Name)
			}
			if err != nil {
				if !yield(File{}, &Error{name, line, CodeName, err}) {
					return
				}
			} else if !yield(f, nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield(File{}, &Error{name, 0, CodeRead, err})
		}
	}
}
