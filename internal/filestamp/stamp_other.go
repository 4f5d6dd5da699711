//go:build !linux && !darwin

package filestamp

import "io/fs"

// Of returns the stamp of a file.
func Of(info fs.FileInfo) Stamp {
	return Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano()}
}
