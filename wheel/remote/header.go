package remote

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// version tells one version of a file from another (RFC 9110, section 8.8).
type version struct {
	etag     string // strong, with its quotes; "" if there is none
	modified string // the Last-Modified header, if there is no strong ETag
}

func versionOf(h http.Header) version {
	if etag := h.Get("Etag"); strings.HasPrefix(etag, `"`) {
		return version{etag: etag}
	}
	return version{modified: h.Get("Last-Modified")}
}

// matches reports whether a response is about the same version. No If-Range header
// is sent, so it must have all headers that the first one had (RFC 9110, section
// 15.3.7).
func (v version) matches(h http.Header) bool {
	switch {
	case v.etag != "":
		return h.Get("Etag") == v.etag
	case v.modified != "":
		return h.Get("Last-Modified") == v.modified
	}
	return true
}

// rangeOf parses the Content-Range header of a partial response (RFC 9110, section
// 14.4), such as "bytes 0-99/1234", or "bytes 0-99/*" if the length of the file is
// not known; total is -1 then. It accepts nothing that departs from the grammar or
// contradicts itself, because what follows is stored at this offset.
func rangeOf(h http.Header) (s span, total int64, ok bool) {
	value := strings.ToLower(strings.Join(h.Values("Content-Range"), ","))
	var first, last int64
	part, size, _ := strings.Cut(value, "/")
	_, _ = fmt.Sscanf(part, "bytes %d-%d", &first, &last) // checked below
	if total = -1; size != "*" {
		n, _ := strconv.ParseUint(size, 10, 62)
		total, size = int64(n), strconv.FormatUint(n, 10)
	}
	if value != fmt.Sprintf("bytes %d-%d/%s", first, last, size) || first < 0 || first > last || last > 1<<60 || total >= 0 && last >= total {
		return span{}, 0, false
	}
	return span{first, last - first + 1}, total, true
}
