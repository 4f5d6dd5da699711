package wheel

import (
	"strings"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// What can be wrong with the sizes that the directory states. [Archive.Problems] finds
// these.
const (
	CodeBomb  Code = "bomb"  // unpacks to many times its size
	CodeSizes Code = "sizes" // a size that the packed bytes of the member, or a directory, cannot have
)

// The limits beyond which PyPI rejects an archive: a ratio, for archives that unpack
// to more than a size. Source: warehouse, forklift/legacy.py, 2026-08-21.
const (
	bombRatio = 50
	bombSize  = 64 << 20 // bytes
)

// maxExpansion is how many times its size deflated data can be at most.
const maxExpansion = 1032

// sizeProblems judges the stated sizes of the members.
func (a *Archive) sizeProblems(p *problems) {
	var sum uint64
	for i := range a.dir.Entries {
		e := &a.dir.Entries[i]
		if sum += e.Size; sum < e.Size {
			sum = 1<<64 - 1
		}
		// An empty file takes two bytes when it is deflated, and some tools do so.
		if strings.HasSuffix(e.Name, "/") && (e.Size != 0 || e.CRC32 != 0 || e.Packed > 2) {
			p.add(e.Name, e.Offset, CodeSizes, "is a directory and states content: %d bytes packed to %d, with the CRC-32 %08x", e.Size, e.Packed, e.CRC32)
			continue
		}
		if e.Flags&(unzip.FlagEncrypted|unzip.FlagStrong) != 0 {
			continue
		}
		if e.Method == unzip.Stored && e.Packed != e.Size || e.Method == unzip.Deflated && e.Size/maxExpansion > e.Packed {
			p.add(e.Name, e.Offset, CodeSizes, "states a size of %d bytes, which %d %s bytes cannot have", e.Size, e.Packed, unzip.MethodName(e.Method))
		}
	}
	if sum > bombSize && a.size > 0 && sum/bombRatio > uint64(a.size) {
		p.add("", 0, CodeBomb, "unpacks to %d bytes, %d times the size of the archive", sum, sum/uint64(a.size))
	}
}
