package filestamp

import (
	"io/fs"
	"syscall"
)

// Of returns the stamp of a file.
func Of(info fs.FileInfo) Stamp {
	s := Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano()}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		s.Changed, s.Inode = sys.Ctimespec.Nano(), sys.Ino
	}
	return s
}
