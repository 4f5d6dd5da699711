package remote

import (
	"net/http"
	"strings"
	"time"
)

// Options for [Open].
type Options struct {
	// Client sends the requests; its Transport decides about proxies, certificates
	// and the addresses that may be connected to. If nil, a client is used that has
	// no proxy and reads no environment variables.
	Client *http.Client

	// Timeout limits the time from Open to the last read. Zero means no limit; the
	// limit of one minute without progress always applies.
	Timeout time.Duration
}

const (
	tailSize     = 80 << 10  // bytes of the first request; 64 KiB are left in whole blocks
	maxWhole     = 256 << 20 // bytes of a file that is downloaded as a whole
	maxBlocks    = 64 << 20 / blockSize
	maxMember    = 16 << 20 // bytes of a member that is prefetched
	maxPrefetch  = 48 << 20 // bytes prefetched in one call
	maxDirectory = 16 << 20 // bytes of the directory of an archive
	maxRequests  = 4        // of Prefetch, at a time
	maxAttempts  = 4        // in a row
	maxRedirects = 10

	patience = time.Minute            // time for the next block, with all attempts
	delay    = 250 * time.Millisecond // before the second attempt, doubled for each further one
)

// newClient returns a copy of a client with our redirect policy, or a new client.
func newClient(given *http.Client) *http.Client {
	if given != nil {
		c := *given
		c.CheckRedirect = redirectPolicy(c.CheckRedirect)
		return &c
	}
	transport := &http.Transport{MaxIdleConnsPerHost: maxRequests} // without a proxy
	return &http.Client{Transport: transport, CheckRedirect: redirectPolicy(nil)}
}

// redirectPolicy keeps the secrets of the first URL from other servers. net/http
// removes the credentials on the way to another domain, but it would send them to
// other ports and subdomains of the host and from https to http, and it sends the
// whole URL as Referer.
func redirectPolicy(next func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		req.Header.Del("Referer")
		first := via[0].URL
		if !strings.EqualFold(req.URL.Host, first.Host) || req.URL.Scheme != "https" && first.Scheme == "https" {
			req.Header.Del("Authorization")
		}
		switch {
		case req.URL.Scheme != "https" && req.URL.Scheme != "http":
			return errScheme
		case len(via) >= maxRedirects:
			return errRedirects
		case next != nil:
			return next(req, via)
		}
		return nil
	}
}
