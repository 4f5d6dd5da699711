package cli

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/ordered"
	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/index/repository"
)

// onlineFlags say which index has the files that sources do not list.
type onlineFlags struct {
	indexURL  string
	pageCache string
	timeout   time.Duration
}

func (o *onlineFlags) add(f *pflag.FlagSet) {
	f.StringVar(&o.indexURL, "index-url", "", "read which files there are from the pages of the index at `URL`, for requirements that list none")
	f.StringVar(&o.pageCache, "cache", "", "keep the pages of --index-url in `DIR`, and download those that changed")
	addTimeout(f, &o.timeout)
}

// check finds mistakes. A URL may have a password, so it is never quoted.
func (o *onlineFlags) check() error {
	switch {
	case o.timeout < 0:
		return usagef("--timeout must be 0 or more")
	case o.indexURL == "" && o.pageCache != "":
		return usagef("--cache keeps the pages of --index-url; add that")
	case o.indexURL == "":
		return nil
	}
	if _, err := repository.Open(o.indexURL, repository.Options{}); err != nil {
		return usagef("--index-url: %v", err)
	}
	return nil
}

const (
	pageRequests  = 6         // pages that are asked for at a time
	pageCacheSize = 256 << 20 // bytes of --cache
)

// page is what the index has of a project.
type page struct {
	project string
	files   iter.Seq2[index.File, error]
	err     error
}

// askIndex reads the page of each project that a source needs and lists no files of. After
// a few failures in a row no more are asked for: the index cannot be reached.
func (r *coverageRun) askIndex() error {
	if r.indexURL == "" {
		return nil
	}
	names, err := r.unlisted()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		r.logf("--index-url is not used: the files of all packages are known")
		return nil
	}
	// The client uses the proxy of the environment, as for wheels at a URL.
	repo, err := repository.Open(r.indexURL, repository.Options{Client: &http.Client{}, Timeout: r.timeout, Cache: r.pageCache, CacheSize: pageCacheSize})
	if err != nil {
		return usagef("--index-url: %v", err)
	}
	read := func(ctx context.Context, name string) page {
		files, err := repo.Files(ctx, name)
		return page{name, files, err}
	}
	asked, failures := 0, 0
	for p := range ordered.Map(r.ctx, pageRequests, slices.Values(names), read) {
		asked++
		if p.err == nil || errors.Is(p.err, repository.ErrNoProject) {
			failures = 0
			r.addPage(&p)
			continue
		}
		r.reportError("%v", p.err)
		if failures++; failures == mostProblems && asked < len(names) {
			r.logf("the index does not answer; %d more packages are not asked for", len(names)-asked)
			break
		}
	}
	if err := repo.Close(); err != nil {
		r.logf("warning: --cache: %v; pages are not kept", err)
	}
	return r.ctx.Err()
}

// unlisted are the projects of all sources that list no files, each once.
func (r *coverageRun) unlisted() ([]string, error) {
	locks := slices.Clone(r.locks)
	if r.before != nil {
		locks = append(locks, r.before)
	}
	var names []string
	for _, lock := range locks {
		more, err := coverage.Unlisted(lock, r.selection, r.targets)
		if err != nil {
			return nil, usagef("%v", err)
		}
		for _, name := range more {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// addPage adds the files of a project, if all of the page can be read. Names that no
// installer can read are on the pages of many projects, and say nothing about the others.
func (r *coverageRun) addPage(p *page) {
	if p.err != nil { // the index has no such project
		r.pool.AddProject(p.project)
		return
	}
	var files []index.File
	ignored := 0
	for f, err := range p.files {
		var fault *index.Error
		switch {
		case err == nil && f.Project == p.project:
			files = append(files, f)
		case err == nil, errors.As(err, &fault) && fault.Code == index.CodeName:
			ignored++
		default:
			r.reportError("%v", err)
			return
		}
	}
	if ignored > 0 {
		r.logf("%s: %d files ignored, with names that are not those of its wheels or source distributions", p.project, ignored)
	}
	r.pool.AddProject(p.project)
	r.files = append(r.files, files...)
}
