package remote

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// transient reports a status that another attempt may turn into a better one.
func transient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// lasting reports an error of the connection that will be the same next time.
func lasting(err error) bool {
	var certificate *tls.CertificateVerificationError
	var lookup *net.DNSError
	return errors.As(err, &certificate) || errors.As(err, &lookup) && lookup.IsNotFound
}

// retryAfter is how long a server asks to wait, in seconds or until a date. The
// date is held against the server's own clock if it tells it.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, until.Sub(now))
}

// backoff is the wait after the given number of failures in a row.
func (o Options) backoff(failures int) time.Duration {
	wait := o.Delay
	for range failures - 1 {
		if wait >= maxDelay {
			break
		}
		wait *= 2
	}
	return min(wait, max(maxDelay, o.Delay))
}

// attempt calls try until it succeeds, until its error is one that stays, or until
// it fails Options.Attempts times in a row. A failure with progress is none: the
// next call follows at once. The waits are always the same: there are four
// requests at a time, so that no crowd has to be spread out.
func (f *File) attempt(try func() (progress bool, err *Error)) *Error {
	for failures := 0; ; {
		progress, err := try()
		switch {
		case err == nil:
			return nil
		case !err.retry:
			return err
		case progress:
			failures = 0
			continue
		}
		failures++
		switch {
		case err.after > maxAfter:
			return err.because(fmt.Errorf("it asks to wait %v; try again then", err.after))
		case failures >= f.o.Attempts && failures > 1:
			return err.because(fmt.Errorf("given up after %d attempts", failures))
		case failures >= f.o.Attempts:
			return err
		}
		timer := time.NewTimer(max(f.o.backoff(failures), err.after))
		select {
		case <-timer.C:
		case <-f.ctx.Done():
			timer.Stop()
			return f.ended(err.Span)
		}
	}
}

// because adds a remark to the cause.
func (e *Error) because(remark error) *Error {
	with := *e
	with.Err = remark
	if e.Err != nil {
		with.Err = fmt.Errorf("%w; %w", e.Err, remark)
	}
	return &with
}
