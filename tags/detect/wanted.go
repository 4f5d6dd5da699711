package detect

import (
	"path"
	"strings"
)

// Wanted reports whether a file may be read by [Root], by its path in the root.
// A file system that is slow to open files, such as a compressed image, can fetch
// these in one go. Others may be read too, but seldom are.
func Wanted(name string) bool {
	base := path.Base(name)
	switch base {
	case "os-release", "ld.so.conf", "pyvenv.cfg", "build-details.json", "patchlevel.h", "_manylinux.py",
		"libc.so.6", "sh", "dash", "bash", "busybox", "env", "apk":
		return true
	case "status", "installed", "libc6", "musl":
		return strings.HasPrefix(name, "var/lib/dpkg/") || strings.HasPrefix(name, "lib/apk/db/")
	}
	for _, prefix := range []string{"libc-2.", "ld-", "ld64.so", "libstdc++.so.6", "libgcc_s.so.1", "libpython", "_sysconfigdata"} {
		if strings.HasPrefix(base, prefix) {
			return true
		}
	}
	return strings.HasPrefix(name, "etc/ld.so.conf.d/") || interpreterName().MatchString(base)
}
