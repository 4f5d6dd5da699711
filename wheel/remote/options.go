package remote

import (
	"net"
	"net/http"
	"strings"
	"time"
)

// Options of [Open]. The zero value of each field means its default.
type Options struct {
	// Client makes the requests; its Transport decides about proxies,
	// certificates and tokens. Without one, a client is made that uses no proxy
	// and looks at no environment variable.
	Client *http.Client

	Tail      int64 // bytes fetched from the end at once, 64 KiB
	BlockSize int64 // bytes of the smallest read-ahead, 64 KiB; it grows sixteenfold
	CacheSize int64 // bytes kept in memory, 64 MiB; never less than eight blocks

	// MaxDownload bounds a file that is taken whole because its server gives no
	// ranges, in bytes: 256 MiB. It is kept in memory beside the cache. A
	// negative number forbids that way.
	MaxDownload int64

	Attempts int           // in a row, before a request is given up, 4
	Delay    time.Duration // before the second attempt, doubled for each further one, 250 ms
	Stall    time.Duration // the longest wait for the next byte, 60 s
}

const (
	maxRequests  = 4        // under way at a time
	chunkSize    = 64 << 10 // bytes that are received, kept and dropped together
	mergeGap     = 16 << 10 // bytes that cost less than a request of their own
	maxDirectory = 64 << 20 // of a zip directory that is fetched unasked
	maxDelay     = 30 * time.Second
	maxAfter     = 60 * time.Second // that a server may ask to wait
)

func (o Options) withDefaults() Options {
	fill(&o.Tail, 64<<10)
	fill(&o.BlockSize, 64<<10)
	fill(&o.CacheSize, 64<<20)
	fill(&o.Attempts, 4)
	fill(&o.Delay, 250*time.Millisecond)
	fill(&o.Stall, 60*time.Second)
	if o.MaxDownload == 0 {
		o.MaxDownload = 256 << 20
	}
	const most = 1 << 40 // so that no sum of these overflows
	o.BlockSize = min(o.BlockSize, most)
	o.CacheSize = min(max(o.CacheSize, 8*o.BlockSize), 8*most)
	o.Tail = min(o.Tail, o.CacheSize)
	return o
}

func fill[T int | int64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

// client gives what makes the requests and whether it was made here.
func (o Options) client() (client *http.Client, own bool) {
	c := http.Client{}
	if own = o.Client == nil; !own {
		c = *o.Client
	} else {
		dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
		c.Transport = &http.Transport{
			DialContext:           dialer.DialContext,
			ForceAttemptHTTP2:     true,
			DisableCompression:    true,
			MaxIdleConnsPerHost:   maxRequests,
			IdleConnTimeout:       30 * time.Second,
			TLSHandshakeTimeout:   15 * time.Second,
			ExpectContinueTimeout: time.Second,
		}
	}
	c.CheckRedirect = redirectPolicy(c.CheckRedirect)
	return &c, own
}

// redirectPolicy keeps what is secret in the first address from the next server.
// That net/http takes the credentials off on the way to another domain is not
// enough: it names the whole address as referrer, it would send them in the clear
// after a step from https down to http, and it sends them to other ports of the
// host and to the domains below it.
func redirectPolicy(next func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		req.Header.Del("Referer")
		first := via[0].URL
		if !strings.EqualFold(req.URL.Host, first.Host) || req.URL.Scheme != "https" && first.Scheme == "https" {
			req.Header.Del("Authorization")
			req.Header.Del("Cookie")
		}
		if req.URL.Scheme != "https" && req.URL.Scheme != "http" {
			return errProtocol
		}
		if next != nil {
			return next(req, via)
		}
		if len(via) >= 10 {
			return errRedirects
		}
		return nil
	}
}
