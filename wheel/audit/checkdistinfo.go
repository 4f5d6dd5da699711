package audit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/metadata"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// distInfo is the *.dist-info directory with what was read of it. Each part has an error
// or a value.
type distInfo struct {
	info *wheel.DistInfo
	err  error

	wheel    *wheel.Info
	wheelErr error

	metadata    *metadata.Metadata
	metadataErr error
	faults      []*wheel.Error // of the metadata

	entryPoints    []byte // nil with an error; most wheels have none
	entryPointsErr error
}

func readDistInfo(archive *wheel.Archive) distInfo {
	var d distInfo
	if d.info, d.err = archive.DistInfo(); d.err != nil {
		d.wheelErr, d.metadataErr = d.err, d.err
		return d
	}
	d.wheel, d.wheelErr = d.info.Info()
	d.entryPoints, d.entryPointsErr = d.info.ReadFile("entry_points.txt")
	text, err := d.info.Metadata()
	if d.metadataErr = err; err == nil {
		d.metadata, d.faults = metadata.Read(d.info.Dir+"/METADATA", text)
	}
	return d
}

// distInfoRules are the rules that checkDistInfo reports.
var distInfoRules = []string{"dist-info", "unreadable-record", "missing-wheel-file", "missing-metadata", "malformed-field", "text-encoding"}

// checkDistInfo reports what is missing or cannot be read in the *.dist-info directory.
// In an ambiguous archive it is not known which files are meant.
func checkDistInfo(s *Subject, report reporter) {
	var fault *wheel.Error
	if errors.As(s.dist.err, &fault) {
		if fault.Code != wheel.CodeAmbiguous {
			report("dist-info", finding.Finding{File: fault.Path, Message: fault.Err.Error()})
		}
		return
	}
	if s.dist.info == nil {
		return
	}
	if want := s.name.DistInfoDir(); s.NameErr == nil && s.dist.info.Dir != want {
		report("dist-info", finding.Finding{File: s.dist.info.Dir, Need: want, Message: fmt.Sprintf("is the directory of the wheel's metadata; by the file name it must be %s", want)})
	}
	for _, file := range []struct {
		rule string
		err  error
	}{{"unreadable-record", s.record.Err}, {"missing-wheel-file", s.dist.wheelErr}, {"missing-metadata", s.dist.metadataErr}} {
		if errors.As(file.err, &fault) {
			message := fault.Err.Error()
			if errors.Is(fault, wheel.ErrNoMember) {
				message = "is missing"
			}
			report(file.rule, finding.Finding{File: fault.Path, Message: message})
		}
	}
	var problems []*wheel.Error
	if s.dist.wheel != nil {
		problems = s.dist.wheel.Problems
	}
	if s.dist.metadata != nil {
		problems = slices.Concat(problems, s.dist.metadata.Problems)
	}
	reportFirst(problems, report, fieldRule)
}

// fieldRule is the rule that a problem with the fields of a file breaks.
func fieldRule(c wheel.Code) string {
	if c == wheel.CodeText {
		return "text-encoding"
	}
	return "malformed-field"
}

// reportFirst reports the first fault of each kind in each file, with how many more
// there are.
func reportFirst(faults []*wheel.Error, report reporter, rule func(wheel.Code) string) {
	type kind struct {
		path string
		code wheel.Code
	}
	count := map[kind]int{}
	for _, f := range faults {
		count[kind{f.Path, f.Code}]++
	}
	for _, f := range faults {
		k := kind{f.Path, f.Code}
		n := count[k]
		if count[k] = 0; n == 0 {
			continue
		}
		message := f.Err.Error()
		if n > 1 {
			message = fmt.Sprintf("%s (and %d more like this)", message, n-1)
		}
		report(rule(f.Code), finding.Finding{File: f.Path, Message: message})
	}
}

// checkIdentity compares the name and version of METADATA with those of the file name.
func checkIdentity(s *Subject, report reporter) {
	m := s.dist.metadata
	if m == nil {
		return
	}
	file := s.dist.info.Dir + "/METADATA"
	if m.Name != "" && wheel.NormalizeName(m.Name) != s.name.NormalizedName() {
		report("mismatch", finding.Finding{File: file, Need: m.Name, Claimed: s.name.Distribution, Message: fmt.Sprintf("is of the project %s; the file name says %s", clip(m.Name), s.name.Distribution)})
	}
	if m.Version != (pep440.Version{}) && !m.Version.Equal(s.name.Version) {
		report("mismatch", finding.Finding{File: file, Need: m.Version.String(), Claimed: s.name.Version.String(), Message: fmt.Sprintf("has version %s; the file name says %s", clip(m.Version.String()), clip(s.name.Version.String()))})
	}
}

// clip shortens text of a wheel for a message.
func clip(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
