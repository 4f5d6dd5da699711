package elfaudit

import (
	"debug/elf"
	"strings"
	"testing"
)

// TestLibc covers each sort of evidence and a near miss of it.
func TestLibc(t *testing.T) {
	strong, weak := Symbol{Name: "malloc"}, Symbol{Name: "__cxa_finalize", Weak: true}
	versions := func(library, name string) []VersionNeed { return []VersionNeed{{library, []Version{{name, false, 2}}}} }
	tests := []struct {
		name     string
		interp   string
		needed   []string
		needs    []VersionNeed
		symbol   Symbol
		android  bool
		want     Libc
		evidence string
	}{
		{"glibc loader", "/lib64/ld-linux-x86-64.so.2", nil, nil, strong, false, LibcGlibc, "ld-linux-x86-64.so.2"},
		{"glibc loader of ppc64", "/lib64/ld64.so.2", nil, nil, strong, false, LibcGlibc, "ld64.so.2"},
		{"glibc loader of old", "/lib/ld.so.1", nil, nil, strong, false, LibcGlibc, "ld.so.1"},
		{"musl loader", "/lib/ld-musl-aarch64.so.1", nil, nil, strong, false, LibcMusl, "ld-musl-aarch64.so.1"},
		{"loader against needs", "/lib/ld-musl-aarch64.so.1", []string{"libc.so.6"}, nil, strong, false, LibcMusl, "ld-musl"},
		{"Android loader", "/system/bin/linker64", nil, nil, strong, false, LibcBionic, "linker64"},
		{"Android loader, 32-bit", "/system/bin/linker", nil, nil, strong, false, LibcBionic, "linker"},
		{"linker elsewhere", "/opt/linker64", nil, nil, strong, false, LibcUnknown, "linker64"},
		{"another loader", "/lib/ld-uClibc.so.0", []string{"libc.so.6"}, nil, strong, false, LibcUnknown, "ld-uClibc"},
		{"glibc", "", []string{"libm.so.6", "libc.so.6"}, nil, strong, false, LibcGlibc, "libc.so.6"},
		{"glibc loader needed", "", []string{"ld-linux-aarch64.so.1"}, nil, strong, false, LibcGlibc, "ld-linux"},
		{"glibc loader of s390x needed", "", []string{"ld64.so.1"}, nil, strong, false, LibcGlibc, "ld64.so.1"},
		{"musl", "", []string{"libc.musl-x86_64.so.1"}, nil, strong, false, LibcMusl, "libc.musl"},
		{"musl loader needed", "", []string{"ld-musl-x86_64.so.1"}, nil, strong, false, LibcMusl, "ld-musl"},
		{"both", "", []string{"libc.so.6", "libc.musl-x86_64.so.1"}, nil, strong, false, LibcUnknown, "libc.so.6 and libc.musl"},
		{"name of two", "", []string{"libc.so"}, nil, strong, false, LibcUnknown, "both musl and bionic"},
		{"name of two, Android note", "", []string{"libc.so"}, nil, strong, true, LibcBionic, "Android"},
		{"another version of libc", "", []string{"libc.so.7"}, nil, strong, false, LibcUnknown, "no needed library"},
		{"version of glibc", "", []string{"libm.so.6"}, versions("libm.so.6", "GLIBC_2.29"), strong, false, LibcGlibc, "GLIBC_2.29 of libm.so.6"},
		{"version of another", "", []string{"libgcc_s.so.1"}, versions("libgcc_s.so.1", "GCC_3.0"), strong, false, LibcUnknown, "no needed library"},
		{"version of glibc, of another library", "", []string{"libgcc_s.so.1"}, versions("libgcc_s.so.1", "GLIBC_2.0"), strong, false, LibcUnknown, "no needed library"},
		{"version that looks alike", "", []string{"libx.so"}, versions("libx.so", "GLIBCXX_3.4"), strong, false, LibcUnknown, "no needed library"},
		{"another library", "", []string{"libfoo.so"}, nil, weak, false, LibcUnknown, "no needed library"},
		{"symbols alone", "", nil, nil, strong, false, LibcUnknown, "malloc"},
		{"weak symbols alone", "", nil, nil, weak, false, LibcNone, "no undefined symbol"},
	}
	for _, tt := range tests {
		m := newModel(true, false, elf.EM_AARCH64)
		m.interp, m.needed, m.needs, m.defs = tt.interp, tt.needed, tt.needs, nil
		m.symbols = []Symbol{tt.symbol, {Name: "x", Defined: true}}
		if tt.android {
			m.notes = note(m.byteOrder(), 4, "Android", noteAndroid, words(m.byteOrder(), 21))
		}
		got, evidence := mustRead(t, m.build()).Libc()
		if got != tt.want || !strings.Contains(evidence, tt.evidence) {
			t.Errorf("%s: got %v (%s), want %v (%s)", tt.name, got, evidence, tt.want, tt.evidence)
		}
	}
	m := newModel(true, false, elf.EM_AARCH64)
	m.static, m.typ = true, elf.ET_EXEC
	if got, _ := mustRead(t, m.build()).Libc(); got != LibcNone {
		t.Errorf("static program: got %v", got)
	}
	m.typ = elf.ET_REL
	if got, evidence := mustRead(t, m.build()).Libc(); got != LibcUnknown || evidence != "relocatable object" {
		t.Errorf("object: got %v (%s)", got, evidence)
	}
	for l, want := range map[Libc]string{LibcUnknown: "unknown", LibcNone: "none", LibcGlibc: "glibc", LibcMusl: "musl", LibcBionic: "bionic"} {
		if l.String() != want {
			t.Errorf("%d: got %q", l, l)
		}
	}
}
