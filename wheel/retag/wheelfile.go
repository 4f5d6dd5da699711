package retag

import (
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/wheel"
)

// wheelFile gives the text of WHEEL for a file name, nil if it is right as it is.
func (s *source) wheelFile(name *wheel.Name) (text []byte, changes []Change, err error) {
	path := s.dist.Dir + "/WHEEL"
	old, err := s.dist.ReadFile("WHEEL")
	if err != nil {
		return nil, nil, s.refuse(CodeWheel, err)
	}
	info, err := wheel.ParseInfo(path, old)
	if err != nil {
		return nil, nil, s.refuse(CodeWheel, err)
	}
	var tags []string
	for t := range name.Tags.Tags() {
		tags = append(tags, t.String())
	}
	build := name.Build.String()
	change := func(format string, args ...any) {
		changes = append(changes, Change{Kind: KindWheel, File: path, Message: fmt.Sprintf(format, args...)})
	}
	said := map[string]bool{}
	wanted := map[string]bool{}
	for _, tag := range tags {
		wanted[tag] = true
	}
	for _, tag := range info.ExpandedTags() {
		if said[tag] = true; !wanted[tag] {
			change("removes Tag: %s", tag)
		}
	}
	for _, tag := range tags {
		if !said[tag] {
			change("adds Tag: %s", tag)
		}
	}
	builds := 0
	for _, f := range info.Fields {
		if strings.EqualFold(f.Name, "Build") {
			builds++
		}
	}
	switch {
	case builds > 1:
		change("has Build: %s once, not %d times", build, builds)
	case info.Build == build:
	case build == "":
		change("removes Build: %s", info.Build)
	case info.Build == "":
		change("adds Build: %s", build)
	default:
		change("changes Build: %s to %s", info.Build, build)
	}
	if changes == nil {
		return nil, nil, nil
	}
	if text, err = wheel.ReplaceTags(path, old, tags, build); err != nil {
		return nil, nil, s.refuse(CodeWheel, err)
	}
	return text, changes, nil
}

// modified is the time that WHEEL and RECORD keep: that of RECORD, or of WHEEL where there
// is no RECORD.
func (s *source) modified() (t time.Time) {
	for m := range s.archive.Members() {
		switch m.Name() {
		case s.dist.Dir + "/RECORD":
			return m.Modified()
		case s.dist.Dir + "/WHEEL":
			t = m.Modified()
		}
	}
	return t
}

// modeOf is the mode of a member as [wheel.Writer.Copy] writes it.
func modeOf(m wheel.Member) fs.FileMode {
	if mode := m.Mode(); mode != 0 {
		return mode
	}
	return 0o644
}
