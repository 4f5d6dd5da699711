package wheel

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// said lists problems: code and message.
func said(p problems) string {
	var list []string
	for _, e := range p {
		list = append(list, string(e.Code)+": "+e.Err.Error())
	}
	return strings.Join(list, "; ")
}

// TestMemberPaths: each way in which the name of a member is no plain path, and names
// that are nearly so.
func TestMemberPaths(t *testing.T) {
	const (
		absolute = "path-leaves: the path is absolute"
		up       = `path-leaves: the path has ".."`
		slash    = "path-form: the path has a backslash, which Windows reads as a slash"
	)
	drops := func(element string) string {
		return `path-form: the path has an element that is "` + element + `", which file systems drop`
	}
	windows := func(element string) string {
		return `path-windows: Windows cannot have a file called "` + element + `"`
	}
	for name, want := range map[string]string{
		"a": "", "a/b.py": "", "a/": "", "a/b/": "", "a b": "", ".a": "", "..a": "", "a/..b": "", "ü": "", "con2": "", "CONx": "", "com": "", "com0": "", "comx": "", "lpt": "", "a/b.c.d": "", "xcom1": "",
		"/a": absolute, `\a`: absolute, "c:a": absolute, "C:/a": absolute, "z:a": absolute, `c:\a`: absolute, "1:a": windows("1:a"), "@:a": windows("@:a"), "[:a": windows("[:a"), "{:a": windows("{:a"), "c": "", ":a": windows(":a"), "/": absolute,
		"..": up, "a/..": up, "../a": up, "a/../b": up, `a\..\b`: up, "../": up, `a\b`: slash, `a\`: slash,
		"a//b": drops(""), "./a": drops("."), "a/.": drops("."), "a/./b": drops("."), "": drops(""), "a//": drops(""),
		"a<": windows("a<"), "a>": windows("a>"), "a:b": absolute, "ab:c": windows("ab:c"), `a"`: `path-windows: Windows cannot have a file called "a\""`, "a|": windows("a|"), "a?": windows("a?"), "a*": windows("a*"), "a.": windows("a."), "a ": windows("a "), "a./b": windows("a."), "a /b": windows("a "),
		"CON": windows("CON"), "con": windows("con"), "con.txt": windows("con.txt"), "prn": windows("prn"), "aux": windows("aux"), "nul": windows("nul"), "nul .x": windows("nul .x"), "a/nul.x/b": windows("nul.x"),
		"com1": windows("com1"), "COM9": windows("COM9"), "lpt1.x": windows("lpt1.x"), "LPT9": windows("LPT9"), "com1 ": windows("com1 "), "com:": windows("com:"), "cox1": "", "lpx1": "",
		"a\x1f":     `path-control: the path has the control character 0x1f: "a\x1f"`,
		"a\x7fb":    `path-control: the path has the control character 0x7f: "a\x7fb"`,
		"a\x01/..":  `path-control: the path has the control character 0x01: "a\x01/.."; ` + up,
		"a\x01\x02": `path-control: the path has the control character 0x01: "a\x01\x02"`,
	} {
		var p problems
		pathProblems(&p, &unzip.Entry{Name: name})
		if got := said(p); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
		if plainPath(name) != (want == "") && !(want == "" && strings.HasPrefix(name, "ü")) {
			if plainPath(name) {
				t.Errorf("%q is taken for plain", name)
			}
		}
	}
}

// TestMemberModes: the kinds of files and bits that no installer wants.
func TestMemberModes(t *testing.T) {
	const setUID = "set-uid: has a set-user-ID or set-group-ID bit"
	for _, c := range []struct {
		name string
		unix uint32
		want string
	}{
		{"a", 0, ""}, {"a", 0o100644, ""}, {"a/", 0o040755, ""}, {"a/", 0o042755, ""}, {"a", 0o101755, ""},
		{"a", 0o120777, "special-file: is a symbolic link: installers write its target as the text of a file"}, {"a", 0o020644, "special-file: is a device, not a file"}, {"a", 0o060644, "special-file: is a device, not a file"},
		{"a", 0o010644, "special-file: is a pipe, not a file"}, {"a", 0o140644, "special-file: is a socket, not a file"}, {"a", 0o040755, "special-file: is marked as a directory, but its name is that of a file"},
		{"a", 0o104755, setUID}, {"a", 0o102755, setUID}, {"a", 0o4755, setUID}, {"a", 0o124777, "special-file: is a symbolic link: installers write its target as the text of a file; " + setUID},
	} {
		var p problems
		pathProblems(&p, &unzip.Entry{Name: c.name, External: c.unix << 16})
		if got := said(p); got != c.want {
			t.Errorf("%s, mode %o: %s, want %s", c.name, c.unix, got, c.want)
		}
	}
}

// TestMemberSets: names that file systems do not keep apart, and files where a directory
// must be.
func TestMemberSets(t *testing.T) {
	for _, c := range []struct {
		names string
		want  string
	}{
		{"a b c/d", ""}, {"a a", "duplicate-name: another member of the archive has this name"}, {"a A", `path-case: differs from "a" by letter case alone`}, {"a b/c b", "path-conflict: is a file, and other members have it as their directory"},
		{"a/b/c a/b", "path-conflict: is a file, and other members have it as their directory"}, {"a/b/c a", "path-conflict: is a file, and other members have it as their directory"}, {"a/b A/c", ""}, {"a/ a/b", ""},
	} {
		var entries []unzip.Entry
		for name := range strings.FieldsSeq(c.names) {
			entries = append(entries, unzip.Entry{Name: name})
		}
		var p problems
		set := newPathSet(len(entries))
		for i := range entries {
			set.add(&p, &entries[i])
		}
		set.conflicts(&p, entries)
		if got := said(p); got != c.want {
			t.Errorf("%s: %s, want %s", c.names, got, c.want)
		}
	}
}

// TestSizes: sizes that packed bytes cannot have, and archives that unpack to too much.
func TestSizes(t *testing.T) {
	sized := func(method uint16, packed, size uint64, flags uint16) unzip.Entry {
		return unzip.Entry{Name: "a", Header: unzip.Header{Method: method, Packed: packed, Size: size, Flags: flags}}
	}
	const mib = 1 << 20
	for _, c := range []struct {
		what    string
		size    int64
		entries []unzip.Entry
		want    string
	}{
		{"stored", 100, []unzip.Entry{sized(0, 5, 5, 0)}, ""}, {"stored, of another size", 100, []unzip.Entry{sized(0, 5, 6, 0)}, "sizes: states a size of 6 bytes, which 5 stored bytes cannot have"},
		{"deflated to the utmost", 100, []unzip.Entry{sized(8, 1, 2063, 0)}, ""}, {"deflated further", 100, []unzip.Entry{sized(8, 1, 2064, 0)}, "sizes: states a size of 2064 bytes, which 1 deflated bytes cannot have"},
		{"encrypted", 100, []unzip.Entry{sized(0, 5, 6, unzip.FlagEncrypted)}, ""}, {"strongly", 100, []unzip.Entry{sized(0, 5, 6, unzip.FlagStrong)}, ""}, {"of another method", 100, []unzip.Entry{sized(12, 1, 1<<20, 0)}, ""},
		{"encrypted, then not", 100, []unzip.Entry{sized(0, 5, 6, unzip.FlagEncrypted), sized(0, 1, 2, 0)}, "sizes: states a size of 2 bytes, which 1 stored bytes cannot have"},
		{"64 MiB", 1, []unzip.Entry{sized(12, 1, 32*mib, 0), sized(12, 1, 32*mib, 0)}, ""}, {"a byte more", 2, []unzip.Entry{sized(12, 1, 32*mib, 0), sized(12, 1, 32*mib+1, 0)}, "bomb: unpacks to 67108865 bytes, 33554432 times the size of the archive"},
		{"fifty times", 2 * mib, []unzip.Entry{sized(12, 1, 100*mib, 0)}, ""}, {"a little more", 2 * mib, []unzip.Entry{sized(12, 1, 100*mib+50, 0)}, "bomb: unpacks to 104857650 bytes, 50 times the size of the archive"},
		{"more than fits a number", mib, []unzip.Entry{sized(12, 1, 1<<63, 0), sized(12, 1, 1<<63, 0)}, "bomb: unpacks to 18446744073709551615 bytes, 17592186044415 times the size of the archive"},
	} {
		var p problems
		(&Archive{size: c.size, dir: &unzip.Directory{Entries: c.entries}}).sizeProblems(&p)
		if got := said(p); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// TestEntryProblems: what an entry may not have, with the message.
func TestEntryProblems(t *testing.T) {
	for want, e := range map[string]unzip.Entry{
		"":                        {Header: unzip.Header{Version: 46}},
		"version-needed":          {Header: unzip.Header{Version: 47}},
		"encrypted: is encrypted": {Header: unzip.Header{Flags: unzip.FlagEncrypted}},
		"member-comment":          {Comment: "abc"},
	} {
		e.Limit = 100
		var p problems
		entryProblems(&p, &e)
		got := said(p)
		if want == "" && got != "" || !strings.HasPrefix(got, want) || strings.Count(got, ";") > 0 {
			t.Errorf("%+v: %s, want %s", e, got, want)
		}
	}
	for faults, want := range map[unzip.Faults]string{
		0: "", unzip.FaultExtra: "an extra field is longer than all of them", unzip.FaultZip64: "the ZIP64 field lacks a number", unzip.FaultUnicodeName: "the Unicode path field is cut short or not UTF-8",
		unzip.FaultRepeated: "a ZIP64 or Unicode path field is there twice", unzip.FaultZip64Length: "the ZIP64 field has more numbers than are referred to", unzip.FaultName | unzip.FaultOtherName: "",
	} {
		if got := extraFault(faults); got != want {
			t.Errorf("%b: %s, want %s", faults, got, want)
		}
	}
	for _, c := range []struct {
		e    unzip.Entry
		want bool
	}{
		{unzip.Entry{Place: 0, Limit: 35, Header: unzip.Header{Packed: 5}}, false}, {unzip.Entry{Place: 0, Limit: 34, Header: unzip.Header{Packed: 5}}, true}, {unzip.Entry{Place: 0, Limit: 36, Header: unzip.Header{Packed: 5, RawName: "a"}}, false}, {unzip.Entry{Place: 0, Limit: 35, Header: unzip.Header{Packed: 5, RawName: "a"}}, true},
		{unzip.Entry{Place: -1, Limit: 35}, true}, {unzip.Entry{Place: 10, Limit: 40}, false}, {unzip.Entry{Place: 10, Limit: 39}, true}, {unzip.Entry{Place: 0, Limit: 100, Header: unzip.Header{Packed: 1 << 63}}, true},
	} {
		if got := overlaps(&c.e); got != c.want {
			t.Errorf("%+v: %v", c.e, got)
		}
	}
}
