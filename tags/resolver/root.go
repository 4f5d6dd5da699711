package resolver

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// fromRoot gives the target of a root, or one for each platform of an image.
func (r *Resolver) fromRoot(w rootWord) ([]Target, error) {
	refuse := func(detail string) ([]Target, error) {
		return nil, &Error{Word: w.word, Code: CodeOption, Detail: detail}
	}
	o := r.Options
	switch {
	case w.path == "": // which reading it reports
	case o.Glibc != "" || o.Musl != "":
		return refuse("a libc is for targets without one; " + w.path + " has its own")
	case o.Arch != "" && w.kind != "image":
		return refuse("a machine is for images of several machines; a root has its own")
	case w.python != "" && o.Python != "":
		return refuse("the Python is named twice, in the word and as an option")
	case w.python == "":
		w.python = o.Python
	}
	systems, err := r.systems(w)
	if err != nil {
		return nil, err
	}
	var targets []Target
	for _, s := range systems {
		t, err := r.inRoot(w, s)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// inRoot makes a target of the interpreter that a word asks for.
func (r *Resolver) inRoot(w rootWord, s *System) (Target, error) {
	var asked tags.Python
	if w.python != "" {
		var err error
		if asked, err = distro.ParsePython(w.python); err != nil {
			return Target{}, &Error{Word: w.word, Code: CodeWord, Detail: err.Error(), Err: err}
		}
	}
	t := Target{System: s}
	platform := tags.Platform{OS: tags.Linux, Arch: s.Machine, Libc: s.Libc.Libc}
	if w.python != "" {
		t.Interpreter = s.find(asked)
	} else if t.Interpreter = s.Default(); t.Interpreter == nil {
		return Target{}, &Error{Word: w.word, Code: CodePython, Detail: s.noDefault()}
	}
	if t.Interpreter != nil {
		asked, platform = t.Interpreter.Python, t.Interpreter.Platform
	} else {
		t.Assumed = []Assumption{{Kind: AssumedMissing, Word: s.Name(), Platform: platform, Python: asked}}
	}
	ready, err := tags.New(asked, platform, r.Profile)
	if err != nil {
		return Target{}, fmt.Errorf("%s: %w", w.word, err)
	}
	name := w.word
	if s.Platform != "" {
		name += " (" + s.Platform + ")"
	}
	t.Target = ready.WithName(name)
	return t, nil
}

// find gives the root's interpreter of a version, nil when it has none.
func (s *System) find(asked tags.Python) *detect.Python {
	for i := range s.Pythons {
		p := &s.Pythons[i]
		if full := asked.FullVersion; p.Python.String() == asked.String() && (full == "" || full == p.Python.FullVersion) {
			return p
		}
	}
	return nil
}

// noDefault says why a root has no default Python.
func (s *System) noDefault() string {
	if len(s.Pythons) == 0 {
		return "no Python found; describe one, as in 3.12@root:DIR"
	}
	const most = 3
	var paths []string
	for _, p := range s.Pythons[:min(most, len(s.Pythons))] {
		paths = append(paths, p.Path)
	}
	list := strings.Join(paths, ", ")
	if n := len(s.Pythons) - most; n > 0 {
		list += fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("several Pythons are here (%s) and none is python3 on the PATH; name one, as in %s@root:DIR",
		list, distro.FormatPython(s.Pythons[0].Python))
}

// Word gives the word that describes an interpreter of the root without the root:
// by the release where that means the same and always will, else by the libc.
func (s *System) Word(p *detect.Python) string {
	machine := p.Platform.Arch
	releases := []string{s.Release.Word()}
	if parts := strings.SplitN(s.Release.VersionID, ".", 3); len(parts) > 1 {
		releases = append(releases, s.Release.ID+":"+parts[0]+"."+parts[1], s.Release.ID+":"+parts[0])
	}
	python := distro.FormatPython(p.Python)
	for _, release := range releases {
		for _, prefix := range []string{"", python + "@"} {
			if release == "" {
				continue
			}
			d, err := distro.Parse(prefix+release+"/"+machine, distro.Options{})
			if err == nil && d.AsOf == "" && d.Platform == p.Platform && d.Python.SameTags(p.Python) {
				return d.Name
			}
		}
	}
	tag := "linux_" + machine
	switch l := p.Platform.Libc; {
	case l.Family == tags.Glibc && !p.Platform.NoManylinux:
		tag = fmt.Sprintf("manylinux_%d_%d_%s", l.Major, l.Minor, machine)
	case l.Family == tags.Musl:
		tag = fmt.Sprintf("musllinux_%d_%d_%s", l.Major, l.Minor, machine)
	}
	return python + "@" + tag
}
