package remote

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Request says what [Get] asks for.
type Request struct {
	Accept string // the Accept header; "" for none
	ETag   string // of a version that the caller has, with its quotes; "" for none
	Limit  int64  // of the document in bytes, unpacked
}

// Document is a document that was downloaded whole.
type Document struct {
	// URL is where the document was found, after redirects, without user, password,
	// query and fragment. Relative links in it are relative to this.
	URL string
	// ETag is that of the document, "" if there is none. A weak one counts too, since
	// the document is replaced as a whole.
	ETag        string
	NotModified bool // the document is the one of Request.ETag; Data is nil
	Data        []byte
}

// Get downloads a document that is small enough to be kept in memory, such as a page of
// an index. It may come compressed. Attempts, redirects, credentials and times are as for
// [Open]; a download that breaks off begins again. The error is of type [*Error].
func Get(ctx context.Context, address string, r Request, o Options) (*Document, error) {
	f, err := newFile(ctx, address, o)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	f.document = &r
	var d *Document
	err = f.transfer(func(t *transfer) (_ bool, err error) {
		d, err = t.document(r.Limit)
		return false, err
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// headers sets the headers of a request for a document. Without Accept-Encoding,
// net/http asks for gzip and unpacks it.
func (r *Request) headers(h http.Header) {
	if r.Accept != "" {
		h.Set("Accept", r.Accept)
	}
	if r.ETag != "" {
		h.Set("If-None-Match", r.ETag)
	}
}

// document sends one request and reads the answer.
func (t *transfer) document(limit int64) (*Document, error) {
	resp, err := t.get("")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	at := resp.Request.URL
	d := &Document{
		URL:  (&url.URL{Scheme: at.Scheme, Host: at.Host, Path: at.Path, RawPath: at.RawPath}).String(),
		ETag: resp.Header.Get("Etag"),
	}
	switch {
	case resp.StatusCode == http.StatusNotModified && t.f.document.ETag != "":
		d.NotModified = true
		return d, nil
	case resp.StatusCode != http.StatusOK:
		return nil, t.f.refused(resp)
	}
	d.Data, err = io.ReadAll(io.LimitReader(t.body(resp), limit+1))
	switch {
	case int64(len(d.Data)) > limit:
		return nil, t.f.fault(CodeSize, resp.StatusCode, fmt.Errorf("limit is %d bytes", limit))
	case err != nil:
		return nil, t.broken(resp, err)
	}
	return d, nil
}
