//go:build !linux && !darwin

package index

import "io/fs"

func stampOf(info fs.FileInfo) stamp {
	return stamp{Size: info.Size(), MTime: info.ModTime().UnixNano()}
}
