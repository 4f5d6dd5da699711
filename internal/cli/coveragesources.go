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

// readSource takes one argument for what it is: a directory, a page, a list of
// names, or else a lock or requirements file. Faults inside are reported and the
// rest is used.
func (r *coverageRun) readSource(path string) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if path == "-" {
		return r.readStandardInput(lockfile.MaxSize)
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
		lock := ""
		if len(r.args) == 1 {
			lock = lockIn(path)
		}
		if lock == "" {
			r.addFiles(index.ReadDir(path))
			for f := range index.ReadDirVariants(path) {
				r.pool.AddVariants(f.Name, f.Version, &f.ReleaseVariants)
			}
			return nil
		}
		r.logf("reading %s", filepath.ToSlash(lock))
		path = lock
	}
	f, err := os.Open(path)
	if err != nil {
		r.reportError("%v", explainSource(err))
		return nil
	}
	defer f.Close()
	kind, err := sourceKind(path, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	switch {
	case err != nil:
		r.reportError("%v", explainSource(err))
	case kind == "page":
		r.addFiles(index.ReadPage(f, path))
	case kind == "names":
		r.addFiles(index.ReadNames(f, path))
	default:
		r.addLock(lockfile.ReadFile(path))
	}
	return nil
}

// readStandardInput reads what is there to the end, up to most bytes, and takes it for
// what it is.
func (r *coverageRun) readStandardInput(most int) error {
	const name = "standard input"
	var text strings.Builder
	for b, err := range r.blocks() {
		if err != nil {
			return err
		}
		if text.WriteString(b); text.Len() > most {
			r.reportError("%s: larger than %d bytes", name, most)
			return nil
		}
	}
	kind, err := sourceKind(name, strings.NewReader(text.String()))
	switch content := strings.NewReader(text.String()); {
	case err != nil:
		return err
	case strings.TrimSpace(text.String()) == "":
		r.reportError("standard input is empty")
	case kind == "page":
		r.addFiles(index.ReadPage(content, name))
	case kind == "names":
		r.addFiles(index.ReadNames(content, name))
	default:
		r.addLock(lockfile.Read(content, name))
	}
	return nil
}

// addLock adds a lock or requirements file.
func (r *coverageRun) addLock(lock *lockfile.Lock, err error) {
	var fault *lockfile.Error
	if errors.As(err, &fault) && fault.Code == lockfile.CodeFormat {
		err = explainSource(err)
	}
	if err != nil {
		r.reportError("%v", err)
		return
	}
	r.report(lock.Problems)
	r.locks = append(r.locks, lock)
}

// lockIn returns the lock file that a directory means: the first of the usual names
// that it has, or requirements.txt if there are no wheels and sdists next to it. It
// is "" for a directory of files.
func lockIn(dir string) string {
	regular := func(name string) bool {
		info, err := os.Stat(filepath.Join(dir, name))
		return err == nil && info.Mode().IsRegular()
	}
	for _, name := range lockfile.FileNames() {
		if regular(name) {
			return filepath.Join(dir, name)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return isFileName(e.Name()) }) || !regular("requirements.txt") {
		return ""
	}
	return filepath.Join(dir, "requirements.txt")
}

func explainSource(err error) error {
	return fmt.Errorf("%w; coverage takes lock files, requirements files, directories of wheels, saved index pages and lists of file names", err)
}

// mostProblems is how many problems of one kind in one file are written. The others
// are counted.
const mostProblems = 5

// report writes what a reader could not use.
func (r *coverageRun) report(problems []lockfile.Problem) {
	type kind struct {
		file string
		code lockfile.Code
		note bool
	}
	count := map[kind]int{}
	for _, p := range problems {
		k := kind{p.File, p.Code, p.Note}
		switch count[k]++; {
		case count[k] > mostProblems: // the status is that of the first ones
		case p.Note:
			r.logf("%s", p)
		default:
			r.reportError("%s", p)
		}
	}
	for _, p := range problems {
		k := kind{p.File, p.Code, p.Note}
		if n := count[k] - mostProblems; n > 0 {
			r.logf("%s: %d more of this kind (%s)", p.File, n, p.Code)
			delete(count, k)
		}
	}
}

func (r *coverageRun) addFiles(files iter.Seq2[index.File, error]) {
	failed := 0
	for f, err := range files {
		switch {
		case err == nil:
			r.files = append(r.files, f)
			if f.Path != "" {
				if r.local == nil {
					r.local = map[string]bool{}
				}
				r.local[f.Path] = true
			}
		case failed < mostProblems:
			r.reportError("%v", err)
			failed++
		default:
			failed++
		}
	}
	if n := failed - mostProblems; n > 0 {
		r.logf("%d more files or lines with errors", n)
	}
}

// sourceKind distinguishes pages and lists of names from lock files, by the name
// and the first line with content. A list of URLs or paths is one of names only if
// every line is one, because requirements may be URLs too.
func sourceKind(path string, content io.Reader) (string, error) {
	lower := strings.ToLower(path)
	switch {
	case slices.Contains(lockfile.FileNames(), filepath.Base(path)):
		return "lock", nil
	case strings.HasSuffix(lower, ".html") || strings.HasSuffix(lower, ".htm"):
		return "page", nil
	case strings.HasSuffix(lower, ".lock") || strings.HasSuffix(lower, ".toml"):
		return "lock", nil
	}
	requirements := strings.HasPrefix(filepath.Base(lower), "requirements") || strings.HasSuffix(lower, ".in")
	kind := "lock"
	const most = 1 << 16 // bytes that are looked at
	s := bufio.NewScanner(io.LimitReader(content, most))
	s.Buffer(nil, most+1)
	for read := 0; s.Scan(); {
		if read += len(s.Bytes()) + 1; kind == "names" && read >= most {
			break // the line may be cut
		}
		line := strings.TrimSpace(s.Text())
		switch {
		case line == "" || line[0] == '#':
			continue
		case kind == "lock" && line[0] == '{':
			return jsonKind(line, s), nil
		case kind == "lock" && line[0] == '<':
			return "page", nil
		case requirements || !isFileName(line):
			return "lock", nil
		case !strings.ContainsAny(line, `/\`):
			return "names", nil
		}
		kind = "names" // URLs or paths, which may be requirements until the last line
	}
	if err := s.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
		return "", err
	}
	return kind, nil
}

// jsonKind distinguishes pages of an index from Pipfile.lock and the reports of pip.
func jsonKind(line string, more *bufio.Scanner) string {
	for {
		for _, key := range []string{`"pip_version"`, `"pipfile-spec"`, `"lockfileVersion"`} {
			if strings.Contains(line, key) {
				return "lock"
			}
		}
		if !more.Scan() {
			return "page"
		}
		line = more.Text()
	}
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
