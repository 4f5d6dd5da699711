package audit

import (
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/auditwheel"
)

// libraryPath finds libraries in directories, in their order. It may be used from
// several goroutines.
type libraryPath struct {
	dirs []string

	lock sync.Mutex
	read map[string]*linkset.File // by path; nil for what is no ELF file
}

// maxOutside bounds the files that are remembered, and maxLinks the links of one.
const (
	maxOutside = 10_000
	maxLinks   = 40
)

// newLibraryPath makes a libraryPath of directories, of which those that do not exist
// have no libraries.
func newLibraryPath(dirs []string) *libraryPath {
	return &libraryPath{dirs: dirs, read: map[string]*linkset.File{}}
}

// find returns the first file with a name that can serve another file, or nil. Its Path
// is where links lead. Names with slashes are not looked for.
func (l *libraryPath) find(like *linkset.File, name string) *linkset.File {
	if strings.ContainsAny(name, "/\x00") || name == "" {
		return nil
	}
	for _, dir := range l.dirs {
		if f := l.file(filepath.Join(dir, name)); f != nil && auditwheel.Compatible(like, f) {
			return f
		}
	}
	return nil
}

func (l *libraryPath) file(place string) *linkset.File {
	l.lock.Lock()
	defer l.lock.Unlock()
	f, known := l.read[place]
	if known {
		return f
	}
	if info, err := os.Stat(place); err == nil && info.Mode().IsRegular() {
		target := followLinks(place)
		f, err := elfaudit.ReadFile(target)
		if err == nil && len(l.read) < maxOutside {
			l.read[place] = linkset.NewFile(target, f, nil)
			return l.read[place]
		}
	}
	if len(l.read) < maxOutside {
		l.read[place] = nil
	}
	return nil
}

// followLinks returns where the links lead that a file is, not those that its directories
// are.
func followLinks(place string) string {
	for range maxLinks {
		link, err := os.Readlink(place)
		if err != nil {
			break
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(place), link)
		}
		place = link
	}
	return filepath.Clean(place)
}
