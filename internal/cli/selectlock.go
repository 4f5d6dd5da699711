package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// hasLock reports whether an argument is a file that is no wheel: a lock or
// requirements file, a saved page or a list of names.
func hasLock(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		if slices.Contains(lockfile.FileNames(), filepath.Base(arg)) {
			return true // if it is not there, coverage says so
		}
		info, err := os.Stat(arg)
		return err == nil && info.Mode().IsRegular() && !strings.HasSuffix(arg, ".whl")
	})
}

// selected reports whether a selection says anything.
func selected(s lockfile.Selection) bool {
	return len(s.Extras)+len(s.Groups)+len(s.Packages) > 0 || s.NoDefaultGroups || s.AllPackages
}

// list writes the files of the packages that are needed on each target.
func (r *coverageRun) list(pre bool) error {
	if pre {
		return usagef("--pre is for wheels and names; a lock file has its versions")
	}
	if err := r.collect(); err != nil {
		return err
	}
	r.noteRefused()
	r.noteUnknown()
	if len(r.rows) == 0 {
		r.reportError("no packages found in %s", strings.Join(r.args, ", "))
	}
	for t := range r.targets {
		if r.format == "text" {
			fmt.Fprintln(r.out, report.Plain(r.targets[t].Name()))
		}
		listed := map[[2]string]bool{} // a package with extras may be there twice
		for i := range r.rows {
			row := &r.rows[i]
			if err := r.ctx.Err(); err != nil {
				return err
			}
			if state := row.Cells[t].State; state == coverage.Excluded || state == coverage.Unsupported {
				continue
			}
			key := [2]string{row.Package, row.File(t)}
			if listed[key] {
				continue
			}
			listed[key] = true
			if err := r.show(row, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// show writes the file of one package for one target.
func (r *coverageRun) show(row *coverage.Row, at int) error {
	target := &r.targets[at]
	record := selectRecord{
		Schema: "wheeltag.select/v1", Target: target.Name(), Project: row.Package, Version: row.Version,
		State: row.Cells[at].State.String(), Rejected: []rejectedEntry{},
	}
	taken, ok := row.Taken(at)
	if ok {
		if err := describeTaken(&record, target, &taken, r.local[taken.Path]); err != nil {
			r.reportError("%v", err)
		}
	} else {
		r.fail()
		reason := row.Reason(at)
		record.Reason = &reasonRecord{string(reason.Code), reason.Message, reason.Need, reason.Have}
	}
	if r.json {
		return r.writeJSON(record)
	}
	name := record.Project
	if record.Version != "" {
		name += " " + record.Version
	}
	if !ok {
		fmt.Fprintf(r.out, "  none %s\n%s\n", report.Plain(name), r.style.Wrap(record.Reason.Message+" ("+record.Reason.Code+")", "       "))
		return nil
	}
	fmt.Fprintf(r.out, "  take %s\n", report.Plain(record.File))
	for _, text := range []string{record.URL, record.Path} {
		if text != "" {
			fmt.Fprintf(r.out, "       %s\n", report.Plain(text))
		}
	}
	for _, h := range taken.Hashes {
		fmt.Fprintf(r.out, "       %s:%s\n", report.Plain(h.Algorithm), report.Plain(h.Digest))
	}
	return nil
}

// describeTaken adds what is known of the file that is taken. A local file is hashed if
// the source has no hash of it.
func describeTaken(record *selectRecord, target *coverage.Target, taken *coverage.Offer, local bool) error {
	record.File, record.URL, record.Path = taken.Name, taken.URL, taken.Path
	if taken.Size >= 0 {
		record.Size = &taken.Size
	}
	if n, err := wheel.ParseName(taken.Name); err == nil {
		if record.Version == "" {
			record.Version = n.Version.String()
		}
		tag, rank, _ := target.Best(&n.Tags)
		record.Tag, record.Rank = tag.String(), &rank
	} else if n, err := wheel.ParseSdistName(taken.Name, record.Project); err == nil && record.Version == "" {
		record.Version = n.Version.String()
	}
	var err error
	if len(taken.Hashes) == 0 && taken.Path != "" && local {
		taken.Hashes, err = hashFile(taken.Path, []string{"sha256"})
	}
	record.Hashes = map[string]string{}
	for _, h := range taken.Hashes {
		record.Hashes[h.Algorithm] = h.Digest
	}
	return err
}
