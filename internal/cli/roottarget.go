package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/detect/image"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// rootTarget is where a target was read.
type rootTarget struct {
	system *detect.System
	python *detect.Python // nil when the root was asked about a Python that it lacks
}

// rootWord is a target that must be read off a root.
type rootWord struct {
	python string // before the @, or ""
	kind   string // root, image or host
	path   string
}

// readRootWord takes [PYTHON@]root:DIR, [PYTHON@]image:FILE and [PYTHON@]host apart.
func readRootWord(word string) (rootWord, bool) {
	var w rootWord
	rest := word
	if python, after, ok := strings.Cut(word, "@"); ok && !strings.Contains(python, ":") {
		w.python, rest = python, after
	}
	if strings.EqualFold(rest, "host") {
		w.kind, w.path = "host", "/"
		return w, true
	}
	kind, path, ok := strings.Cut(rest, ":")
	w.kind, w.path = strings.ToLower(kind), path
	return w, ok && (w.kind == "root" || w.kind == "image")
}

// fromRoot reads the targets of such a word: one, or one for each platform of an
// image.
func (t *targetFlags) fromRoot(c *call, word string, profile tags.Profile) ([]target, error) {
	w, _ := readRootWord(word)
	switch {
	case w.path == "":
		return nil, usagef("%s: name a path after the colon, as in %s:./rootfs", word, w.kind)
	case t.options.Glibc != "" || t.options.Musl != "":
		return nil, usagef("%s: --glibc and --musl are for targets without a libc; %s has its own", word, w.path)
	case t.options.Arch != "" && w.kind != "image":
		return nil, usagef("%s: --arch is for images of several machines; a root has its own", word)
	case w.python != "" && t.options.Python != "":
		return nil, usagef("%s: the Python is named twice, here and in --python", word)
	case w.python == "":
		w.python = t.options.Python
	}
	systems, err := openSystems(c, w, t.options.Arch)
	if err != nil {
		return nil, err
	}
	var targets []target
	for _, s := range systems {
		one, err := s.target(c, w, word, profile)
		if err != nil {
			return nil, err
		}
		targets = append(targets, one)
	}
	return targets, nil
}

// foundSystem is a root that was read, and what it was read from.
type foundSystem struct {
	*detect.System
	subject  string // "rootfs", "image.tar", "host"
	platform string // of an image that states it, "linux/arm64"
}

func (s foundSystem) name() string {
	if s.platform != "" {
		return s.subject + " (" + s.platform + ")"
	}
	return s.subject
}

// openSystems reads the root, the image's platforms, or this machine.
func openSystems(c *call, w rootWord, arch string) ([]foundSystem, error) {
	switch w.kind {
	case "host":
		s, err := detect.Host(detect.Options{Path: os.Getenv("PATH"), LibraryPath: os.Getenv("LD_LIBRARY_PATH")})
		return []foundSystem{{System: s, subject: "host"}}, err
	case "root":
		s, err := detect.Dir(w.path, detect.Options{})
		return []foundSystem{{System: s, subject: w.path}}, err
	}
	return openImage(w.path, arch)
}

// openImage reads each platform of an image, or those for one machine.
func openImage(path, arch string) ([]foundSystem, error) {
	file, err := image.Open(path)
	if err != nil {
		return nil, err
	}
	var systems []foundSystem
	var stated []string
	for _, p := range file.Platforms() {
		name := ""
		if p.Architecture != "" {
			name = p.String()
			stated = append(stated, name)
		}
		if arch != "" && name != "" && tagMachine(arch) != tagMachine(strings.TrimPrefix(name, p.OS+"/")) {
			continue
		}
		root, err := file.Root(p, detect.Wanted)
		if err != nil {
			return nil, err
		}
		var o detect.Options
		if config := root.Config(); config != nil {
			o.Path, o.LibraryPath = variable(config.Env, "PATH"), variable(config.Env, "LD_LIBRARY_PATH")
		}
		s, err := detect.Root(root, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		systems = append(systems, foundSystem{s, path, name})
	}
	if len(systems) == 0 {
		return nil, fmt.Errorf("%s: no image for %s; it has %s", path, arch, strings.Join(stated, ", "))
	}
	return systems, nil
}

// variable looks one up in a list of NAME=value, the last one counting.
func variable(env []string, name string) string {
	value := ""
	for _, entry := range env {
		if v, ok := strings.CutPrefix(entry, name+"="); ok {
			value = v
		}
	}
	return value
}

// target describes the interpreter that was asked for.
func (s foundSystem) target(c *call, w rootWord, word string, profile tags.Profile) (target, error) {
	python, err := s.choose(w.python)
	if err != nil {
		return target{}, usagef("%s: %v", word, err)
	}
	root := &rootTarget{system: s.System, python: python}
	var py tags.Python
	platform := tags.Platform{OS: tags.Linux, Arch: s.Machine, Libc: s.Libc.Libc}
	if python != nil {
		py, platform = python.Python, python.Platform
	} else {
		d, err := distro.Parse(w.python+"@linux_"+s.Machine, distro.Options{})
		if err != nil {
			return target{}, usagef("%s: %v", word, err)
		}
		py = d.Python
		c.say("%s: no %s is here; describing one on %s", s.name(), py, platform)
	}
	ready, err := tags.New(py, platform, profile)
	if err != nil {
		return target{}, fmt.Errorf("%s: %v", word, err)
	}
	name := word
	if s.platform != "" {
		name += " (" + s.platform + ")"
	}
	return target{Target: ready.WithName(name), root: root}, nil
}

// choose finds the interpreter for a word such as "3.12" or "pypy3.10", or the
// default one. It is nil when the word fits none.
func (s foundSystem) choose(word string) (*detect.Python, error) {
	if word == "" {
		if p := s.Default(); p != nil {
			return p, nil
		}
		if len(s.Pythons) == 0 {
			return nil, fmt.Errorf("no Python is here; describe one, as in 3.12@root:DIR")
		}
		return nil, fmt.Errorf("several Pythons are here (%s) and none is python3 on the PATH; name one, as in %s@root:DIR", s.list(), pythonWord(s.Pythons[0].Python))
	}
	d, err := distro.Parse(word+"@linux_x86_64", distro.Options{})
	if err != nil {
		return nil, err
	}
	for i := range s.Pythons {
		p := &s.Pythons[i]
		if full := d.Python.FullVersion; p.Python.String() == d.Python.String() && (full == "" || full == p.Python.FullVersion) {
			return p, nil
		}
	}
	return nil, nil
}

// list names the interpreters of a root.
func (s foundSystem) list() string {
	var names []string
	for _, p := range s.Pythons {
		names = append(names, p.Path)
	}
	return some(names)
}

// pythonWord writes an interpreter as targets name it: "3.13t", "pypy3.10".
func pythonWord(p tags.Python) string {
	if p.Implementation != "" && p.Implementation != "cpython" {
		return p.Implementation + p.Version()
	}
	return p.Version()
}

// shortName gives the word that describes an interpreter of a root without the
// root: by its release where that means the same, else by its libc.
func (s foundSystem) shortName(p *detect.Python) string {
	machine := p.Platform.Arch
	words := []string{s.Release.Word()}
	if parts := strings.SplitN(s.Release.VersionID, ".", 3); len(parts) > 1 {
		words = append(words, s.Release.ID+":"+parts[0]+"."+parts[1], s.Release.ID+":"+parts[0])
	}
	for _, release := range words {
		for _, python := range []string{"", pythonWord(p.Python) + "@"} {
			if release == "" {
				continue
			}
			d, err := distro.Parse(python+release+"/"+machine, distro.Options{})
			if err == nil && d.Platform == p.Platform && d.Python.SameTags(p.Python) {
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
	return pythonWord(p.Python) + "@" + tag
}
