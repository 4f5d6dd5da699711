package pep440

import "testing"

var benchVersions = []string{"2.31.0", "1!2.0.post1.dev3+local.7", "2024.1.15rc1", " v1.0-ALPHA_01 "}

func BenchmarkParse(b *testing.B) {
	for _, s := range benchVersions {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseInvalid(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("2.31.0-final"); err == nil {
			b.Fatal("accepted")
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	for _, pair := range [][2]string{{"2.31.0", "2.31.1"}, {"1!2.0.post1.dev3+local.7", "1!2.0.post1.dev3+local.8"}} {
		v, w := mustParse(b, pair[0]), mustParse(b, pair[1])
		b.Run(pair[0], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if v.Compare(w) != -1 {
					b.Fatal("wrong order")
				}
			}
		})
	}
}

func BenchmarkString(b *testing.B) {
	for _, s := range []string{"2.31.0", "v1.0-ALPHA"} {
		v := mustParse(b, s)
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = v.String()
			}
		})
	}
}

func BenchmarkParseSpecifierSet(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseSpecifierSet(">=3.9,!=3.9.7,<4"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkContains(b *testing.B) {
	set, err := ParseSpecifierSet(">=3.9,!=3.9.7,<4")
	if err != nil {
		b.Fatal(err)
	}
	v := mustParse(b, "3.11.4")
	b.ReportAllocs()
	for b.Loop() {
		if !set.Contains(v, PrereleasesDefault) {
			b.Fatal("not contained")
		}
	}
}

// Parsing, comparing and testing versions is done for every candidate of an
// index page, so none of it may allocate.
func TestNoAllocations(t *testing.T) {
	for _, s := range append(benchVersions, "1.0", "0.0.1a1.post2.dev3", "\u00a01.0\u00a0") {
		v := mustParse(t, s)
		set, err := ParseSpecifierSet(">=1.0,<3,!=2.0.*,~=1.0,===1.0")
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 0, 64)
		for name, f := range map[string]func(){
			"Parse":        func() { _, _ = Parse(s) },
			"Compare":      func() { v.Compare(v) },
			"AppendString": func() { buf = v.AppendString(buf[:0]) },
			"Contains":     func() { set.Contains(v, PrereleasesDefault) },
		} {
			if n := testing.AllocsPerRun(100, f); n != 0 {
				t.Errorf("%s of %q: %v allocations", name, s, n)
			}
		}
	}
	normal := mustParse(t, "1!2.0rc1.post2.dev3+ubuntu.1")
	if n := testing.AllocsPerRun(100, func() { _ = normal.String() }); n != 0 {
		t.Errorf("String of a normal form: %v allocations", n)
	}
}
