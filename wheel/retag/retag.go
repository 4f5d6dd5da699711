package retag

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Result is a wheel that is ready to be written. Its content is read like a file; parts of
// it are those of the source, which has to stay open and unchanged for as long.
type Result struct {
	Source   string // file name
	Filename string // of the result

	// Changes are what is different. Without any, the content is that of the source.
	Changes []Change

	content *splice
}

// Size is the length of the content in bytes.
func (r *Result) Size() int64 { return r.content.size }

// ReadAt reads the content.
func (r *Result) ReadAt(p []byte, off int64) (int, error) { return r.content.ReadAt(p, off) }

// Change is one difference between a wheel and what was made of it.
type Change struct {
	Kind    Kind   `json:"kind"`
	File    string `json:"file,omitempty"` // member that it is about, if it is about one
	Message string `json:"message"`
}

// Kind is the part of a wheel that a change is about.
type Kind string

// The kinds of changes, in the order in which they are listed.
const (
	KindName    Kind = "name"    // the file name
	KindWheel   Kind = "wheel"   // the Tag and Build fields of WHEEL
	KindRecord  Kind = "record"  // the rows of RECORD
	KindArchive Kind = "archive" // the records of the archive
)

// Code says why a wheel is not changed. The strings are stable.
type Code string

// Why a wheel is not changed.
const (
	CodeTags    Code = "tags"    // there are no such tags, or no known ones
	CodeArchive Code = "archive" // the archive cannot be repaired without a guess
	CodeWheel   Code = "wheel"   // WHEEL is missing or malformed
	CodeAudit   Code = "audit"   // the result would have errors
	CodeExists  Code = "exists"  // another file has the name
)

// Refusal is a wheel that is not changed, although it can be read.
type Refusal struct {
	File     string // path of the source
	Filename string // of the result, where that is known
	Code     Code
	Err      error
	Findings []finding.Finding // the errors of the result, with CodeAudit
	Changes  []Change          // that would have been made
}

func (r *Refusal) Error() string {
	if r.File == "" {
		return r.Err.Error()
	}
	return r.File + ": " + r.Err.Error()
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// source is a wheel that is to be changed.
type source struct {
	r       io.ReaderAt
	failed  atomic.Pointer[error] // the first of r
	size    int64
	name    wheel.Name
	archive *wheel.Archive
	dist    *wheel.DistInfo
}

// ReadAt remembers the first error: not every parser gives it as one.
func (s *source) ReadAt(p []byte, off int64) (int, error) {
	n, err := s.r.ReadAt(p, off)
	if err != nil && err != io.EOF {
		s.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// New makes a wheel of the one in the first size bytes of r. It is not audited;
// [Result.Audit] does that. The error is a *[Refusal], or says why r is not a wheel that
// can be read.
func New(ctx context.Context, r io.ReaderAt, size int64, filename string, o Options) (*Result, error) {
	if err := o.Check(); err != nil {
		return nil, &Refusal{Code: CodeTags, Err: err}
	}
	s := &source{r: r, size: size}
	var err error
	if s.name, err = wheel.ParseName(filename); err != nil {
		return nil, err
	}
	if s.archive, err = wheel.Open(s, size); err != nil {
		return nil, err
	}
	leftovers, err := s.framing(ctx)
	if err != nil {
		return nil, err
	}
	if s.dist, err = s.archive.DistInfo(); err != nil {
		return nil, s.refuse(CodeArchive, err)
	}
	if o.Platform == Auto {
		if o.Platform, err = s.platforms(ctx, o.Audit); err != nil {
			return nil, err
		}
	}
	name, err := o.rename(&s.name)
	if err != nil {
		return nil, err
	}
	return s.write(ctx, &name, leftovers, o)
}

// platforms gives the platform tags that the native code qualifies for.
func (s *source) platforms(ctx context.Context, how audit.Options) (string, error) {
	report, err := audit.New(how).Wheel(ctx, s, s.size, s.name.Filename)
	if err != nil {
		return "", err
	}
	list := report.Platforms()
	if list == nil {
		why := "no platform tag is known for the native code"
		if report.Verdict == finding.Unknown {
			why = "part of the native code cannot be read, so that its needs are unknown"
		}
		return "", &Refusal{Code: CodeTags, Err: errors.New(why)}
	}
	return strings.Join(list, "."), nil
}

// write makes the result.
func (s *source) write(ctx context.Context, name *wheel.Name, leftovers []Change, o Options) (*Result, error) {
	out := &Result{Source: s.name.Filename, Filename: name.Filename}
	if out.Filename != out.Source {
		out.Changes = append(out.Changes, Change{Kind: KindName, Message: fmt.Sprintf("%s -> %s", out.Source, out.Filename)})
	}
	text, changes, err := s.wheelFile(name)
	if err != nil {
		return nil, err
	}
	out.Changes = append(out.Changes, changes...)
	out.content = &splice{source: s}
	modified := o.Modified
	if modified.IsZero() {
		modified = s.modified()
	}
	w := wheel.NewWriter(out.content, s.dist.Dir, modified)
	for m := range s.archive.Entries() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		file, ok := strings.CutPrefix(m.Name(), s.dist.Dir+"/")
		switch {
		case ok && (file == "RECORD" || file == "RECORD.jws" || file == "RECORD.p7s"):
		case ok && file == "WHEEL" && text != nil:
			err = w.Add(m.Name(), modeOf(m), text)
		default:
			err = w.Copy(m)
		}
		if err != nil {
			return nil, s.refuse(CodeArchive, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, s.refuse(CodeArchive, err)
	}
	rows, err := s.compareRecords(ctx, out, text != nil)
	if err != nil {
		return nil, err
	}
	out.Changes = slices.Concat(out.Changes, rows, leftovers)
	if slices.ContainsFunc(out.Changes, func(c Change) bool { return c.Kind != KindName }) {
		out.Changes = append(out.Changes, s.leftovers()...)
	} else {
		out.content = &splice{source: s, parts: []part{{}}, size: s.size}
	}
	return out, nil
}

// refuse is the error for a part of the source that cannot be taken over: one of the
// reader, or a refusal.
func (s *source) refuse(code Code, err error) error {
	if failed := s.failed.Load(); failed != nil {
		return *failed
	}
	return &Refusal{Code: code, Err: err}
}

// Audit audits the content as ra has it, which may be the result itself or the file that
// it was written to. Its error is a *[Refusal] if there are errors that o does not accept.
func (r *Result) Audit(ctx context.Context, ra io.ReaderAt, o Options) (*audit.Report, error) {
	how := o.Audit
	how.Verify = true
	if how.Selection.Index.Name == "" { // nothing says that the result is to be uploaded
		how.Selection.Index = finding.NoIndex()
	}
	report, err := audit.New(how).Wheel(ctx, ra, r.Size(), r.Filename)
	if err != nil {
		return nil, err
	}
	today := o.Audit.Today
	if today.IsZero() {
		today = time.Now().UTC()
	}
	project := ""
	if name, err := wheel.ParseName(r.Filename); err == nil {
		project = name.NormalizedName()
	}
	found, _ := finding.Apply(o.Allowances, report.Findings, project, today)
	var errs []finding.Finding
	for _, f := range found {
		rule, _ := finding.Lookup(f.Rule)
		if (f.Severity >= finding.Error || rule.Undecided) && (!o.Force || rule.Category == finding.CategoryArchive) {
			errs = append(errs, f)
		}
	}
	if len(errs) == 0 {
		return report, nil
	}
	first := strings.TrimPrefix(errs[0].File+" "+errs[0].Message, " ")
	if n := len(errs) - 1; n > 0 {
		first += fmt.Sprintf(" (and %d more)", n)
	}
	return nil, &Refusal{
		Filename: r.Filename, Code: CodeAudit, Findings: errs, Changes: r.Changes,
		Err: fmt.Errorf("%s would not pass the audit: %s: %s", r.Filename, errs[0].Rule, first),
	}
}
