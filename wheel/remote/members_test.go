package remote

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel"
)

// member is a file of an archive for tests.
type member struct {
	name   string
	size   int
	method uint16
}

// pack builds an archive behind a prefix.
func pack(t testing.TB, prefix, comment string, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(prefix)
	z := zip.NewWriter(&b)
	z.SetOffset(int64(len(prefix)))
	for i, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, Method: m.method})
		if err == nil {
			_, err = w.Write(noise(uint64(i), m.size))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	err := z.SetComment(comment)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// metadata are the members that every wheel has.
var metadata = []member{{"demo-1.0.dist-info/METADATA", 200, zip.Store}, {"demo-1.0.dist-info/WHEEL", 100, zip.Store}}

func isModule(name string) bool { return strings.HasSuffix(name, ".so") }

// local returns a File that has all of its content in memory.
func local(t testing.TB, content []byte) *File {
	f, err := newFile(t.Context(), "http://host/a.whl", Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.size = int64(len(content))
	for i := range slices.Collect(slices.Chunk(content, blockSize)) {
		f.cache.put(int64(i), content[i*blockSize:min(len(content), (i+1)*blockSize)])
	}
	return f
}

// TestMembers: spans contain what archive/zip reads of the members, and little more.
func TestMembers(t *testing.T) {
	some := []member{{"a.so", 1000, zip.Store}, {"b.py", 5000, zip.Store}, {"c.so", 3000, zip.Deflate}, {"d.so", 0, zip.Store}, {"e.py", 9, zip.Store}, {"f.so", 70_000, zip.Store}}
	var many []member
	for i := range 1<<16 + 9 {
		many = append(many, member{fmt.Sprintf("%d.so", i), 3, zip.Store})
	}
	for name, content := range map[string][]byte{
		"plain":   pack(t, "", "", some...),
		"prefix":  pack(t, "#!/bin/sh\n", "", some...),
		"comment": pack(t, "", "PK\x05\x06 and more", some...),
		"zip64":   pack(t, "", "", many...),
	} {
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		spans := local(t, content).members(isModule)
		i := 0
		for _, file := range z.File {
			if !isModule(file.Name) {
				continue
			}
			at, err := file.DataOffset()
			if err != nil || i == len(spans) {
				t.Fatalf("%s: %d spans, error %v", name, len(spans), err)
			}
			s, end := spans[i], at+int64(file.CompressedSize64)
			last := i == len(spans)-1
			if s.off != at-30-int64(len(file.Name)) || s.end() < end || s.end() > end+24 && !last {
				t.Fatalf("%s: %s: %v; archive/zip has it at %d to %d", name, file.Name, s, at, end)
			}
			i++
		}
		if i != len(spans) {
			t.Errorf("%s: %d spans, want %d", name, len(spans), i)
		}
	}
	t.Setenv("GODEBUG", "zipinsecurepath=0")
	outside := local(t, pack(t, "", "", member{"../a.so", 10, zip.Store}, member{"/b.so", 10, zip.Store}))
	if spans := outside.members(isModule); len(spans) != 2 {
		t.Errorf("names that lead out of the archive: %v", spans)
	}
	for name, content := range map[string][]byte{"empty": nil, "noise": noise(1, 5000), "no members": pack(t, "", "")} {
		if spans := local(t, content).members(isModule); len(spans) > 0 {
			t.Errorf("%s: %v", name, spans)
		}
	}
}

// TestLargeMember: a member of 16 MiB is prefetched, a larger one is not.
func TestLargeMember(t *testing.T) {
	for size, want := range map[int]int{maxMember - 50: 1, maxMember - 49: 0} { // there are 50 bytes around it
		content := pack(t, "", "", member{"a.so", size, zip.Store}, member{"b.py", 1, zip.Store})
		spans := local(t, content).members(isModule)
		if len(spans) != want {
			t.Errorf("%d bytes: %v", size, spans)
		}
	}
}

// TestLargeDirectory: a directory of more than 16 MiB gives no members.
func TestLargeDirectory(t *testing.T) {
	for _, count := range []int{250, 300} {
		var many []member
		for i := range count {
			many = append(many, member{fmt.Sprintf("%060000d.so", i), 3, zip.Store})
		}
		want := count
		if count*60_000 > maxDirectory {
			want = 0
		}
		if got := len(local(t, pack(t, "", "", many...)).members(isModule)); got != want {
			t.Errorf("%d members, want %d", got, want)
		}
	}
}

func TestMerge(t *testing.T) {
	const gap = minAhead * blockSize
	for _, test := range []struct{ spans, want []span }{
		{nil, nil},
		{[]span{{10, 5}, {0, 5}}, []span{{0, 15}}},
		{[]span{{0, 10}, {5, 2}}, []span{{0, 10}}},
		{[]span{{0, 10}, {5, 20}}, []span{{0, 25}}},
		{[]span{{0, 10}, {10 + gap, 1}}, []span{{0, 11 + gap}}},
		{[]span{{0, 10}, {11 + gap, 1}}, []span{{0, 10}, {11 + gap, 1}}},
		{[]span{{0, 10}, {10, maxMember - 10}}, []span{{0, maxMember}}},
		{[]span{{0, 10}, {10, maxMember - 9}}, []span{{0, 10}, {10, maxMember - 9}}},
	} {
		if got := merge(slices.Clone(test.spans)); !slices.Equal(got, test.want) {
			t.Errorf("%v: %v, want %v", test.spans, got, test.want)
		}
	}
}

// TestBudget: members are prefetched up to 48 MiB, and a smaller one that still fits
// is.
func TestBudget(t *testing.T) {
	const large = 15 << 20
	content := pack(t, "", "", member{"a.so", large, zip.Store}, member{"b.so", large, zip.Store}, member{"c.so", large, zip.Store},
		member{"d.so", large, zip.Store}, member{"e.py", 100_000, zip.Store}, member{"f.so", 1 << 20, zip.Store}, member{"g.py", 100_000, zip.Store})
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", content, nil)
		f := o.open()
		if err := f.Prefetch(isModule); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(f, f.Size())
		if err != nil {
			t.Fatal(err)
		}
		before := o.number()
		for _, file := range z.File {
			at, err := file.DataOffset()
			if err != nil {
				t.Fatal(err)
			}
			last := at + int64(file.CompressedSize64) - 1
			if _, err := f.ReadAt(make([]byte, 1), last); err != nil {
				t.Fatal(err)
			}
			fetched := o.number() > before
			before = o.number()
			if fetched != (file.Name == "d.so") && file.Name != "e.py" && file.Name != "g.py" {
				t.Errorf("%s: fetched by the reader %v", file.Name, fetched)
			}
		}
	})
}

// FuzzMembers: whatever the archive says, spans are within the file.
func FuzzMembers(f *testing.F) {
	f.Add(pack(f, "", "", metadata...))
	f.Add(pack(f, "prefix", "comment", metadata...))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, s := range local(t, content).members(func(string) bool { return true }) {
			if s.off < 0 || s.length <= 0 || s.length > maxMember || s.end() > int64(len(content)) {
				t.Fatalf("%v of %d bytes", s, len(content))
			}
		}
	})
}

// wheelOf builds a wheel of many Python files, with extension modules between them.
func wheelOf(t testing.TB, files, size, modules, moduleSize int) []byte {
	var members []member
	for i := range files {
		if every := files / modules; i%every == every/2 {
			members = append(members, member{fmt.Sprintf("demo/_ext%d.so", i/every), moduleSize, zip.Deflate})
		}
		members = append(members, member{fmt.Sprintf("demo/module_%03d.py", i), size, zip.Store})
	}
	return pack(t, "", "", append(members, metadata...)...)
}

// readModules opens the wheel and reads its extension modules.
func readModules(t *testing.T, f *File) {
	t.Helper()
	a, err := wheel.Open(f, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	for m := range a.Members() {
		if isModule(m.Name()) {
			if data, err := m.ReadAll(1 << 30); err != nil || uint64(len(data)) != m.ClaimedSize() {
				t.Fatalf("%s: %d bytes, error %v", m.Name(), len(data), err)
			}
		}
	}
}

// TestRequests: what it costs to read the modules of a wheel, with and without
// Prefetch.
func TestRequests(t *testing.T) {
	for _, test := range []struct {
		name     string
		content  []byte
		prefetch bool
		requests int
		extra    int // percent of bytes beside those of the modules
	}{
		{"one module of many files", wheelOf(t, 500, 20_000, 1, 300_000), true, 2, 50},
		{"one module of many files, plain", wheelOf(t, 500, 20_000, 1, 300_000), false, 5, 120},
		{"60 modules", wheelOf(t, 60, 20_000, 60, 100_000), true, 3, 30},
		{"60 modules, plain", wheelOf(t, 60, 20_000, 60, 100_000), false, 9, 30},
		{"60 modules far from each other", wheelOf(t, 600, 20_000, 60, 20_000), true, 61, 200},
		{"60 modules far from each other, plain", wheelOf(t, 600, 20_000, 60, 20_000), false, 15, 1000},
		{"a large directory", wheelOf(t, 9000, 20, 1, 1000), true, 3, 200_000},
		{"a large directory, plain", wheelOf(t, 9000, 20, 1, 1000), false, 3, 200_000},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *network) {
				o := n.serve(t, "host:80", test.content, nil)
				f := o.open()
				if test.prefetch {
					if err := f.Prefetch(isModule); err != nil {
						t.Fatal(err)
					}
				}
				before := o.number()
				readModules(t, f)
				if test.prefetch && o.number() != before {
					t.Errorf("%d requests after Prefetch", o.number()-before)
				}
				modules := int64(0)
				z, _ := zip.NewReader(bytes.NewReader(test.content), int64(len(test.content)))
				for _, file := range z.File {
					if isModule(file.Name) {
						modules += int64(file.CompressedSize64)
					}
				}
				extra := (o.bytes() - modules) * 100 / modules
				t.Logf("%d requests, %d bytes of %d, %d %% more than the modules", o.number(), o.bytes(), len(test.content), extra)
				if o.number() > test.requests || extra > int64(test.extra) {
					t.Errorf("want at most %d requests, %d %% more", test.requests, test.extra)
				}
				if o.most > maxRequests {
					t.Errorf("%d requests at a time", o.most)
				}
			})
		})
	}
}

// TestPrefetchFails: the first error ends it soon.
func TestPrefetchFails(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", wheelOf(t, 600, 20_000, 60, 20_000), afterOpen(status(404)))
		f := o.open()
		wantCode(t, f.Prefetch(isModule), CodeNotFound)
		if o.number() > 1+2*maxRequests {
			t.Errorf("%d requests", o.number())
		}
	})
}

// TestNoArchive: a file that is no archive can be read all the same.
func TestNoArchive(t *testing.T) {
	end := "PK\x05\x06" + strings.Repeat("\xff", 18)
	for name, tail := range map[string]string{"noise": "", "cut": end[:21], "end record": end, "end record of nothing": "PK\x05\x06" + strings.Repeat("\x00", 18)} {
		inBubble(t, func(t *testing.T, n *network) {
			o := n.serve(t, "host:80", append(noise(1, 300_000), tail...), nil)
			f := o.open()
			if err := f.Prefetch(isModule); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			compare(t, f, o.content)
		})
	}
}

// TestFarDirectory: a directory of more than 16 MiB is not fetched at once.
func TestFarDirectory(t *testing.T) {
	for size, want := range map[int]int64{maxDirectory + tailSize: maxDirectory, maxDirectory + tailSize + 2*blockSize: 0} {
		inBubble(t, func(t *testing.T, n *network) {
			o := n.serve(t, "host:80", append(make([]byte, size-22), "PK\x05\x06"+strings.Repeat("\x00", 18)...), nil)
			o.open()
			if more := o.bytes() - tailSize; more < want || more >= want+1<<20 {
				t.Errorf("%d bytes, want %d", more, want)
			}
		})
	}
}

// TestNegativeOffset: an offset of 64 bits that is negative in an int64.
func TestNegativeOffset(t *testing.T) {
	content := pack(t, "", "", member{"a.so", 10, zip.Store}, member{"b.so", 10, zip.Store})
	at, end := bytes.Index(content, []byte("PK\x01\x02")), bytes.LastIndex(content, []byte("PK\x05\x06"))
	le := binary.LittleEndian
	entry := bytes.Clone(content[at:][:46+4])
	extra := le.AppendUint64([]byte{1, 0, 8, 0}, 1<<64-100)
	le.PutUint16(entry[30:], uint16(len(extra)))
	le.PutUint32(entry[42:], 1<<32-1)
	changed := slices.Concat(content[:at], entry, extra, content[at+50:])
	le.PutUint32(changed[end+len(extra)+12:], uint32(end-at+len(extra)))
	spans := local(t, changed).members(isModule)
	if len(spans) != 1 || spans[0].off <= 0 {
		t.Errorf("%v", spans)
	}
}

// TestDirectoryFails: a fault while the directory is fetched is one of Open.
func TestDirectoryFails(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", wheelOf(t, 9000, 20, 1, 1000), afterOpen(status(http.StatusForbidden)))
		_, err := Open(t.Context(), "http://host"+path, o.options())
		wantCode(t, err, CodeDenied)
	})
}
