package loader

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"debug/elf"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// FuzzTokens: texts without a dollar stay as they are, and no text has results without
// bound. Where musl replaces something, glibc has the same among its results.
func FuzzTokens(f *testing.F) {
	for _, text := range []string{"$ORIGIN/../lib", "${ORIGIN}", "/opt/$LIB/$PLATFORM", "$ORIGINAL", "${LIB", "$$ORIGIN", strings.Repeat("$LIB", 100)} {
		f.Add(text)
	}
	l := New(NewTree(nil), &elfaudit.File{Class: 64, Machine: elf.EM_X86_64}, false, "x86_64")
	f.Fuzz(func(t *testing.T, text string) {
		results := l.expand(text, "/origin")
		if len(results) > len(l.Lib)*len(l.Platform) || !strings.Contains(text, "$") && (len(results) != 1 || results[0] != text) {
			t.Errorf("%q: %q", text, results)
		}
		dir, ok := expandMusl(text, "/origin")
		if ok && strings.Contains(dir, "$") && len(text) <= maxPath {
			t.Errorf("%q: %q", text, dir)
		}
	})
}

// FuzzConfiguration reads hostile configurations, which lead to each other and to a
// thousand directories at most.
func FuzzConfiguration(f *testing.F) {
	f.Add("include *\n/opt:/b", "/lib\n/usr/lib")
	f.Add("include /etc/ld.so.conf\nhwcap 1 x\n/lib=libc6 # x", ":")
	f.Add(strings.Repeat("include ld.so.c?nf\n", 100), "a:b")
	f.Fuzz(func(t *testing.T, conf, muslPath string) {
		tree := NewTree(fstest.MapFS{
			"etc/ld.so.conf": {Data: []byte(conf)}, "etc/ld-musl-x86_64.path": {Data: []byte(muslPath)}, "etc/more.conf": {Data: []byte("/more\ninclude " + conf)},
		})
		for _, interpreter := range []string{"/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"} {
			l := For(tree, &elfaudit.File{Class: 64, Machine: elf.EM_X86_64, Interpreter: interpreter}, "x86_64")
			if len(l.Configured) > maxDirs {
				t.Errorf("%d directories", len(l.Configured))
			}
			l.Find("libx.so", nil)
		}
	})
}

// TestTokens: what becomes of each token, in glibc and in musl.
func TestTokens(t *testing.T) {
	l := &Loader{Lib: []string{"lib64"}, Platform: []string{"p1", "p2"}}
	for text, want := range map[string][2]string{
		"$ORIGIN/a": {"/o/a", "/o/a"}, "${ORIGIN}": {"/o", "/o"}, "/x$ORIGIN": {"/x/o", "/x/o"}, "$ORIGINS": {"$ORIGINS", "/oS"}, "$ORIGIN_": {"$ORIGIN_", "/o_"},
		"$LIB": {"lib64", "-"}, "${LIB}/$ORIGIN": {"lib64//o", "-"}, "/$PLATFORM": {"/p1 /p2", "-"}, "${ORIGIN": {"${ORIGIN", "-"}, "$": {"$", "-"}, "a$b": {"a$b", "-"},
		"$ORIGIN/$ORIGIN": {"/o//o", "/o//o"}, "": {"", ""},
		"$ORIGIN0": {"$ORIGIN0", "/o0"}, "$ORIGIN9": {"$ORIGIN9", "/o9"}, "$ORIGINA": {"$ORIGINA", "/oA"}, "$ORIGINZ": {"$ORIGINZ", "/oZ"}, "$ORIGINa": {"$ORIGINa", "/oa"},
		"$ORIGINz": {"$ORIGINz", "/oz"}, "$ORIGIN:": {"/o:", "/o:"}, "$ORIGIN@": {"/o@", "/o@"}, "$ORIGIN[": {"/o[", "/o["}, "$ORIGIN`": {"/o`", "/o`"}, "$ORIGIN{": {"/o{", "/o{"},
	} {
		if got := strings.Join(l.expand(text, "/o"), " "); got != want[0] {
			t.Errorf("%q: %q, want %q", text, got, want[0])
		}
		got, ok := expandMusl(text, "/o")
		if !ok {
			got = "-"
		}
		if got != want[1] {
			t.Errorf("%q: %q in musl, want %q", text, got, want[1])
		}
	}
	l.Lib = []string{"lib64", "lib"}
	if got := strings.Join(l.expand("/$PLATFORM", "/o"), " "); got != "/p1 /p2" {
		t.Errorf("without $LIB: %q", got)
	}
	l.Platform = nil
	if got := l.expand("/$PLATFORM", "/o"); got != nil {
		t.Errorf("without a platform: %q", got)
	}
}

// TestLongTokens: a text of the length that a path may have is replaced, and a longer one
// or a longer result leads nowhere.
func TestLongTokens(t *testing.T) {
	l := &Loader{Lib: []string{"lib64"}}
	slashes := strings.Repeat("/", maxPath+1)
	for _, c := range []struct{ text, origin, want, musl string }{
		{slashes, "/o", slashes, slashes},
		{"$ORIGIN" + slashes[:maxPath-7], "/o", "/o" + slashes[:maxPath-7], "/o" + slashes[:maxPath-7]},
		{"$ORIGIN" + slashes[:maxPath-6], "/o", "", "$ORIGIN" + slashes[:maxPath-6]},
		{"$ORIGIN/a", slashes[:maxPath-2], slashes[:maxPath-1] + "a", slashes[:maxPath-1] + "a"},
		{"$ORIGIN/a", slashes[:maxPath-1], "", slashes[:maxPath] + "a"},
		{"$ORIGIN$ORIGIN", slashes[:maxPath], "", slashes + slashes[:maxPath-1]},
		{"$ORIGIN$ORIGIN$ORIGIN", slashes, "", slashes},
	} {
		if got := strings.Join(l.expand(c.text, c.origin), " "); got != c.want {
			t.Errorf("%.20s with an origin of %d bytes: %d bytes, want %d", c.text, len(c.origin), len(got), len(c.want))
		}
		if got, ok := expandMusl(c.text, c.origin); !ok || got != c.musl {
			t.Errorf("musl, %.20s with an origin of %d bytes: %d bytes, want %d", c.text, len(c.origin), len(got), len(c.musl))
		}
	}
}

// TestLimits: a loader gives up, and says so.
func TestLimits(t *testing.T) {
	tree := NewTree(nil)
	file := func(names ...string) *elfaudit.File {
		return &elfaudit.File{Class: 64, Machine: elf.EM_X86_64, Needed: names, RPath: []string{"$ORIGIN"}}
	}
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprint("l", i))
	}
	for _, name := range append(names, "m") {
		if err := tree.Put("/"+name, file(names...), nil); err != nil {
			t.Fatal(err)
		}
	}
	l := New(tree, file(), false, "")
	for steps, enough := range map[int]bool{100: false, 10_000: true} {
		l.Limit(steps)
		p := l.Start()
		if _, err := p.Open("/m", nil); err != nil {
			t.Fatal(err)
		}
		if l.Left() >= 0 != enough || enough && len(p.Objects) != 31 {
			t.Errorf("%d steps: %d left, %d objects", steps, l.Left(), len(p.Objects))
		}
	}
}
