package audit

import (
	"fmt"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// archiveRules are the rules that checkArchive reports.
var archiveRules = []string{
	"ambiguous-archive", "hidden-data", "local-header", "data-before-archive", "data-after-archive", "data-descriptor", "end-of-archive",
	"duplicate-member", "member-comment", "extra-field", "unsafe-path", "path-characters", "path-spelling", "compression-method", "encrypted",
	"zip-version", "special-file", "set-uid", "unpacked-size", "letter-case", "path-conflict", "windows-name", "impossible-size",
}

// archiveRule is the rule that a problem of the archive breaks.
func archiveRule(c wheel.Code) string {
	if c.Ambiguous() {
		return "ambiguous-archive"
	}
	switch c {
	case wheel.CodeHiddenData:
		return "hidden-data"
	case wheel.CodeLocalMissing, wheel.CodeLocalHeader, wheel.CodeDescriptorValue:
		return "local-header"
	case wheel.CodePrefix:
		return "data-before-archive"
	case wheel.CodeTrailing:
		return "data-after-archive"
	case wheel.CodeDescriptor:
		return "data-descriptor"
	case wheel.CodeComment, wheel.CodeDirectorySize, wheel.CodeDisk, wheel.CodeZip64Missing, wheel.CodeZip64Size:
		return "end-of-archive"
	case wheel.CodeDuplicateName:
		return "duplicate-member"
	case wheel.CodeMemberComment:
		return "member-comment"
	case wheel.CodeExtraField, wheel.CodeLocalExtra:
		return "extra-field"
	case wheel.CodeVersionNeeded:
		return "zip-version"
	case wheel.CodeMethod:
		return "compression-method"
	case wheel.CodeEncrypted:
		return "encrypted"
	case wheel.CodeBomb:
		return "unpacked-size"
	case wheel.CodeSizes:
		return "impossible-size"
	}
	return pathRule(c)
}

// pathRule is the rule that a problem with the path or the mode of a member breaks.
func pathRule(c wheel.Code) string {
	switch c {
	case wheel.CodePathLeaves:
		return "unsafe-path"
	case wheel.CodePathControl, wheel.CodeNameEncoding, wheel.CodeNameCharset:
		return "path-characters"
	case wheel.CodePathForm:
		return "path-spelling"
	case wheel.CodePathWindows:
		return "windows-name"
	case wheel.CodePathCase:
		return "letter-case"
	case wheel.CodePathConflict:
		return "path-conflict"
	case wheel.CodeSpecialFile:
		return "special-file"
	case wheel.CodeSetUID:
		return "set-uid"
	}
	return "ambiguous-archive"
}

// checkArchive reports what is wrong with the archive: the first problem of each kind,
// as there may be one for every member.
func checkArchive(s *Subject, report reporter) {
	problems := s.content.overlaps
	for _, p := range s.archive {
		if p.Code != wheel.CodeOverlap || len(s.content.overlaps) == 0 {
			problems = append(problems, p)
		}
	}
	count := map[wheel.Code]int{}
	for _, p := range problems {
		count[p.Code]++
	}
	for _, p := range problems {
		n := count[p.Code]
		count[p.Code] = 0
		if n == 0 || s.explained(p, count) {
			continue
		}
		message := p.Err.Error()
		if n > 1 {
			message = fmt.Sprintf("%s (and %d more like this)", message, n-1)
		}
		report(archiveRule(p.Code), finding.Finding{File: p.Path, Message: message})
	}
}

// explained reports whether a problem is a part of another that is reported: the bytes
// before an archive belong to no member, and those of a wrong data descriptor neither.
func (s *Subject) explained(p *wheel.Error, count map[wheel.Code]int) bool {
	if p.Code != wheel.CodeHiddenData {
		return false
	}
	_, prefix := count[wheel.CodePrefix]
	_, descriptor := count[wheel.CodeDescriptorValue]
	return prefix && p.Offset == 0 || descriptor
}
