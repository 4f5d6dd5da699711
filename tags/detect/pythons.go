package detect

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// places are the folders that hold interpreters, in the order in which the
// result lists them: the system's own, then environments and version managers.
// HOME stands for the homes of all users.
var places = []string{
	"usr/local/bin", "usr/bin", "bin", "usr/local/sbin", "usr/sbin", "sbin", "usr/libexec",
	"opt/python/*/bin", "*/bin", "*/*/bin", "opt/*/*/bin", "home/*/*/bin", "usr/lib/*/bin",
	"HOME/*/envs/*/bin", "opt/*/envs/*/bin", "usr/local/*/envs/*/bin",
	"HOME/.pyenv/versions/*/bin", "opt/*/versions/*/bin", "usr/local/*/versions/*/bin",
	"HOME/.local/share/uv/python/*/bin", "HOME/.local/share/mise/installs/python/*/bin",
	"HOME/.asdf/installs/python/*/bin", "opt/hostedtoolcache/*/*/*/bin", "opt/rh/*/root/usr/bin",
}

// interpreterName is what a file must be called to be looked at.
var interpreterName = lazy(`^(?:python|pypy|graalpy|platform-python)(?:[23](?:\.\d{1,2})?)?(?:t|d|td|-dbg|-debug|-intel64)?$`)

// candidate is one interpreter under all its names.
type candidate struct {
	program string // resolved
	venv    string // folder of the environment, or ""
	names   []string
	file    *elfaudit.File
}

// program is what was read of one.
type program struct {
	file  *elfaudit.File
	err   error
	again bool // file was let go of, for want of memory
}

// maxHeld is how many programs are kept in memory while interpreters are looked for.
const maxHeld = 32

// pythons finds every interpreter.
func (r *reader) pythons() {
	index := map[[2]string]int{}
	programs := map[string]program{} // one may be that of many environments
	var found []candidate
	for _, dir := range r.binFolders() {
		var scripts []string
		venv := ""
		if _, info, err := r.root.resolve(path.Join(dir, "../pyvenv.cfg")); err == nil && info.Mode().IsRegular() {
			venv = path.Dir(dir)
		}
		for _, name := range r.root.folder(dir) {
			if !interpreterName().MatchString(name) {
				continue
			}
			full := path.Join(dir, name)
			place, info, err := r.root.resolve(full)
			switch {
			case err != nil && venv != "" || errors.Is(err, errLinks):
				r.root.warn(CodeLink, full, "leads to %s, which is not there", absolute(place))
				continue
			case err != nil || !info.Mode().IsRegular():
				r.root.unreadable(full, err)
				continue
			}
			key := [2]string{place, venv}
			if i, ok := index[key]; ok {
				if programs[place].err == nil {
					found[i].names = append(found[i].names, absolute(full))
				}
				continue
			}
			if len(found) == maxFound {
				r.root.warn(CodeLimit, full, "is one of more than %d interpreters; the rest is not looked at", maxFound)
				continue
			}
			one, known := programs[place]
			if !known {
				one.file, one.err = r.root.elf(place)
				if len(programs) >= maxHeld && one.file != nil {
					one.file, one.again = nil, true
				}
				programs[place] = one
			}
			index[key] = len(found)
			found = append(found, candidate{place, venv, []string{absolute(full)}, one.file})
			if errors.Is(one.err, elfaudit.ErrNotELF) {
				scripts = append(scripts, name)
			}
		}
		if scripts != nil {
			r.root.warn(CodeScript, dir, "has scripts by the name of %s; what they start is not followed", strings.Join(scripts, ", "))
		}
	}
	for _, c := range found {
		if programs[c.program].again {
			c.file, _ = r.root.elf(c.program)
		}
		if c.file == nil {
			continue
		}
		if p, ok := r.python(c); ok {
			r.Pythons = append(r.Pythons, p)
		}
	}
}

// binFolders lists the folders to look into, each once under its first name.
func (r *reader) binFolders() []string {
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
// the folder where it was first found.
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
// folders of PATH; if there is neither, the only one that the root has. It is
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
