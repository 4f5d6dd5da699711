package index

// stamp is what is compared to find out whether a file has changed: its size, when its
// content changed, when its content or inode changed, and its inode. The last two
// are 0 where the system does not have them.
type stamp struct {
	Size  int64  `json:"size"`
	MTime int64  `json:"mtime_ns"`
	CTime int64  `json:"ctime_ns,omitempty"`
	Inode uint64 `json:"inode,omitempty"`
}

// sameContent reports whether two stamps are of equal content as far as size and time
// say.
func (s stamp) sameContent(t stamp) bool { return s.Size == t.Size && s.MTime == t.MTime }
