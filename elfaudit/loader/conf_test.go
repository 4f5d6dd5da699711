package loader

import (
	"debug/elf"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/elfaudit"
)

const (
	glibcLoader = "/lib64/ld-linux-x86-64.so.2"
	muslLoader  = "/lib/ld-musl-x86_64.so.1"
)

// loaderOn returns the loader of a program on a disk.
func loaderOn(d fs.ReadLinkFS, interpreter string) *Loader {
	return For(NewTree(d), &elfaudit.File{Class: 64, Machine: elf.EM_X86_64, Interpreter: interpreter}, "x86_64")
}

// problems lists what could not be read.
func problems(l *Loader) []string {
	var list []string
	for _, p := range l.Problems {
		list = append(list, p.Path+": "+p.Err.Error())
	}
	return list
}

// TestConfiguration: which directories ld.so.conf names, directly or in files that it
// includes, and what is said about those that cannot be read.
func TestConfiguration(t *testing.T) {
	for _, c := range []struct {
		what, conf     string
		more           map[string]string
		want, problems string
	}{
		{"separators and comments", "# /x\n\nhwcap 1 /y\n/a:/b,/c\t/d # /e\r\n/f=libc6\nrelative\n/a\n", nil, "/a /b /c /d /f", ""},
		{"a pattern", "include ld.d/*.conf none.conf none/*.conf\n/z", map[string]string{"ld.d/b.conf": "/b", "ld.d/a.conf": "/a", "ld.d/c.txt": "/c"}, "/a /b /z", ""},
		{"absolute and in directories", "include /etc/*/x.conf /y/z.conf", map[string]string{"p/x.conf": "/p", "q/x.conf": "/q", "q/y.conf": "/y", "../y/z.conf": "/y/z"}, "/p /q /y/z", ""},
		{"relative to the file that includes", "include d/a.conf", map[string]string{"d/a.conf": "include b.conf", "d/b.conf": "/b", "b.conf": "/other"}, "/b", ""},
		{"a circle", "include ld.so.conf a.conf\n/z", map[string]string{"a.conf": "/a\ninclude ./a.conf"}, "/a /z", ""},
		{"not files", "include d d/x\n/z", map[string]string{"d/x/y": ""}, "/z", ""},
		{"a circle of links", "include a b\n/z", map[string]string{"a": "-> b", "b": "-> a"}, "/z", "/etc/a: resolve ./etc/a: too many links; /etc/b: resolve ./etc/b: too many links"},
		{"a file of another user", "include secret/a.conf\n/z", map[string]string{"secret/a.conf": "/a"}, "/z", "/etc/secret/a.conf: open etc/secret/a.conf: permission denied"},
		{"a directory of another user", "include secret/*.conf secret/b.conf secret/*.c\n", map[string]string{"secret/b.conf": "/b"}, "/b", "/etc/secret: open etc/secret: permission denied"},
		{"a bad block", "include broken/a.conf broken/*.conf\n/z", map[string]string{"broken/a.conf": "/a"}, "/z", "/etc/broken/a.conf: the disk is broken; /etc/broken: the disk is broken"},
		{"eight levels", "include 1", map[string]string{"1": "include 2", "2": "include 3", "3": "include 4", "4": "include 5", "5": "include 6", "6": "include 7", "7": "include 8", "8": "/8"}, "/8", ""},
		{"nine levels", "include 0\ninclude 8\n/z", map[string]string{"0": "include 1", "1": "include 2", "2": "include 3", "3": "include 4", "4": "include 5", "5": "include 6", "6": "include 7", "7": "include 8 ./8", "8": "/8"}, "/z", "/etc/ld.so.conf: has includes more than 8 deep; skipped"},
	} {
		t.Run(c.what, func(t *testing.T) {
			files := map[string]string{"etc/ld.so.conf": c.conf}
			for name, text := range c.more {
				files[strings.ReplaceAll("etc/"+name, "etc/../", "")] = text
			}
			d := newDisk(t, files)
			d.refuse["etc/secret"], d.refuse["etc/secret/a.conf"] = fs.ErrPermission, fs.ErrPermission
			d.broken["etc/broken"], d.broken["etc/broken/a.conf"] = true, true
			l := loaderOn(d, glibcLoader)
			if got := strings.Join(l.Configured, " "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if got := strings.Join(problems(l), "; "); got != c.problems {
				t.Errorf("problems %q, want %q", got, c.problems)
			}
		})
	}
}

// TestConfigurationLimits: what is one more than a limit is said to be skipped.
func TestConfigurationLimits(t *testing.T) {
	numbered := func(format string, count int) string {
		var b strings.Builder
		for i := range count {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	block := "#" + strings.Repeat(" ", maxConf-1)
	blocks := numbered("include %02d ./%[1]02d\n", maxConfs/maxConf-1) + "include rest\n/z\n"
	full := map[string]string{"etc/ld.so.conf": blocks, "etc/rest": block[:maxConf-len(blocks)]}
	for i := range maxConfs/maxConf - 1 {
		full[fmt.Sprintf("etc/%02d", i)] = block
	}
	over := map[string]string{"etc/rest": full["etc/rest"] + "\n"}
	for name, text := range full {
		if over[name] == "" {
			over[name] = text
		}
	}
	const conf, muslConf = "/etc/ld.so.conf", "/etc/ld-musl-x86_64.path"
	for _, c := range []struct {
		what, interpreter string
		files             map[string]string
		configured        int
		problem           string
	}{
		{"directories", glibcLoader, map[string]string{"etc/ld.so.conf": numbered("/%d\n", maxDirs) + "/0"}, maxDirs, ""},
		{"one directory more", glibcLoader, map[string]string{"etc/ld.so.conf": numbered("/%d\n", maxDirs+1)}, maxDirs, conf + ": names more than 1000 directories; the others are skipped"},
		{"includes", glibcLoader, map[string]string{"etc/ld.so.conf": numbered("include %d\n", maxDirs) + "include 0\n", "etc/999": "/z"}, 1, ""},
		{"one include more", glibcLoader, map[string]string{"etc/ld.so.conf": numbered("include %d\n", maxDirs+1), "etc/1000": "/z"}, 0,
			"/etc/1000: is one of more than 1000 includes of ld.so.conf; the others are skipped"},
		{"bytes", glibcLoader, full, 1, ""},
		{"one byte more", glibcLoader, over, 1, conf + ": and its includes have more than 16777216 bytes; the rest is skipped"},
		{"bytes of one file", glibcLoader, map[string]string{"etc/ld.so.conf": "/z\n" + block[3:]}, 1, ""},
		{"one byte more in a file", glibcLoader, map[string]string{"etc/ld.so.conf": "/z\n" + block[2:]}, 0, conf + ": is larger than 1048576 bytes; skipped"},
		{"directories of musl", muslLoader, map[string]string{"etc/ld-musl-x86_64.path": numbered("/%d:", maxDirs)}, maxDirs, ""},
		{"one more", muslLoader, map[string]string{"etc/ld-musl-x86_64.path": numbered("/%d:", maxDirs+1)}, maxDirs, muslConf + ": names more than 1000 directories; the others are skipped"},
	} {
		files := fstest.MapFS{}
		for name, text := range c.files {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		l := loaderOn(files, c.interpreter)
		if got := strings.Join(problems(l), "; "); len(l.Configured) != c.configured || got != c.problem {
			t.Errorf("%s: %d configured, %q; want %d, %q", c.what, len(l.Configured), got, c.configured, c.problem)
		}
	}
}

// TestMuslPath: the path file next to the directory of a musl loader replaces its
// default directories.
func TestMuslPath(t *testing.T) {
	standard := "/lib /usr/local/lib /usr/lib"
	for _, c := range []struct {
		interpreter, name, text        string
		configured, standard, problems string
	}{
		{muslLoader, "etc/other", "", "", standard, ""},
		{muslLoader, "etc/ld-musl-x86_64.path", "/a:/b\n/c\n\nd e", "/a,/b,/c,d e", "", ""},
		{muslLoader, "etc/ld-musl-x86_64.path", "", "", "", ""},
		{"/opt/musl/lib/ld-musl-aarch64.so.1", "opt/musl/etc/ld-musl-aarch64.path", "/a", "/a", "", ""},
		{muslLoader, "etc/ld-musl-x86_64.path", "-> ld-musl-x86_64.path", "", standard, "/etc/ld-musl-x86_64.path: resolve /etc/ld-musl-x86_64.path: too many links"},
		{"/secret/lib/ld-musl-x86_64.so.1", "secret/etc/ld-musl-x86_64.path", "/a", "", standard, "/secret/etc/ld-musl-x86_64.path: open secret/etc/ld-musl-x86_64.path: permission denied"},
		{"/large/lib/ld-musl-x86_64.so.1", "large/etc/ld-musl-x86_64.path", "/a" + strings.Repeat(":", maxConf), "", standard, "/large/etc/ld-musl-x86_64.path: is larger than 1048576 bytes; skipped"},
		{"/broken/lib/ld-musl-x86_64.so.1", "broken/etc/ld-musl-x86_64.path", "/a", "", standard, "/broken/etc/ld-musl-x86_64.path: the disk is broken"},
	} {
		d := newDisk(t, map[string]string{c.name: c.text})
		d.broken["broken/etc/ld-musl-x86_64.path"] = true
		d.refuse["secret/etc/ld-musl-x86_64.path"] = fs.ErrPermission
		l := loaderOn(d, c.interpreter)
		if got := strings.Join(l.Configured, ","); got != c.configured || strings.Join(l.Default, " ") != c.standard || strings.Join(problems(l), "; ") != c.problems {
			t.Errorf("%s %q: configured %q, default %q, problems %q", c.name, c.text, got, l.Default, problems(l))
		}
	}
}

// TestNew: the directories that are searched without a configuration, and what $LIB may
// mean there.
func TestNew(t *testing.T) {
	for _, c := range []struct {
		machine   elf.Machine
		tag       string
		musl      bool
		dirs, lib string
	}{
		{elf.EM_X86_64, "x86_64", false, "/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib64 /usr/lib64 /lib /usr/lib", "lib64 lib lib32 libx32 lib/x86_64-linux-gnu"},
		{elf.EM_X86_64, "x86_64", true, "/lib /usr/local/lib /usr/lib", "lib64 lib lib32 libx32 lib/x86_64-linux-gnu"},
		{elf.EM_X86_64, "", false, "", "lib64 lib lib32 libx32"},
		{elf.EM_RISCV, "riscv64", false, "/lib/riscv64-linux-gnu /usr/lib/riscv64-linux-gnu /lib64/lp64d /usr/lib64/lp64d /lib64 /usr/lib64 /lib /usr/lib", "lib64 lib lib32 libx32 lib/riscv64-linux-gnu"},
		{elf.EM_ARM, "armv8l", false, "/lib64 /usr/lib64 /lib /usr/lib", "lib64 lib lib32 libx32"},
	} {
		l := New(NewTree(nil), &elfaudit.File{Machine: c.machine}, c.musl, c.tag)
		if strings.Join(l.Default, " ") != c.dirs || strings.Join(l.Lib, " ") != c.lib || l.Left() != MaxSteps || l.In(NewTree(nil)).Left() != MaxSteps {
			t.Errorf("%s, musl %v: default %q, $LIB %q, %d steps", c.tag, c.musl, l.Default, l.Lib, l.Left())
		}
	}
}

// TestLib: $LIB is the directory of the first C library for the machine.
func TestLib(t *testing.T) {
	d := newDisk(t, map[string]string{"lib/x86_64-linux-gnu/libc.so.6": "text", "usr/lib64/libc.so.6": "elf", "lib/libc.so.6": "elf"})
	arm := slices.Clone(d.MapFS["lib/libc.so.6"].Data)
	arm[18] = byte(elf.EM_AARCH64)
	d.MapFS["lib64/libc.so.6"] = &fstest.MapFile{Data: arm}
	if l := loaderOn(d, glibcLoader); !slices.Equal(l.Lib, []string{"lib64"}) {
		t.Errorf("%q", l.Lib)
	}
	delete(d.MapFS, "usr/lib64/libc.so.6")
	if l := loaderOn(d, glibcLoader); !slices.Equal(l.Lib, []string{"lib"}) {
		t.Errorf("%q", l.Lib)
	}
}
