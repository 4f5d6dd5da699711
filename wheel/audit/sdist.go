package audit

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/metadata"
)

// sdist is what the checks ask about a source distribution.
type sdist struct {
	wheel.Sdist
	name   wheel.SdistName
	fault  *wheel.Error   // of the file name, or nil
	faults []*wheel.Error // of the metadata
}

// openSdist reads the source distribution at path. Errors have the path.
func (a *Auditor) openSdist(ctx context.Context, path string) (*Subject, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	s := &Subject{Filename: filepath.Base(path), Sdist: true, size: info.Size(), policies: manylinux.Known(), rules: a.rules, today: a.today, ELF: linkset.New(nil)}
	in := &input{r: &stoppable{ctx, f}}
	read, err := wheel.ReadSdist(in, info.Size(), s.Filename)
	if failed := in.failed.Load(); failed != nil {
		err = *failed
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.sdist.Sdist = *read
	s.sdist.name, s.sdist.fault = wheel.CheckSdistName(s.Filename)
	if read.Metadata != nil {
		_, s.sdist.faults = metadata.Read(read.PkgInfo, read.Metadata)
	}
	return s, nil
}

// stoppable ends a long read when the context does.
type stoppable struct {
	ctx context.Context
	r   io.ReaderAt
}

func (s *stoppable) ReadAt(p []byte, off int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.ReadAt(p, off)
}

// sdistRules are the rules that checkSdist reports.
var sdistRules = slices.Concat([]string{
	"bad-sdist-name", "not-normal", "no-pkg-info", "mismatch", "sdist-directory", "unsafe-path", "special-file", "duplicate-member",
	"ambiguous-archive", "malformed-field", "text-encoding",
}, metadataRules)

// checkSdist reports what is wrong with a source distribution. Its name and PKG-INFO are
// judged by the functions of package wheel that package index asks too.
func checkSdist(s *Subject, report reporter) {
	d := &s.sdist
	named := func(c wheel.Code) string { return string(c) }
	if d.fault != nil {
		reportFirst([]*wheel.Error{d.fault}, report, named)
	}
	switch {
	case d.Metadata == nil:
		reportFirst(d.name.Compare(false, "", ""), report, named)
	case d.name.Filename != "":
		reportFirst(d.name.Compare(true, d.Metadata.Name, d.Metadata.Version), report, named)
	}
	reportFirst(d.Problems, report, func(c wheel.Code) string {
		if c == wheel.CodeSdistDirectory {
			return string(c)
		}
		return archiveRule(c)
	})
	if d.Metadata != nil {
		reportFirst(d.Metadata.Problems, report, fieldRule)
	}
	reportFirst(d.faults, report, func(c wheel.Code) string { return metadataRule[c] })
}
