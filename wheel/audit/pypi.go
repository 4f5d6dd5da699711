package audit

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

//go:embed data/pypi.txt
var pypiText string

// pypiRules is what the data file says of the index.
type pypiRules struct {
	date     string
	fileSize int64          // bytes that a file may have unless the project asks for more
	accepted *regexp.Regexp // platform tags
	open     *regexp.Regexp // platform tags that may have been added since
	stdlib   map[string]bool
}

var pypi = sync.OnceValue(func() pypiRules {
	p, err := parsePyPI(pypiText)
	if err != nil {
		panic("audit: the embedded rules of PyPI: " + err.Error())
	}
	return p
})

// parsePyPI reads the form that the head of the data file describes.
func parsePyPI(text string) (pypiRules, error) {
	p := pypiRules{stdlib: map[string]bool{}}
	lists := map[string][]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		key, value, _ := strings.Cut(line, " ")
		switch {
		case line == "" || line[0] == '#':
		case key == "date":
			p.date = value
		case key == "file-mebibytes":
			if n, err := fmt.Sscan(value, &p.fileSize); n != 1 || err != nil {
				return p, fmt.Errorf("line %q", line)
			}
			p.fileSize <<= 20
		case key == "platform" || key == "open":
			lists[key] = append(lists[key], value)
		case key == "module":
			for name := range strings.FieldsSeq(value) {
				p.stdlib[name] = true
			}
		default:
			return p, fmt.Errorf("line %q", line)
		}
	}
	var err error
	if p.accepted, err = anyOf(lists["platform"]); err != nil {
		return p, err
	}
	p.open, err = anyOf(lists["open"])
	return p, err
}

// anyOf matches texts that one of some patterns matches as a whole.
func anyOf(patterns []string) (*regexp.Regexp, error) {
	return regexp.Compile("^(?:" + strings.Join(patterns, "|") + ")$")
}

// uploadRules are the rules that checkUpload reports.
var uploadRules = []string{"upload-platform", "upload-name", "upload-local-version", "upload-variant"}

// checkUpload reports what PyPI refuses of the file name.
func checkUpload(s *Subject, report reporter) {
	p := pypi()
	var refused []string
	for _, c := range s.Claims {
		if !p.accepted.MatchString(c.Tag) && !p.open.MatchString(c.Tag) {
			refused = append(refused, c.Tag)
		}
	}
	if refused != nil {
		report("upload-platform", finding.Finding{
			Claimed: strings.Join(refused, ", "),
			Message: fmt.Sprintf("PyPI does not accept the platform tag %s, as of %s", strings.Join(first(refused, maxSymbols), ", "), p.date),
		})
	}
	if want := strings.ReplaceAll(s.name.NormalizedName(), "-", "_"); s.name.Distribution != want {
		report("upload-name", finding.Finding{Need: want, Message: fmt.Sprintf("PyPI does not accept the name %s in a file name; it must be %s", clip(s.name.Distribution), clip(want))})
	}
	if local := s.name.Version.Local(); local != "" {
		report("upload-local-version", finding.Finding{Message: fmt.Sprintf("PyPI does not accept the local version %s", clip(local))})
	}
	if s.name.Variant != "" {
		report("upload-variant", finding.Finding{Message: "PyPI does not accept the names of wheel variants, as of " + p.date})
	}
}

// checkUploadProject reports names that PyPI gives to no new project.
func checkUploadProject(s *Subject, report reporter) {
	if name := s.project(); pypi().stdlib[strings.ReplaceAll(name, "-", "_")] {
		report("upload-stdlib-name", finding.Finding{Message: fmt.Sprintf("the project is called like the module %s of Python, a name that PyPI gives to no new project", name)})
	}
}

// checkUploadSize reports files that are larger than PyPI accepts by default.
func checkUploadSize(s *Subject, report reporter) {
	if limit := pypi().fileSize; s.size > limit {
		report("upload-size", finding.Finding{Message: fmt.Sprintf("has %d MiB; PyPI accepts %d MiB unless the project was given a higher limit", s.size>>20, limit>>20)})
	}
}
