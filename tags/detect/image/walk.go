package image

import "bytes"

const (
	maxLinks     = 40             // symbolic links in one path, as in Linux
	maxPathDepth = maxPathLen / 2 // directories inside each other
	maxSteps     = 1 << 26        // from directory to directory, for all entries; real images take a few million
)

// cleaned is an entry's name as a list of components. Names are clamped into
// the root, as container runtimes do it: "/etc", "../etc" and "x/../../etc"
// all mean "etc".
type cleaned struct {
	parent []byte // "usr/lib/"
	base   []byte // "libc.so.6"; empty for the root itself
	parts  [][]byte
	buf    []byte
}

// set cleans a name. The slices are good as long as those of name are. Parents
// are taken off by their names alone, as runtimes do, even where one of them is
// a symbolic link.
func (c *cleaned) set(name []byte) *Error {
	c.parts = c.parts[:0]
	if len(name) > maxPathLen {
		return fault(CodeName, "has a name of %d bytes; Linux has no path longer than %d", len(name), maxPathLen)
	}
	for len(name) > 0 {
		part, rest, _ := bytes.Cut(name, slash)
		name = rest
		switch {
		case len(part) == 0, string(part) == ".":
		case string(part) == "..":
			c.parts = c.parts[:max(0, len(c.parts)-1)]
		case len(part) > maxNameLen:
			return fault(CodeName, "has a name with a part of %d bytes; Linux has none longer than %d", len(part), maxNameLen)
		default:
			c.parts = append(c.parts, part)
		}
	}
	c.buf, c.base = c.buf[:0], nil
	for i, part := range c.parts {
		if i == len(c.parts)-1 {
			c.base = part
			break
		}
		c.buf = append(append(c.buf, part...), '/')
	}
	c.parent = c.buf
	return nil
}

var slash = []byte("/")

// walker finds the directory that a path leads to. Symbolic links on the way
// are followed as the kernel would inside the image, because layers do put
// files below links: "lib/x" lands in "usr/lib/x" where lib is a link.
type walker struct {
	t     *tree
	spare [2][]byte // paths with a link's target put in
	steps int       // taken so far
}

// walk follows path from the root. Where a directory is missing it is made,
// as belonging to layer, or, with layer 0, ok is false.
func (w *walker) walk(path []byte, layer uint16) (at uint32, ok bool, err *Error) {
	t, depth := w.t, 0
	for links := 0; len(path) > 0; {
		part, rest, _ := bytes.Cut(path, slash)
		path = rest
		// Some bytes of a header can lead through forty links of 4 KiB each.
		if w.steps++; w.steps > maxSteps {
			return 0, false, fault(CodeLimit, "has names so deep, or below so many symbolic links, that no image is like that")
		}
		switch string(part) {
		case "", ".":
			continue
		case "..":
			// From a link's target only. The root is its own parent.
			at, depth = t.node(at).parent, max(0, depth-1)
			continue
		}
		child, found := t.find(at, part)
		if !found {
			if layer == 0 {
				return 0, false, nil
			}
			// Entries below links below links could go on for ever.
			if len(part) > maxNameLen || depth >= maxPathDepth {
				return 0, false, fault(CodeName, "lies, by way of symbolic links, in a place whose path is too long")
			}
			child = t.add(at, part)
			n := t.node(child)
			n.kind, n.mode = directory, 0o755
		}
		n := t.node(child)
		switch n.kind {
		case directory:
			at, depth = child, depth+1
			if layer != 0 {
				n.layer = layer // a whiteout of this layer must spare it
			}
		case symlink:
			links++
			if links > maxLinks {
				return 0, false, fault(CodeLinkLoop, "lies below symbolic links that lead in circles; no container runtime can unpack that")
			}
			target := t.target(n)
			if len(target) > 0 && target[0] == '/' {
				at, depth = root, 0
			}
			path = w.join(target, path)
		default:
			return 0, false, fault(CodeNotDir, "lies below %q, which is no directory; no container runtime can unpack that", shorten(string(part)))
		}
	}
	return at, true, nil
}

// join puts a link's target in front of the rest of a path. The rest may lie
// in the buffer used last, so there are two.
func (w *walker) join(target, rest []byte) []byte {
	w.spare[0], w.spare[1] = w.spare[1], w.spare[0]
	b := append(w.spare[0][:0], target...)
	b = append(append(b, '/'), rest...)
	w.spare[0] = b
	return b
}

// path writes the path of a node that is not the root, "usr/lib/libc.so.6".
func (t *tree) path(i uint32) string {
	// Two walks to the root, and one allocation.
	size := -1
	for c := i; c != root; c = t.node(c).parent {
		size += 1 + int(t.node(c).length)
	}
	b := make([]byte, size)
	for c := i; c != root; {
		n := t.node(c)
		size -= int(n.length)
		copy(b[size:], t.nameOf(n))
		if size > 0 {
			size--
			b[size] = '/'
		}
		c = n.parent
	}
	return string(b)
}
