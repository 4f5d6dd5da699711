package tags

import (
	"testing"

	"github.com/wheeltag/wheeltag/internal/machine"
)

// TestArchNumbers: every machine of the table has a number for its system, which
// gives back its name.
func TestArchNumbers(t *testing.T) {
	for os, number := range map[OS]func(string) arch{Linux: linuxArch, MacOS: macArch, IOS: iosArch, Android: androidArch} {
		list := machine.On(os.String())
		if len(list) < 3 {
			t.Errorf("%s has %d machines", os, len(list))
		}
		for _, m := range list {
			if a := number(m.Name); a == 0 || a.String() != m.Name {
				t.Errorf("%s on %s has number %d, which is %s; add it to arch.go", m.Name, os, a, a)
			}
		}
	}
	for _, m := range machine.On(Windows.String()) {
		if windowsTag(m.Name) == "" {
			t.Errorf("Windows has no tag for %s", m.Name)
		}
	}
}

func TestTagSpelling(t *testing.T) {
	for _, c := range []struct {
		os         OS
		word, want string
	}{
		{Linux, "amd64", "x86_64"}, {Linux, "loong64", "loongarch64"}, {Linux, "arm", "armv7l"}, {Linux, "x64", ""}, {Linux, "x86_64", ""},
		{MacOS, "aarch64", "arm64"}, {Windows, "x86_64", ""}, {IOS, "x86_64", "x86_64_iphonesimulator"}, {Android, "i686", "x86"}, {Generic, "amd64", ""},
	} {
		if got := tagSpelling(c.os, c.word); got != c.want {
			t.Errorf("%s %s is %q, want %q", c.os, c.word, got, c.want)
		}
	}
}
