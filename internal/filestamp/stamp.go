// Package filestamp tells whether a file is the one that was seen before, without
// reading it.
//
// The time of the last change of content can be set by anyone and is kept by copies;
// that of the inode cannot. A stamp has both, with the inode itself, so that another
// file of the same size and date, put in the place of the first, has another stamp.
package filestamp

import "time"

// Stamp is one state of a file. Changed and Inode are 0 where the system does not have
// them.
type Stamp struct {
	Size     int64  `json:"size"`
	Modified int64  `json:"mtime_ns"` // when the content changed, in nanoseconds since 1970
	Changed  int64  `json:"ctime_ns,omitempty"`
	Inode    uint64 `json:"inode,omitempty"`
}

// Newest returns the later of the two times.
func (s Stamp) Newest() time.Time { return time.Unix(0, max(s.Modified, s.Changed)) }

// SameContent reports whether two stamps are of equal content as far as size and time
// say.
func (s Stamp) SameContent(t Stamp) bool { return s.Size == t.Size && s.Modified == t.Modified }
