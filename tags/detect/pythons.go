package detect

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// places are the directories that hold interpreters, in the order in which the
// result lists them: the system's own, then version managers and build systems, then
// environments. HOME is the home of each user. The base images of the named services
// are the source of the others.
var places = []string{
	"usr/local/bin", "usr/bin", "bin", "usr/local/sbin", "usr/sbin", "sbin", "usr/libexec",
	"opt/python/*/bin", "*/bin", "*/*/bin", "opt/*/*/bin", "home/*/*/bin", "usr/lib/*/bin",
	"HOME/*/envs/*/bin", "opt/*/envs/*/bin", "usr/local/*/envs/*/bin",
	"HOME/.pyenv/versions/*/bin", "opt/*/versions/*/bin", "usr/local/*/versions/*/bin",
	"HOME/.local/share/uv/python/*/bin", "HOME/.local/share/mise/installs/python/*/bin",
	"HOME/.asdf/installs/python/*/bin", "opt/hostedtoolcache/*/*/*/bin", "opt/rh/*/root/usr/bin",
	"usr/local/*/bin", "usr/local/*/*/bin", // conda, development containers
	"opt/uv/python/*/bin", "HOME/.rye/py/*/bin", "HOME/.local/share/hatch/pythons/*/*/bin",
	"srv/conda/envs/*/bin", "HOME/.conda/envs/*/bin",
	"app/.heroku/python/bin", "layers/*/*/bin", // buildpacks
	"nix/store/*/bin", "home/linuxbrew/.linuxbrew/bin", "home/linuxbrew/.linuxbrew/Cellar/*/*/bin",
	"usr/lib/google-cloud-sdk/platform/*/bin",
	"usr/src/app/.venv/bin", "usr/src/app/venv/bin", "home/site/wwwroot/*/bin", "srv/*/*/bin", "var/www/*/*/bin",
	"HOME/.virtualenvs/*/bin", "HOME/.cache/pypoetry/virtualenvs/*/bin", "HOME/.local/share/pipx/venvs/*/bin", "HOME/.local/pipx/venvs/*/bin",
}

// interpreterName is what a file must be called to be looked at.
var interpreterName = lazy(`^(?:python|pypy|graalpy|platform-python)(?:[23](?:\.\d{1,2})?)?(?:t|d|td|-dbg|-debug|-intel64)?$`)

// candidate is one interpreter under all its names, or one environment of it.
type candidate struct {
	program string // resolved
	venv    string // directory of the environment, or ""
	names   []string
}

// program is what was read of one. One program may be that of many environments.
type program struct {
	file    *elfaudit.File
	err     error
	dropped bool // file was not kept, to save memory
}

// pythonSearch gathers the interpreters of a root.
type pythonSearch struct {
	*reader
	found    []candidate
	index    map[[2]string]int // into found, by program and environment
	programs map[string]program
}

// pythons finds every interpreter.
func (r *reader) pythons() {
	s := pythonSearch{reader: r, index: map[[2]string]int{}, programs: map[string]program{}}
	if name := r.options.Interpreter; name != "" {
		name = strings.TrimLeft(name, "/")
		s.add(name, s.environmentOf(path.Dir(name)))
	} else {
		s.search()
	}
	for _, c := range s.found {
		p := s.programs[c.program]
		if p.dropped {
			p.file, _ = r.root.elf(c.program)
		}
		if p.file == nil {
			continue
		}
		if p, ok := r.python(c, p.file); ok {
			r.Pythons = append(r.Pythons, p)
		}
	}
}

// search looks into the known places and, where those have nothing, into every
// directory called bin.
func (s *pythonSearch) search() {
	dirs := s.binDirs()
	for _, dir := range dirs {
		s.directory(dir)
		s.Searched = append(s.Searched, absolute(dir))
	}
	if len(s.found) > 0 {
		return
	}
	s.root.walk(func(dir string) {
		s.Walked++
		if path.Base(dir) == "bin" {
			s.directory(dir)
		}
	})
}

// environmentOf gives the virtual environment that a directory of programs belongs
// to, or "".
func (s *pythonSearch) environmentOf(dir string) string {
	if _, info, err := s.root.resolve(path.Join(dir, "../pyvenv.cfg")); err == nil && info.Mode().IsRegular() {
		return path.Dir(dir)
	}
	return ""
}

// directory looks through one directory of programs.
func (s *pythonSearch) directory(dir string) {
	venv := s.environmentOf(dir)
	var scripts []string
	for _, name := range s.root.names(dir) {
		if interpreterName().MatchString(name) && s.add(path.Join(dir, name), venv) {
			scripts = append(scripts, name)
		}
	}
	if scripts != nil {
		s.root.warn(CodeScript, dir, "has scripts named %s; what they start is not followed", strings.Join(scripts, ", "))
	}
}

// add notes what is there under the name of an interpreter. It reports whether
// that is a script, and was not seen before.
func (s *pythonSearch) add(name, venv string) (script bool) {
	place, info, err := s.root.resolve(name)
	switch {
	case err != nil && venv != "" || errors.Is(err, loader.ErrLinks):
		s.root.warn(CodeLink, name, "leads to %s, which does not exist", absolute(place))
		return false
	case err != nil || !info.Mode().IsRegular():
		s.root.unreadable(name, err)
		return false
	}
	key := [2]string{place, venv}
	if i, ok := s.index[key]; ok {
		if s.programs[place].err == nil {
			s.found[i].names = append(s.found[i].names, absolute(name))
		}
		return false
	}
	if most := s.root.limits.pythons; len(s.found) == most {
		s.root.warn(CodeLimit, name, "is one of more than %d interpreters; the others are skipped", most)
		return false
	}
	s.index[key] = len(s.found)
	s.found = append(s.found, candidate{place, venv, []string{absolute(name)}})
	return errors.Is(s.read(place).err, elfaudit.ErrNotELF)
}

// read gives the program at a place.
func (s *pythonSearch) read(place string) program {
	p, known := s.programs[place]
	if !known {
		p.file, p.err = s.root.elf(place)
		if len(s.programs) >= s.root.limits.programs && p.file != nil {
			p.file, p.dropped = nil, true
		}
		s.programs[place] = p
	}
	return p
}

// binDirs lists the directories to look into, each once under its first name.
func (r *reader) binDirs() []string {
	var dirs []string
	seen := map[string]bool{}
	add := func(dir string) {
		place, info, err := r.root.resolve(dir)
		if err == nil && info.IsDir() && !seen[place] {
			seen[place] = true
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range r.path {
		add(strings.TrimPrefix(dir, "/"))
	}
	for _, pattern := range places {
		rest, home := strings.CutPrefix(pattern, "HOME/")
		patterns := []string{pattern}
		if home {
			patterns = []string{"root/" + rest, "home/*/" + rest}
		}
		for _, pattern := range patterns {
			for _, dir := range r.root.glob(pattern) {
				add(dir)
			}
		}
	}
	return dirs
}

// searchPath splits PATH, or gives the usual one.
func searchPath(text string) []string {
	dirs := splitPath(text)
	if len(dirs) == 0 {
		dirs = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}
	}
	return dirs
}

// best is the name to call a candidate by: the first that says the version, in
// the directory where it was first found.
func (c *candidate) best() string {
	first := path.Dir(c.names[0])
	names := slices.Clone(c.names)
	slices.SortStableFunc(names, func(a, b string) int {
		rank := func(name string) int {
			base := path.Base(name)
			switch {
			case path.Dir(name) != first:
				return 3
			case base == path.Base(c.program):
				return 0
			case strings.Contains(base, "."):
				return 1
			}
			return 2
		}
		return cmp.Compare(rank(a), rank(b))
	})
	return names[0]
}

// Default is the Python that the command python3, or else python, starts, by the
// directories of PATH; if there is neither, the only one that the root has. It is
// nil when there is none, or several and no default.
func (s *System) Default() *Python {
	if p := s.onPath(); p != nil || len(s.Pythons) != 1 {
		return p
	}
	return &s.Pythons[0]
}

func (s *System) onPath() *Python {
	named, started := map[string]int{}, map[string]int{} // the first by name, and by program
	for i := len(s.Pythons) - 1; i >= 0; i-- {
		for _, name := range s.Pythons[i].Names {
			named[name] = i
		}
		if s.Pythons[i].Venv == "" {
			started[s.Pythons[i].Program] = i
		}
	}
	for _, name := range []string{"python3", "python"} {
		for _, dir := range s.path {
			full := path.Join(dir, name)
			i, found := named[full]
			if place, _, err := s.root.resolve(full); err == nil {
				if j, ok := started[absolute(place)]; ok && (!found || j < i) {
					i, found = j, true
				}
			}
			if found {
				return &s.Pythons[i]
			}
		}
	}
	return nil
}
