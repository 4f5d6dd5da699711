package image

import "bytes"

// Names that are longer than the fixed fields, or not ASCII, come ahead of the
// entry as if they were the content of a file. POSIX calls the records PAX; GNU
// tar had found a way of its own before.

// extended is what headers ahead of an entry say about it: PAX records, and
// the long names of GNU. Its slices point into storage of its own.
type extended struct {
	path, linkpath     []byte
	longName, longLink []byte
	sparseName         []byte
	size, realSize     int64
	hasSize            bool // size is set, and may be 0
	hasRealSize        bool
	sparse             bool
}

// forget drops the PAX records, for a second PAX header replaces the first.
// GNU's long names stay.
func (x *extended) forget() {
	*x = extended{
		path: x.path[:0], linkpath: x.linkpath[:0], sparseName: x.sparseName[:0],
		longName: x.longName, longLink: x.longLink,
	}
}

// reset forgets everything but the storage, which serves the next entry.
func (x *extended) reset() {
	x.forget()
	x.longName, x.longLink = x.longName[:0], x.longLink[:0]
}

// names gives the names of the entry, of which the fixed header said name and
// link. Where several headers name a file GNU's long name wins, as in the
// standard library.
func (x *extended) names(name, link []byte) (n, l []byte) {
	for _, s := range [][]byte{x.path, x.longName} {
		if len(s) > 0 {
			name = s
		}
	}
	for _, s := range [][]byte{x.linkpath, x.longLink} {
		if len(s) > 0 {
			link = s
		}
	}
	return name, link
}

// parse reads PAX records, each "LENGTH KEY=VALUE\n" with a length that counts
// the whole record.
func (x *extended) parse(data []byte) error {
	for len(data) > 0 {
		key, value, rest, ok := paxRecord(data)
		if !ok || !x.set(key, value) {
			return fault(CodeDamaged, "has an extended tar header that is no list of PAX records; the file is damaged")
		}
		data = rest
	}
	return nil
}

// set takes a record that matters here and passes others over: dates, owners,
// attributes. Names may not hold a zero byte.
func (x *extended) set(key, value []byte) (ok bool) {
	ok = true
	switch string(key) {
	case "path":
		x.path = append(x.path[:0], value...)
	case "linkpath":
		x.linkpath = append(x.linkpath[:0], value...)
	case "size":
		x.hasSize = len(value) > 0 // an empty value is as none
		if x.hasSize {
			x.size, ok = decimal(value)
		}
	case "GNU.sparse.size", "GNU.sparse.realsize":
		x.sparse, x.hasRealSize = true, true
		x.realSize, ok = decimal(value)
	case "GNU.sparse.name":
		x.sparse = true
		x.sparseName = append(x.sparseName[:0], value...)
	default:
		// Any version of the sparse formats: none is read here.
		if bytes.HasPrefix(key, []byte("GNU.sparse.")) {
			x.sparse = true
		}
		return true
	}
	return ok && bytes.IndexByte(value, 0) < 0
}

// paxRecord takes the first record off data.
func paxRecord(data []byte) (key, value, rest []byte, ok bool) {
	digits, _, ok := bytes.Cut(data, []byte(" "))
	if !ok || len(digits) > 10 {
		return nil, nil, nil, false
	}
	// The length counts its own digits, the blank and the line's end.
	n, ok := decimal(digits)
	start := int64(len(digits)) + 1
	if !ok || n > int64(len(data)) || n <= start || data[n-1] != '\n' {
		return nil, nil, nil, false
	}
	key, value, ok = bytes.Cut(data[start:n-1], []byte("="))
	return key, value, data[n:], ok && len(key) > 0
}
