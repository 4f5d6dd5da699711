package detect

import (
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// TestFind looks libraries up by every way that loaders have.
func TestFind(t *testing.T) {
	lib, other, musl := "elf:libbundled-abc123.so.1", "elf:libbundled-aarch64.so.1", "elf:ext-x86_64-musl.so"
	glibc := with(glibcBase, "usr/bin/python3.9", "elf:exe-x86_64-dynamic",
		"etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\nhwcap 1 x\n/opt/conf # comment\n",
		"etc/ld.so.conf.d/x.conf", "/opt/included:/opt/second\ninclude ../ld.so.conf\n",
		"opt/conf/libconf.so.1", lib, "opt/included/libincluded.so.1", lib, "opt/second/libsecond.so.1", lib,
		"opt/commented/libcommented.so.1", lib,
		"usr/lib/x86_64-linux-gnu/libmulti.so.1", "-> libmulti.so.1.0", "usr/lib/x86_64-linux-gnu/libmulti.so.1.0", lib,
		"usr/lib/aarch64-linux-gnu/libother.so.1", other, "usr/lib/libmix.so.1", lib, "opt/conf/libmix.so.1", other,
		"opt/run/librun.so.1", lib, "opt/env/libenv.so.1", lib, "opt/elsewhere/libelsewhere.so.1", lib,
		"usr/lib/libout.so.1", "-> ../../../../opt/run/librun.so.1", "usr/lib/libdir.so.1", "dir", "usr/lib/libtext.so.1", "INPUT(x)")
	onMusl := with(muslBase, "usr/bin/python3.9", "elf:exe-x86_64-musl", "usr/lib/libplain.so.1", musl, "opt/lib/libopt.so.1", musl)
	for _, c := range []struct {
		files   map[string]string
		soname  string
		runPath []string
		want    string
	}{
		{glibc, "libconf.so.1", nil, "/opt/conf/libconf.so.1"},
		{glibc, "libincluded.so.1", nil, "/opt/included/libincluded.so.1"},
		{glibc, "libsecond.so.1", nil, "/opt/second/libsecond.so.1"},
		{glibc, "libcommented.so.1", nil, ""},
		{glibc, "libmulti.so.1", nil, "/usr/lib/x86_64-linux-gnu/libmulti.so.1.0"},
		{glibc, "libother.so.1", nil, ""},
		{glibc, "libmix.so.1", nil, "/usr/lib/libmix.so.1"},
		{glibc, "librun.so.1", nil, ""},
		{glibc, "librun.so.1", []string{"/opt/run"}, "/opt/run/librun.so.1"},
		{glibc, "libenv.so.1", nil, "/opt/env/libenv.so.1"},
		{glibc, "/opt/elsewhere/libelsewhere.so.1", nil, "/opt/elsewhere/libelsewhere.so.1"},
		{glibc, "elsewhere/libelsewhere.so.1", nil, ""},
		{glibc, "libout.so.1", nil, "/opt/run/librun.so.1"},
		{glibc, "libdir.so.1", nil, ""},
		{glibc, "libtext.so.1", nil, ""},
		{glibc, "libc.so", nil, ""},
		{onMusl, "libc.so", nil, "/lib/ld-musl-x86_64.so.1"},
		{onMusl, "libpthread.so.0", nil, "/lib/ld-musl-x86_64.so.1"},
		{onMusl, "libpthreads.so.0", nil, ""},
		{onMusl, "libc.musl-x86_64.so.1", nil, "/lib/ld-musl-x86_64.so.1"},
		{onMusl, "libplain.so.1", nil, "/usr/lib/libplain.so.1"},
		{onMusl, "libopt.so.1", nil, ""},
		{with(onMusl, "etc/ld-musl-x86_64.path", "/lib\n/opt/lib\n"), "libopt.so.1", nil, "/opt/lib/libopt.so.1"},
		{with(onMusl, "etc/ld-musl-x86_64.path", "/lib:/opt/lib"), "libopt.so.1", nil, "/opt/lib/libopt.so.1"},
		{with(onMusl, "etc/ld-musl-x86_64.path", "/opt/lib"), "libplain.so.1", nil, ""},
	} {
		s, err := Root(root(t, c.files), Options{LibraryPath: "relative:/opt/env"})
		if err != nil {
			t.Fatal(err)
		}
		libs, ok := s.Loader(&s.Pythons[0])
		if !ok {
			t.Fatal("no loader for the Python")
		}
		got := ""
		needing := &loader.Object{Path: "/opt/x.so", File: &elfaudit.File{RPath: c.runPath}}
		if lib := libs.Find(c.soname, needing); lib != nil {
			got = lib.Place
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.soname, got, c.want)
		}
	}
}
