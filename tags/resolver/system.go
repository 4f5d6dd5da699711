package resolver

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/detect/image"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// System is a root file system that was read, and what it was read from.
type System struct {
	*detect.System
	Source   string // the path of the directory or image file, or "host"
	Platform string // of an image that states it, "linux/arm64"; "" otherwise
}

// Name is the source and, in brackets, the platform of an image that states one.
func (s *System) Name() string {
	if s.Platform != "" {
		return s.Source + " (" + s.Platform + ")"
	}
	return s.Source
}

// rootWord is a word that must be read off a root.
type rootWord struct {
	word   string
	python string // before the @, or ""
	kind   string // root, image or host
	path   string
}

// parseRootWord takes [PYTHON@]root:DIR, [PYTHON@]image:FILE and [PYTHON@]host
// apart.
func parseRootWord(word string) (rootWord, bool) {
	w := rootWord{word: word}
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

// Systems reads what root:DIR, image:FILE or host means, without choosing a Python:
// one system, or one for each platform of an image. Options.Arch narrows an image
// to one machine. A Python in front of the word is ignored.
func (r *Resolver) Systems(word string) ([]*System, error) {
	w, ok := parseRootWord(word)
	if !ok {
		return nil, &Error{Word: word, Code: CodeWord, Detail: "it is not root:DIR, image:FILE or host"}
	}
	return r.systems(w)
}

func (r *Resolver) systems(w rootWord) ([]*System, error) {
	var s *detect.System
	var err error
	source := w.path
	switch {
	case w.path == "":
		return nil, &Error{Word: w.word, Code: CodePath, Detail: "name a path after the colon, as in " + w.kind + ":./rootfs"}
	case w.kind == "image":
		return r.image(w.path)
	case w.kind == "host":
		source = "host"
		host := r.Host
		host.Interpreter = r.Interpreter
		s, err = detect.Host(host)
	default:
		s, err = detect.Dir(w.path, detect.Options{Interpreter: r.Interpreter})
	}
	if err != nil {
		return nil, err
	}
	r.keep(s)
	return []*System{{System: s, Source: source}}, nil
}

// image reads each platform of an image, or those for one machine.
func (r *Resolver) image(path string) ([]*System, error) {
	file, err := image.Open(path)
	if err != nil {
		return nil, err
	}
	r.keep(file)
	var systems []*System
	var stated []string
	for _, p := range file.Platforms() {
		name := ""
		if p.Architecture != "" {
			name = p.String()
			stated = append(stated, name)
		}
		if arch := r.Options.Arch; arch != "" && name != "" && machine(arch) != machine(strings.TrimPrefix(name, p.OS+"/")) {
			continue
		}
		root, err := file.Root(p, detect.Wanted)
		if err != nil {
			return nil, err
		}
		o := detect.Options{Interpreter: r.Interpreter}
		if config := root.Config(); config != nil {
			o.Path, o.LibraryPath = variable(config.Env, "PATH"), variable(config.Env, "LD_LIBRARY_PATH")
		}
		s, err := detect.Root(root, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		systems = append(systems, &System{s, path, name})
	}
	if len(systems) == 0 {
		return nil, fmt.Errorf("%s: no image for %s; it has %s", path, r.Options.Arch, strings.Join(stated, ", "))
	}
	return systems, nil
}

// machine is a Linux machine by its name in tags, or the word itself if no machine
// is known by it.
func machine(word string) string {
	name, err := distro.ParseMachine(tags.Linux, word)
	if err != nil {
		return word
	}
	return name
}

// variable looks one up in a list of NAME=value; the last one counts.
func variable(env []string, name string) string {
	value := ""
	for _, entry := range env {
		if v, ok := strings.CutPrefix(entry, name+"="); ok {
			value = v
		}
	}
	return value
}
