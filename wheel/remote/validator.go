package remote

import (
	"net/http"
	"strings"
	"time"
)

// validator tells one version of a file from the next (RFC 9110, section 8.8).
type validator struct {
	etag     string // strong, with its quotes; "" if there is none
	modified string // Last-Modified as it came; used only without an etag
	exact    bool   // modified is old enough to be a strong validator
}

type verdict int

const (
	untold verdict = iota // the answer has no such header
	same
	differs
)

func validatorOf(h http.Header) validator {
	if etag := h.Get("Etag"); strings.HasPrefix(etag, `"`) {
		return validator{etag: etag}
	}
	v := validator{modified: h.Get("Last-Modified")}
	// A file can change twice within a second, so a date counts only if the
	// answer was made at least a second after it.
	modified, err := http.ParseTime(v.modified)
	if date, bad := http.ParseTime(h.Get("Date")); err == nil && bad == nil {
		v.exact = date.Sub(modified) >= time.Second
	}
	return v
}

// ifRange is the value of an If-Range header, "" if none may be sent.
func (v validator) ifRange() string {
	if v.etag != "" {
		return v.etag
	}
	if v.exact {
		return v.modified
	}
	return ""
}

// none reports a file that only its length tells from another.
func (v validator) none() bool { return v.etag == "" && v.modified == "" }

func (v validator) judge(h http.Header) verdict {
	mine, header := v.etag, "Etag"
	if mine == "" {
		mine, header = v.modified, "Last-Modified"
	}
	switch theirs := h.Get(header); {
	case mine == "" || theirs == "":
		return untold
	case mine == theirs:
		return same
	}
	return differs
}
