package audit

import (
	"path"
	"strings"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// maxStartup bounds how much of the startup files of a wheel is read, in bytes. Real ones
// have a line or two.
const maxStartup = 4 << 20

// startupFile is a file that Python's site module reads whenever Python starts.
type startupFile struct {
	path string
	line string // the first that runs code, or ""
	err  error  // the file cannot be read
}

// readStartup reads the startup files of a wheel. It stops at the bound, so that a
// hostile wheel does not take long; the files after that have an error.
func readStartup(archive *wheel.Archive) []startupFile {
	var list []startupFile
	left := int64(maxStartup)
	for m := range archive.Members() {
		runs := startupKind(m.Name())
		if runs == nil {
			continue
		}
		text, err := m.ReadAll(left)
		left -= int64(len(text))
		list = append(list, startupFile{m.Name(), firstLine(text, runs), err})
	}
	return list
}

// startupKind returns the function that reports whether a line of a file runs code when
// Python starts, or nil if Python does not read the file then: only those directly in
// site-packages are read.
func startupKind(name string) func(line string) bool {
	dir, base := path.Split(name)
	if top, rest, _ := strings.Cut(dir, "/"); strings.HasSuffix(top, ".data") {
		switch {
		case rest == "purelib/" || rest == "platlib/":
			dir = ""
		case strings.HasPrefix(rest, "data/") && (strings.HasSuffix(rest, "/site-packages/") || strings.HasSuffix(rest, "/dist-packages/")):
			dir = ""
		}
	}
	switch {
	case dir != "":
		return nil
	case strings.HasSuffix(base, ".pth"):
		return isImportLine
	case strings.HasSuffix(base, ".start"):
		return isEntryPoint
	}
	return nil
}

// isImportLine reports whether site executes a line of a .pth file. Every other line is
// a directory or a comment.
func isImportLine(line string) bool {
	return strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "import\t")
}

// isEntryPoint reports whether a line of a .start file names a function to call, in the
// form MODULE:FUNCTION (PEP 829).
func isEntryPoint(line string) bool {
	line = strings.TrimSpace(line)
	return !strings.HasPrefix(line, "#") && strings.Contains(line, ":")
}

// firstLine returns the first line of a text that a function accepts, or "". Lines end
// where Python's str.splitlines ends them, and a byte order mark is no part of the first.
func firstLine(text []byte, accept func(string) bool) string {
	s := strings.TrimPrefix(string(text), "\ufeff")
	if !utf8.ValidString(s) { // Python tries the encoding of the locale
		s = strings.ReplaceAll(s, "\x85", "\n")
	}
	for line := range strings.FieldsFuncSeq(s, isLineEnd) {
		if accept(line) {
			return line
		}
	}
	return ""
}

func isLineEnd(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// checkStartup reports files with code that runs at every start of Python.
func checkStartup(s *Subject, report reporter) {
	var unread group
	for _, f := range s.startup {
		switch {
		case f.err != nil:
			unread.add(f.path, "is read at every start of Python, and could not be read here")
		case f.line != "":
			report("startup-code", finding.Finding{File: f.path, Message: "runs code at every start of Python: " + clip(strings.TrimSpace(f.line))})
		}
	}
	unread.report("startup-code", report)
}
