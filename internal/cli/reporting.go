package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// errSdist is why a command that is about native code has no answer.
var errSdist = errors.New("is a source distribution")

// explainInput adds what to do to errors that need it.
func explainInput(command string, in input, err error) error {
	path, text := in.path, err.Error()
	var far *remote.Error
	if in.name == "-" || errors.As(err, &far) {
		return err // of standard input itself, or of a server
	}
	if !strings.Contains(text, path) {
		text = path + ": " + text
	}
	switch {
	case os.IsPermission(err):
		return fmt.Errorf("%s; check its permissions", text)
	case strings.HasSuffix(path, ".whl"):
		return fmt.Errorf("%s; build or download the wheel again", text)
	}
	kinds := "wheels"
	if command == "audit" {
		kinds = "wheels, source distributions"
		if _, ok := wheel.SdistStem(path); ok && !errors.Is(err, wheel.ErrSdistArchive) {
			return fmt.Errorf("%s; build or download the source distribution again", text)
		}
	}
	return fmt.Errorf("%s; %s takes %s, directories and ELF files", text, command, kinds)
}

// newHandler returns the handler for the format of the run.
func (c *invocation) newHandler(m report.Matrix) (report.Handler, error) {
	return report.New(c.format, c.streams.out, c.err, report.Config{Style: c.style, Matrix: m})
}

// problemOf is the report of an input without an answer.
func problemOf(schema string, in input, err error) *report.Problem {
	e := describeError(err)
	p := &report.Problem{Schema: schema, File: in.name, Error: report.Error{Code: e.Code, Message: e.Message}}
	if schema == report.AuditSchema {
		p.Verdict, p.Path = finding.Unknown, reportPath(in)
	}
	return p
}

// reportPath is the path of an input for people who look at the results elsewhere: relative
// to the working directory and with slashes, "" outside of that or if it is the name.
func reportPath(in input) string {
	full := in.path
	if in.url || full == "" {
		return ""
	}
	if filepath.IsAbs(full) {
		here, err := os.Getwd()
		if err != nil {
			return ""
		}
		if full, err = filepath.Rel(here, full); err != nil {
			return ""
		}
	}
	if full = filepath.Clean(full); !filepath.IsLocal(full) || full == in.name {
		return ""
	}
	return filepath.ToSlash(full)
}
