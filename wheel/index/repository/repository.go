package repository

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/wheeltag/wheeltag/internal/cache"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// Options for [Open].
type Options struct {
	Client    *http.Client  // as in remote.Options
	Timeout   time.Duration // for one page, zero for no limit
	Cache     string        // directory that pages are kept in, "" for none
	CacheSize int64         // limit of that directory in bytes
}

// Repository is a package index at a URL. It may be used from several goroutines.
type Repository struct {
	base   url.URL
	o      Options
	cache  *cache.Cache // nil if there is none
	failed error        // why there is none
}

// maxPage limits a page in bytes; the largest on a public index has some 20 MB.
const maxPage = 64 << 20

// accept prefers JSON, which has sizes and all hashes (PEP 691, Version + format selection).
const accept = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"

// validName is a normalised name of a project (PEP 503, PEP 508).
var validName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// ErrNoProject is what [Repository.Files] returns if the index has no such project.
var ErrNoProject = errors.New("the index has no such project")

// ErrURL is what [Open] returns for a URL that is none of an index. It does not quote it.
var ErrURL = errors.New("not an http or https URL, such as https://host/simple")

// Open prepares an index; nothing is sent yet. address is the URL that pages of projects
// are below; a user and a password in it are sent as basic authentication. A cache that
// cannot be used is no error here: see Close.
func Open(address string, o Options) (*Repository, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, ErrURL
	}
	r := &Repository{base: *u, o: o}
	r.base.Fragment, r.base.RawFragment = "", ""
	if o.Cache != "" {
		r.cache, r.failed = cache.Open(o.Cache, "wheeltag.page/v1", o.CacheSize)
	}
	return r, nil
}

// Close ends the use of the cache. It returns the first error of it; all pages were read
// without it then.
func (r *Repository) Close() error {
	if r.cache == nil {
		return r.failed
	}
	return r.cache.Close()
}

// Files yields the files on the page of a project, as [index.ReadPage] does. The error is
// ErrNoProject, wrapped, or a [*remote.Error].
func (r *Repository) Files(ctx context.Context, project string) (iter.Seq2[index.File, error], error) {
	name := wheel.NormalizeName(project)
	if !validName.MatchString(name) { // which could lead to another page
		return nil, fmt.Errorf("%w: %q is not a valid name", ErrNoProject, project)
	}
	p, err := r.page(ctx, r.base.JoinPath(name, "/"))
	if fault, ok := errors.AsType[*remote.Error](err); ok && fault.Code == remote.CodeNotFound {
		return nil, fmt.Errorf("%w: %w", ErrNoProject, err)
	}
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(p.URL)
	if err != nil {
		return nil, err
	}
	return func(yield func(index.File, error) bool) {
		for f, err := range index.ReadPage(bytes.NewReader(p.Data), p.URL) {
			if f.URL != "" {
				f.URL = absolute(base, f.URL)
			}
			if !yield(f, err) {
				return
			}
		}
	}, nil
}

// absolute resolves a link of a page. One that is no URL stays as it is.
func absolute(base *url.URL, link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	u = base.ResolveReference(u)
	u.User = nil
	return u.String()
}

// kept is a page in the cache.
type kept struct {
	URL  string `json:"url"` // after redirects
	ETag string `json:"etag"`
	Data []byte `json:"data"`
}

// page downloads a page, or takes it from the cache if it is still the same.
func (r *Repository) page(ctx context.Context, address *url.URL) (*kept, error) {
	public := *address
	public.User = nil
	old := r.recall(public.String())
	request := remote.Request{Accept: accept, ETag: old.ETag, Limit: maxPage}
	d, err := remote.Get(ctx, address.String(), request, remote.Options{Client: r.o.Client, Timeout: r.o.Timeout})
	if err != nil {
		return nil, err
	}
	if d.NotModified {
		old.URL = d.URL
		return old, nil
	}
	p := &kept{d.URL, d.ETag, d.Data}
	if text, err := json.Marshal(p); err == nil && r.cache != nil && p.ETag != "" {
		r.cache.Put(public.String(), text)
	}
	return p, nil
}

// recall returns the page in the cache, an empty one if there is none.
func (r *Repository) recall(address string) *kept {
	p := new(kept)
	if r.cache == nil || json.Unmarshal(r.cache.Get(address), p) != nil {
		return new(kept)
	}
	return p
}
