package report

import "testing"

func TestWord(t *testing.T) {
	colour := Style{Width: 80, Colour: true}
	for _, test := range []struct {
		style Style
		word  string
		width int
		want  string
	}{
		{colour, "pass", 8, "\x1b[32mpass\x1b[0m    "},
		{colour, "fail", 4, "\x1b[31mfail\x1b[0m"},
		{colour, "error", 0, "\x1b[31merror\x1b[0m"},
		{colour, "warning", 8, "\x1b[33mwarning\x1b[0m "},
		{colour, "unknown", 0, "\x1b[33munknown\x1b[0m"},
		{colour, "note", 8, "note    "},
		{Style{}, "pass", 8, "pass    "},
	} {
		if got := test.style.Word(test.word, test.width); got != test.want {
			t.Errorf("Word(%q, %d) = %q, want %q", test.word, test.width, got, test.want)
		}
	}
}

func TestHangWord(t *testing.T) {
	const text = "one two three four"
	want := "  error   one two\n          three\n          four"
	if got := (Style{Width: 18}).HangWord("  ", "error", 8, text); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	want = "  \x1b[31merror\x1b[0m   one two\n          three\n          four"
	if got := (Style{Width: 18, Colour: true}).HangWord("  ", "error", 8, text); got != want {
		t.Errorf("in colour: %q, want %q", got, want)
	}
}

func TestTable(t *testing.T) {
	rows := [][]string{
		{"TARGET", "LIBC", "MACHINES"},
		{"debian:12", "glibc 2.36", "aarch64 x86_64 s390x"},
		{"a\x1b\t", "", "-"},
		{"a name that takes nearly all", "musl 1.2", "x86_64 aarch64 riscv64 s390x"},
		{"caf\u00e9", "-", ""},
	}
	want := `  TARGET     LIBC        MACHINES
  debian:12  glibc 2.36  aarch64
                         x86_64
                         s390x
  a\x1b\t                -
  a name that takes nearly all  musl 1.2
      x86_64 aarch64 riscv64 s390x
  café       -
`
	if got := (Style{Width: 36}).Table("  ", rows); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := (Style{Width: 36}).Table("", nil); got != "" {
		t.Errorf("no rows: %q", got)
	}
}
