package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// readSource takes one argument for what it is: a folder, a page, a list of
// names, or else a lock or requirements file. Faults inside are reported and the
// rest is used.
func (r *coverageRun) readSource(path string) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if path == "-" {
		r.addFiles(index.ReadNames(r.in, "standard input"))
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.reportError("%v", explainSource(fmt.Errorf("%s: no such file or directory", path)))
		return nil
	case err != nil:
		r.reportError("%v", explainSource(err))
		return nil
	case info.IsDir():
		r.addFiles(index.ReadDir(path))
		return nil
	}
	kind, err := sourceKind(path)
	if err != nil {
		r.reportError("%v", explainSource(err))
		return nil
	}
	if kind == "lock" {
		lock, err := lockfile.ReadFile(path)
		var fault *lockfile.Error
		if errors.As(err, &fault) && fault.Code == lockfile.CodeFormat {
			err = explainSource(err)
		}
		if err != nil {
			r.reportError("%v", err)
			return nil
		}
		r.report(lock.Problems)
		r.locks = append(r.locks, lock)
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		r.reportError("%v", explainSource(err))
		return nil
	}
	defer f.Close()
	if kind == "page" {
		r.addFiles(index.ReadPage(f, path))
	} else {
		r.addFiles(index.ReadNames(f, path))
	}
	return nil
}

func explainSource(err error) error {
	return fmt.Errorf("%w; coverage takes lock files, requirements files, directories of wheels, saved index pages and lists of file names", err)
}

// report writes what a reader could not use.
func (r *coverageRun) report(problems []lockfile.Problem) {
	for _, p := range problems {
		if p.Note {
			r.logf("%s", p)
		} else {
			r.reportError("%s", p)
		}
	}
}

func (r *coverageRun) addFiles(files iter.Seq2[index.File, error]) {
	for f, err := range files {
		if err != nil {
			r.reportError("%v", err)
			continue
		}
		r.files = append(r.files, f)
	}
}

// sourceKind distinguishes pages and lists of names from lock files, by the name
// and the first line with content. A list of URLs or paths is one of names only if
// every line is one, because requirements may be URLs too.
func sourceKind(path string) (string, error) {
	lower := strings.ToLower(path)
	switch {
	case slices.Contains(lockfile.FileNames(), filepath.Base(path)):
		return "lock", nil
	case strings.HasSuffix(lower, ".html") || strings.HasSuffix(lower, ".htm") || strings.HasSuffix(lower, ".json"):
		return "page", nil
	case strings.HasSuffix(lower, ".lock") || strings.HasSuffix(lower, ".toml"):
		return "lock", nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	requirements := strings.HasPrefix(filepath.Base(lower), "requirements") || strings.HasSuffix(lower, ".in")
	kind := "lock"
	const most = 1 << 16 // bytes that are looked at
	s := bufio.NewScanner(io.LimitReader(f, most))
	for read := 0; s.Scan(); {
		if read += len(s.Bytes()) + 1; kind == "names" && read >= most {
			break // the line may be cut
		}
		line := strings.TrimSpace(s.Text())
		switch {
		case line == "" || line[0] == '#':
			continue
		case kind == "lock" && (line[0] == '<' || line[0] == '{'):
			return "page", nil
		case requirements || !isFileName(line):
			return "lock", nil
		case !strings.ContainsAny(line, `/\`):
			return "names", nil
		}
		kind = "names" // URLs or paths, which may be requirements until the last line
	}
	return kind, nil
}

// isFileName reports whether a line is the name of a wheel or source
// distribution, perhaps with a path or URL before it.
func isFileName(line string) bool {
	_, sdist := wheel.SdistStem(line)
	return (sdist || strings.HasSuffix(line, ".whl")) && !strings.ContainsAny(line, " @")
}

// readConstraints reads the files of --constraint in order of precedence.
func (r *coverageRun) readConstraints() error {
	if len(r.constraints) == 0 {
		return nil
	}
	limits, err := lockfile.ReadConstraints(func(name string) (io.ReadCloser, error) { return os.Open(name) }, r.constraints...)
	if err != nil {
		return usagef("%v", err)
	}
	r.limits = limits
	r.report(limits.Problems)
	return nil
}

// showConstraints answers --print-constraints.
func (r *coverageRun) showConstraints() error {
	if len(r.constraints) == 0 {
		return usagef("--print-constraints needs a file, as in -c pins.txt")
	}
	if err := r.readConstraints(); err != nil {
		return err
	}
	for _, p := range r.limits.Packages {
		text := p.Name + p.Specifiers.String()
		if !p.Marker.IsZero() {
			text += " ; " + p.Marker.String()
		}
		if r.json {
			err := r.writeJSON(struct {
				Schema      string `json:"schema"`
				Package     string `json:"package"`
				Requirement string `json:"requirement"`
				File        string `json:"file"`
				Line        int    `json:"line"`
			}{"wheeltag.constraints/v1", p.Name, text, p.File, p.Line})
			if err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(r.out, "%s  # %s:%d\n", text, p.File, p.Line)
	}
	return nil
}
