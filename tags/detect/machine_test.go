package detect

import "testing"

// TestKernel: Python takes its machine from the kernel, as far as a 32-bit ARM system
// runs there.
func TestKernel(t *testing.T) {
	python := func(program string) map[string]string {
		return map[string]string{"bin/sh": program, "usr/bin/python3.11": program, "usr/lib/python3.11/os.py": "#"}
	}
	for _, c := range []struct{ program, kernel, want string }{
		{"elf:arch-armv6l.so", "", "armv6l"},
		{"elf:arch-armv6l.so", "armv6l", "armv6l"},
		{"elf:arch-armv6l.so", "armv7l", "armv7l"},
		{"elf:arch-armv6l.so", "aarch64", "armv8l"},
		{"elf:exe-armv7l-dynamic", "armv7l", "armv7l"},
		{"elf:exe-armv7l-dynamic", "armv8l", "armv8l"},
		{"elf:exe-x86_64-dynamic", "armv7l", "x86_64"},
	} {
		s, err := Root(root(t, python(c.program)), Options{Kernel: c.kernel})
		if err != nil || len(s.Pythons) != 1 {
			t.Fatalf("%v %v", s, err)
		}
		if got := s.Pythons[0].Platform.Arch; got != c.want {
			t.Errorf("%s, kernel %s: %s, want %s", c.program, c.kernel, got, c.want)
		}
	}
}
