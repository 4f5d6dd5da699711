package detect

import (
	"path"
	"strings"
)

// environment reads pyvenv.cfg: the environment's own word on the version of
// the interpreter that it was made with.
func (r *reader) environment(b *build, p *Python) {
	name := path.Join(b.venv, "pyvenv.cfg")
	text, ok := r.root.text(name)
	if !ok {
		return
	}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, "=")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "version", "version_info":
			r.environmentVersion(b, p, name, value)
		case "home":
			b.fact("home", value, name)
		}
	}
}

// environmentVersion compares the version that an environment was made for with
// that of the interpreter: an upgrade of the system leaves old environments behind.
func (r *reader) environmentVersion(b *build, p *Python, name, value string) {
	parts := strings.SplitN(value, ".", 4)
	if len(parts) < 2 {
		return
	}
	short := parts[0] + "." + parts[1]
	if b.minor >= 0 && !b.is(short) {
		r.root.warn(CodeDisagree, name, "was made for Python %s, but its interpreter is %d.%d; the version of the interpreter is used", short, b.major, b.minor)
		return
	}
	b.takeVersion(short)
	if b.version == "" && len(parts) >= 3 {
		b.version = strings.Join(parts[:3], ".")
		b.fact("version", b.version, name)
	}
}
