package audit

import (
	"strings"
	"testing"
)

// TestRulesOnEveryMachine breaks the main rules on 64-bit, 32-bit and big-endian
// machines, each beside a file that does not.
func TestRulesOnEveryMachine(t *testing.T) {
	for _, machine := range []string{"x86_64", "aarch64", "armv7l", "s390x"} {
		prelinked := machine
		if machine == "aarch64" { // prelink never knew it
			prelinked = "x86_64"
		}
		glibc, musl := "manylinux_2_17_"+machine, "musllinux_1_2_"+machine
		name := func(pattern string) string { return strings.ReplaceAll(pattern, "M", machine) }
		one := func(fixture string) map[string]string { return map[string]string{"demo.so": name(fixture)} }
		bundled, versioned := name("libbundled-M.so.1"), name("libdemoxx-M.so.6")
		if machine == "x86_64" {
			bundled, versioned = "libbundled-abc123.so.1", "libdemoxx-abc123.so.6"
		}
		with := func(fixture string) map[string]string {
			return map[string]string{"demo.so": name(fixture), "demo.libs/libbundled-abc123.so.1": bundled}
		}
		for _, c := range []struct {
			tag   string
			files map[string]string
			want  string
		}{
			{glibc, one("ext-M-gnu2.17.so"), ""},
			{glibc, one("ext-M-gnu2.34.so"), "WT201"},
			{"manylinux_2_34_" + machine, one("ext-M-gnu2.34.so"), ""},
			{glibc, one("nosections-M-gnu2.34.so"), "WT201"},
			{"manylinux_2_34_" + machine, one("nosections-M-gnu2.34.so"), ""},
			{glibc, one("need-M-glibc2.99.so"), "WT201"},
			{"manylinux_2_44_" + machine, one("need-M-private.so"), "WT201"},
			{glibc, one("cxx-M-glibcxx3.4.99.so"), "WT201"},
			{glibc, one("lib-M-foo.so"), "WT202"},
			{glibc, one("lib-M-libpython.so"), "WT202 WT212"},
			{glibc, one("lib-M-inflate.so"), ""},
			{glibc, one("lib-M-inflate_fast.so"), "WT203"},
			{glibc, one("hard-M-execstack.so"), "WT208"},
			{glibc, one("hard-M-norelro.so"), "WT217"},
			{glibc, one("hash-M-sysv.so"), map[string]string{"s390x": "WT228"}[machine]}, // in words of 32 bits
			{glibc, one("path-M-opt.so"), "WT216"},
			{glibc, with("bundle-M-runpath.so"), ""},
			{glibc, with("bundle-M-nopath.so"), "WT214"},
			{glibc, one("bundle-M-runpath.so"), "WT202"},
			{glibc, map[string]string{"demo.so": name("bundle-M-versions.so"), "demo.libs/libdemoxx-abc123.so.6": versioned}, ""},
			{glibc, with("bundle-M-versions.so"), "WT201 WT202"}, // the bundled one is another
			{glibc, one("need-M-glibc2.99-weakflag.so"), ""},
			{"manylinux_2_34_" + machine, one("need-M-rseq.so"), "WT201"},
			{"manylinux_2_35_" + machine, one("need-M-rseq.so"), ""},
			{glibc, one("need-M-orphan.so"), "WT213"},
			{"manylinux_2_17_" + prelinked, one("prelinked-" + prelinked + "-gnu2.34.so"), "WT201"},
			{"manylinux_2_34_" + prelinked, one("prelinked-" + prelinked + "-gnu2.34.so"), ""},
			{glibc + "." + musl, one("exe-M-static"), ""},
			{glibc + "." + musl, one("exe-M-static-pie"), ""},
			{glibc + "." + musl, one("exe-M-dynamic"), "WT205"},
			{glibc + "." + musl, one("exe-M-musl"), "WT205"},
			{glibc, one("ext-M-musl.so"), "WT202"}, // libc.so is no library of glibc
			{musl, one("ext-M-musl.so"), ""},
			{musl, one("musl-M-atexit.so"), "WT211"},
			{musl, one("ext-M-gnu2.17.so"), "WT205"},
			{glibc, one("musl-M-atexit.so"), "WT205"},
			{"manylinux_2_17_ppc64le", one("ext-M-gnu2.17.so"), "WT204"},
			{"any", one("ext-M-gnu2.17.so"), "WT209"},
		} {
			got := strings.Join(findings(t, c.tag, c.files), " ")
			if got = strings.TrimSpace(strings.Replace(got, "WT210", "", 1)); got != c.want {
				t.Errorf("%s as %s: %q, want %q", c.files["demo.so"], c.tag, got, c.want)
			}
		}
	}
}
