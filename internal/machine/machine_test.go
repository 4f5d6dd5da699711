package machine

import (
	"reflect"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, want := range []Machine{
		{System: "linux", Name: "riscv64", Words: []string{"riscv64", "riscv64gc"}, Reports: "riscv64", Bits: 64,
			Triplet: "riscv64-linux-gnu", Directories: []string{"/lib64/lp64d", "/usr/lib64/lp64d"}, Account: "riscv64", GlibcMinor: 17, UVGlibcMinor: 31},
		{System: "linux", Name: "aarch64", Words: []string{"aarch64", "arm64", "arm64/v8", "arm64v8"}, Refused: []string{"arm64"}, Reports: "aarch64",
			Bits: 64, Page: 65536, Triplet: "aarch64-linux-gnu", Account: "arm64v8", GlibcMinor: 17, UVGlibcMinor: 17},
		{System: "linux", Name: "armv8l", Words: []string{"armv8l", "arm/v8"}, Reports: "armv8l", Bits: 32, GlibcMinor: 17, UVGlibcMinor: NoTag},
		{System: "linux", Name: "ppc", Words: []string{"ppc"}, Reports: "ppc", Bits: 32, GlibcMinor: NoTag, UVGlibcMinor: NoTag},
		{System: "linux", Name: "s390x", Words: []string{"s390x"}, Reports: "s390x", Bits: 64, ExecutableStack: true,
			Triplet: "s390x-linux-gnu", Account: "s390x", GlibcMinor: 17, UVGlibcMinor: 17},
		{System: "android", Name: "x86", Words: []string{"x86", "i686", "386"}, Refused: []string{"386", "i686"}, Reports: "i686",
			Bits: 32, GlibcMinor: NoTag, UVGlibcMinor: NoTag},
	} {
		if got, ok := Find(want.System, want.Name); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	for _, name := range []string{"", "arm64", "i386", "-"} {
		if m, ok := Find("linux", name); ok || m.GlibcMinor != NoTag || m.UVGlibcMinor != NoTag {
			t.Errorf("%q is found: %+v", name, m)
		}
	}
	if On("plan9") != nil {
		t.Error("plan9 has machines")
	}
}

// TestWords: no word means two machines of a system.
func TestWords(t *testing.T) {
	count := 0
	for _, system := range []string{"linux", "macos", "windows", "ios", "android", "emscripten"} {
		seen := map[string]string{}
		for _, m := range On(system) {
			count++
			if m.Words[0] != m.Name || m.System != system {
				t.Errorf("%s %s: words %q", system, m.Name, m.Words)
			}
			for _, word := range m.Words {
				if other := seen[word]; other != "" || word != strings.ToLower(word) {
					t.Errorf("%s on %s means %s and %s, or is not in lower case", word, system, other, m.Name)
				}
				seen[word] = m.Name
			}
			for _, word := range m.Refused {
				if other, ok := Find(system, word); ok {
					t.Errorf("%s is refused for %s, and is a machine: %+v", word, m.Name, other)
				}
			}
			if system == "linux" && m.Bits != 32 && m.Bits != 64 {
				t.Errorf("%s has addresses of %d bits", m.Name, m.Bits)
			}
		}
	}
	if rows := strings.Count(text, "\n") - strings.Count(text, "\n#") - 1; rows != count {
		t.Errorf("%d rows, %d machines: a system is misspelt", rows, count)
	}
}

func TestParseErrors(t *testing.T) {
	const good = "linux\tx\t-\t-\t-\t64\t-\t-\t-\t-\t-\t5\t-"
	if _, err := parse("# x\n\n" + good); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"linux\tx":   `"linux\tx" has 2 columns, not 13`,
		good + "\t-": "columns, not 13",
		strings.Replace(good, "64\t-", "many\t-", 1):       "linux x: strconv.Atoi",
		strings.Replace(good, "64\t-", "64\tbig", 1):       "linux x: strconv.Atoi",
		strings.Replace(good, "64\t-\t-", "64\t-\tyes", 1): `linux x: stack is "yes", not exec`,
		strings.Replace(good, "5\t-", "five\t-", 1):        "linux x: strconv.Atoi",
		strings.Replace(good, "5\t-", "5\tyes", 1):         "linux x: strconv.Atoi",
	} {
		if _, err := parse(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", line, err, want)
		}
	}
}
