package audit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags"
)

// TestSeveralMachines: a name with several machines has an answer for each of them.
func TestSeveralMachines(t *testing.T) {
	files := map[string][]byte{}
	for name, fixture := range map[string]string{
		"x/a.cpython-311-x86_64-linux-gnu.so": "ext-x86_64-gnu2.17.so", "y/a.cpython-311-aarch64-linux-gnu.so": "ext-aarch64-gnu2.34.so",
	} {
		data, err := os.ReadFile(filepath.Join(fixtures, "elf", fixture))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	const claims = "manylinux_2_17_x86_64.manylinux_2_17_aarch64"
	r := audited(t, claims, loading, files)
	got := []string{r.Machine, r.PlatformTag}
	for _, p := range r.Others {
		got = append(got, p.Machine, p.Libc, p.PlatformTag, strings.Join(p.PlatformTags, " "), p.SymbolTag)
	}
	if want := "x86_64 manylinux_2_17_x86_64 aarch64 glibc manylinux_2_34_aarch64 manylinux_2_34_aarch64 manylinux_2_34_aarch64"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %s", got, want)
	}
	for tag, want := range map[string]manylinux.Answer{
		"manylinux_2_17": manylinux.No, "manylinux_2_34": manylinux.Yes, "manylinux_2_17_x86_64": manylinux.Yes,
		"manylinux_2_17_aarch64": manylinux.No, "manylinux_2_34_aarch64": manylinux.Yes, "manylinux_2_34_s390x": manylinux.NotApplicable,
		"musllinux_1_2": manylinux.NotApplicable,
	} {
		answer, causes, err := r.Qualifies(tag, nil)
		if answer != want || err != nil || (answer == manylinux.No) != (len(causes) > 0) {
			t.Errorf("%s: %s, %v, %v; want %s", tag, answer, causes, err, want)
		}
	}
	for arch, want := range map[string]loads.Status{"x86_64": loads.Yes, "aarch64": loads.No, "s390x": loads.No} {
		p := tags.Platform{OS: tags.Linux, Arch: arch, Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 28}}
		if a := loads.OnRelease(r.CodeOn(arch), p, nil); a.Loads != want {
			t.Errorf("%s: %s %q, want %s", arch, a.Loads, a.Missing, want)
		}
	}
	e := Explain(r)
	if want := "demo-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_34_aarch64.whl"; e.Filename != want {
		t.Errorf("suggested %s, want %s", e.Filename, want)
	}
	if want := "This is manylinux_2_17_x86_64 and manylinux_2_34_aarch64, though it claims manylinux_2_17_x86_64 and manylinux_2_17_aarch64."; e.Sentence != want {
		t.Errorf("%s\nwant %s", e.Sentence, want)
	}
	count := map[string]int{}
	for _, release := range e.Releases {
		_, machine, _ := strings.Cut(release.Release, "/")
		count[machine]++
	}
	if count["x86_64"] < 40 || count["aarch64"] < 30 || len(count) != 2 {
		t.Errorf("releases: %v", count)
	}
	// One machine, and another that none of the code is for, have one answer.
	delete(files, "y/a.cpython-311-aarch64-linux-gnu.so")
	if r := audited(t, claims, loading, files); len(r.Others) > 0 {
		t.Errorf("others: %+v", r.Others)
	}
	arm := map[string][]byte{"m.so": fixture(t, "arch-armv6l.so")}
	r = audited(t, "linux_armv7l.linux_armv6l", loading, arm)
	p := tags.Platform{OS: tags.Linux, Arch: "armv6l", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 36}}
	if a := loads.OnRelease(r.CodeOn("armv6l"), p, nil); a.Loads != loads.Yes {
		t.Errorf("ARMv6 code of a name for ARMv7 too, on ARMv6: %s %q", a.Loads, a.Missing)
	}
}
