package audit

import (
	_ "embed"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

//go:embed data/leftovers.txt
var leftoverText string

// leftovers are base names of files, and of directories with a slash behind, that belong
// to a source tree.
var leftovers = sync.OnceValue(func() map[string]bool { return wordSet(leftoverText) })

// The limits of what is worth a note, those of pydistcheck 0.11.3.
const (
	manyFiles     = 2000
	largePacked   = 50 << 20 // bytes
	largeUnpacked = 75 << 20
)

// checkSize notes a wheel that takes long to download, unpack or remove.
func checkSize(s *Subject, report reporter) {
	files, packed, unpacked := 0, uint64(0), uint64(0)
	for m := range s.files() {
		files++
		packed += min(m.PackedSize(), 1<<40)
		unpacked += min(m.ClaimedSize(), 1<<40)
	}
	var large []string
	if files > manyFiles {
		large = append(large, fmt.Sprintf("%d files", files))
	}
	if packed > largePacked {
		large = append(large, fmt.Sprintf("%d MiB to download", packed>>20))
	}
	if unpacked > largeUnpacked {
		large = append(large, fmt.Sprintf("%d MiB to unpack", unpacked>>20))
	}
	if large != nil {
		report("large-wheel", finding.Finding{Message: "has " + strings.Join(large, ", ")})
	}
}

// trivialSize is up to how many bytes two files may be equal by chance: empty ones, and
// those with a comment.
const trivialSize = 32

// checkCopies notes files with the same content, by their hashes in RECORD.
func checkCopies(s *Subject, report reporter) {
	if s.record.Err != nil {
		return
	}
	type content struct {
		hash wheel.Hash
		size int64
	}
	first := map[content]string{}
	var copies group
	bytes := int64(0)
	for _, row := range s.record.Rows {
		if row.Err != nil || row.Hash == (wheel.Hash{}) || row.Size <= trivialSize {
			continue
		}
		key := content{row.Hash, row.Size}
		switch original, again := first[key]; {
		case !again:
			first[key] = row.Path
		case original != row.Path:
			copies.add(row.Path, "has the same content as %s", original)
			bytes += row.Size
		}
	}
	if bytes > 1<<20 {
		copies.message += fmt.Sprintf("; copies take %d MiB of the wheel", bytes>>20)
	}
	copies.report("equal-files", report)
}

// What paths may have, in bytes. Windows has 260 characters for a path by default, of
// which a user's site-packages takes about 80; file systems have 255 bytes for a name.
const (
	longPath = 180
	longName = 255
)

// pathRules are the rules that checkPaths reports.
var pathRules = []string{"leftover-file", "long-path", "long-name", "odd-path"}

// checkPaths reports paths with which some systems or tools have trouble.
func checkPaths(s *Subject, report reporter) {
	windows := s.forWindows()
	var left, long, name, spaces, foreign group
	for m := range s.files() {
		full := m.Name()
		if leftover(full) {
			left.add(full, "belongs to a source tree")
		}
		if place := installedAt(full); windows && len(place) > longPath {
			long.add(full, "has a path of %d characters; more than %d may not fit on Windows", len(place), longPath)
		}
		if len(full) > longName && longestPart(full) > longName {
			name.add(full, "has a name of %d bytes; file systems allow %d", longestPart(full), longName)
		}
		if plainASCII(full) {
			continue
		}
		if strings.Contains(full, " ") {
			spaces.add(full, "has a space in its path")
		} else {
			foreign.add(full, "has characters outside ASCII in its path")
		}
	}
	left.report("leftover-file", report)
	long.report("long-path", report)
	name.report("long-name", report)
	spaces.report("odd-path", report)
	foreign.report("odd-path", report)
}

// plainASCII reports whether a path has neither spaces nor characters outside ASCII.
func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] == ' ' || s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func longestPart(name string) int {
	longest := 0
	for part := range strings.SplitSeq(name, "/") {
		longest = max(longest, len(part))
	}
	return longest
}

// leftover reports whether a file or a directory above it belongs to a source tree.
func leftover(name string) bool {
	dir, base := path.Split(name)
	if leftovers()[base] {
		return true
	}
	if !strings.Contains(dir, ".") { // each such directory begins with a dot
		return false
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(dir, "/"), "/") {
		if strings.HasPrefix(part, ".") && leftovers()[part+"/"] {
			return true
		}
	}
	return false
}

// forWindows reports whether the name lets the files be installed on Windows.
func (s *Subject) forWindows() bool {
	for _, c := range s.Claims {
		if c.Any || c.OS == tags.Windows {
			return true
		}
	}
	return len(s.Claims) == 0
}

// checkDataLibrary reports files below *.data that are installed where the files at the
// top are: the directory is for what belongs elsewhere.
func checkDataLibrary(s *Subject, report reporter) {
	if s.dist.wheel == nil {
		return
	}
	var same string
	switch strings.ToLower(s.dist.wheel.RootIsPurelib) {
	case "true":
		same = "purelib/"
	case "false":
		same = "platlib/"
	default:
		return // another rule's
	}
	var files group
	for m := range s.files() {
		if top, rest, _ := strings.Cut(m.Name(), "/"); strings.HasSuffix(top, ".data") && strings.HasPrefix(rest, same) {
			files.add(m.Name(), "is below %s, and by Root-Is-Purelib the files at the top are installed there too", same[:len(same)-1])
		}
	}
	files.report("data-library", report)
}
