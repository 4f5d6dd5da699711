package distro

import (
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// python is an interpreter as a word describes it.
type python struct {
	tags.Python
	name    string // canonical spelling: "3.13t", "pypy3.10", "graalpy242_311_native"
	version string // as in the name: "3.11", or "3.11.4" when the patch release was given
}

// prefixes of PYTHON and the implementation that each means. A spelling that
// starts another comes after it.
var prefixes = [...]struct{ word, implementation string }{
	{"cpython", "cpython"}, {"graalpy", "graalpy"}, {"python", "cpython"}, {"pypy", "pypy"},
	{"cp", "cpython"}, {"pp", "pypy"}, {"", "cpython"},
}

// ParsePython reads a PYTHON word: a version ("3.11", "3.12.7", "3.13t"), a tag
// ("cp311") or an ABI ("pypy310_pp73"), in any letter case. Its errors are
// *[Error] and *[UnknownError] without a Word, as the word is no whole target.
func ParsePython(word string) (tags.Python, error) {
	var q query
	p, err := q.python(word)
	return p.Python, err
}

// FormatPython gives the shortest word that [ParsePython] reads as the interpreter,
// without its patch release and without ABIs: "3.13t", "pypy3.10".
func FormatPython(p tags.Python) string {
	if p.Implementation == "" || p.Implementation == "cpython" {
		return p.Version()
	}
	return p.Implementation + p.Version()
}

// python is ParsePython for the query's word.
func (q *query) python(word string) (python, error) {
	p, problem, ok := parsePython(strings.ToLower(word))
	if !ok {
		return python{}, &UnknownError{Word: q.word, Part: PartPython, Unknown: word, Nearest: nearestPythons(strings.ToLower(word))}
	}
	if problem != "" {
		return python{}, q.fail(CodePython, word+": "+problem)
	}
	return p, nil
}

// parsePython reads a PYTHON word. The second result says what is wrong with a
// word that has the right form, and is empty for any other.
func parsePython(word string) (p python, problem string, ok bool) {
	if p, ok := parseABI(word); ok {
		return p, "", true
	}
	rest, written := "", ""
	for _, prefix := range prefixes {
		if after, found := strings.CutPrefix(word, prefix.word); found {
			p.Implementation, rest, written = prefix.implementation, after, prefix.word
			break
		}
	}
	if len(written) > 2 {
		rest = strings.TrimPrefix(rest, "-")
	}
	flags := strings.TrimLeft(rest, "0123456789.")
	number := rest[:len(rest)-len(flags)]
	switch {
	case strings.Contains(number, "."):
		flags, ok = p.dotted(number, flags)
	case written != "":
		ok = p.digits(number)
	}
	if !ok {
		return python{}, "", false
	}
	problem, ok = p.flags(flags)
	if !ok {
		return python{}, "", false
	}
	if problem == "" {
		problem = p.impossible()
	}
	if p.Implementation == "cpython" {
		p.name = p.version + flags
	} else {
		p.name = p.Implementation + p.version
	}
	return p, problem, true
}

// dotted reads 3.11, 3.11.4 and, before flags, the prerelease of 3.15.0rc1.
func (p *python) dotted(number, rest string) (flags string, ok bool) {
	for _, stage := range [...]string{"rc", "a", "b"} {
		after, found := strings.CutPrefix(rest, stage)
		if !found || strings.Count(number, ".") != 2 {
			continue
		}
		flags = strings.TrimLeft(after, "0123456789")
		count := after[:len(after)-len(flags)]
		if count == "" || len(count) > 3 {
			return "", false
		}
		number, rest = number+stage+count, flags
		break
	}
	parts := strings.Split(number, ".")
	if len(parts) > 3 || !p.numbers(parts[0], parts[1]) || len(parts) == 3 && (parts[2] == "" || len(parts[2]) > 8) {
		return "", false
	}
	if p.version = number; len(parts) == 3 {
		p.FullVersion = number
	}
	return rest, true
}

// digits reads 311 and 27: one digit of the major version, then the minor.
func (p *python) digits(s string) bool {
	if len(s) < 2 || !p.numbers(s[:1], s[1:]) {
		return false
	}
	p.version = s[:1] + "." + s[1:]
	return true
}

func (p *python) numbers(major, minor string) bool {
	if len(major) != 1 || !isNumber(minor) || len(minor) > 2 || len(minor) > 1 && minor[0] == '0' {
		return false
	}
	p.Major = int(major[0] - '0')
	p.Minor, _ = strconv.Atoi(minor)
	return true
}

// flags reads t, d, m and u in that order, the ABI flags of CPython. With m or
// u the word names one exact ABI. It says what is wrong with them; ok is false
// when they are no flags at all.
func (p *python) flags(s string) (problem string, ok bool) {
	rest := s
	take := func(flag string) (had bool) {
		rest, had = strings.CutPrefix(rest, flag)
		return had
	}
	p.Threaded, p.Debug = take("t"), take("d")
	m, u := take("m"), take("u")
	newer := func(minor int) bool { return p.Major > 3 || p.Major == 3 && p.Minor >= minor }
	switch {
	case rest != "":
		return "", false
	case s != "" && p.Implementation != "cpython":
		return "the flags t, d, m and u are CPython's only", true
	case p.Threaded && !newer(13):
		return "free-threaded builds (t) begin with 3.13", true
	case m && newer(8):
		return "the flag m ended with 3.7", true
	case u && newer(3):
		return "the flag u ended with 3.2", true
	}
	if m || u {
		p.ABIs = []string{"cp" + strconv.Itoa(p.Major) + strconv.Itoa(p.Minor) + s}
	}
	return "", true
}

// yearsAhead is how many minor versions after the newest on record are accepted, for
// users of an older release of this package: Python has one a year.
const yearsAhead = 4

// impossible says why no such Python exists.
func (p *python) impossible() string {
	newest := load().newestPython
	switch {
	case p.Major == 3 && p.Minor > newest+yearsAhead:
		return "it does not exist; the newest Python is 3." + strconv.Itoa(newest)
	case p.Major != 2 && p.Major != 3:
		return "Python is version 2 or 3, written like 3.11"
	case p.Major == 2 && p.Minor > 7:
		return "Python 2 ended with 2.7"
	}
	return ""
}

// parseABI reads the ABIs that name their version: pypy310_pp73 and
// graalpy242_311_native.
func parseABI(word string) (python, bool) {
	var p python
	switch {
	case strings.HasPrefix(word, "pypy"):
		version, abi, ok := strings.Cut(word[len("pypy"):], "_")
		if !ok || !strings.HasPrefix(abi, "pp") || !isNumber(abi[2:]) || len(abi) > 6 || !p.digits(version) {
			return python{}, false
		}
		p.Implementation = "pypy"
	case strings.HasPrefix(word, "graalpy"):
		parts := strings.SplitN(word[len("graalpy"):], "_", 3)
		if len(parts) != 3 || parts[0] != "" && (!isNumber(parts[0]) || len(parts[0]) > 4) || !p.digits(parts[1]) || parts[2] != "native" {
			return python{}, false
		}
		p.Implementation = "graalpy"
	default:
		return python{}, false
	}
	p.ABIs, p.name = []string{word}, word
	return p, p.impossible() == ""
}

// ofVersion is the CPython of a version from the tables, "3.11".
func ofVersion(version string) python {
	p, _, _ := parsePython(version)
	return p
}
