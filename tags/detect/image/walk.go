package image

import "strings"

const (
	maxLinks     = 40             // symbolic links in one path, as in Linux
	maxPathDepth = maxPathLen / 2 // directories inside each other
)

// cleanPath is an entry's name as a list of components. Names are clamped into
// the root, as container runtimes do it: "/etc", "../etc" and "x/../../etc" all
// mean "etc".
type cleanPath struct {
	parent string // "usr/lib"
	base   string // "libc.so.6"; empty for the root itself
	parts  []string
}

// set cleans a name. Parents are taken off by their names alone, as runtimes do,
// even where one of them is a symbolic link.
func (p *cleanPath) set(name string) *Error {
	p.parts = p.parts[:0]
	if len(name) > maxPathLen {
		return fault(CodeName, "has a name of %d bytes; Linux allows %d", len(name), maxPathLen)
	}
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case part == "" || part == ".":
		case part == "..":
			p.parts = p.parts[:max(0, len(p.parts)-1)]
		case len(part) > maxNameLen:
			return fault(CodeName, "has a name with a part of %d bytes; Linux allows %d", len(part), maxNameLen)
		default:
			p.parts = append(p.parts, part)
		}
	}
	p.parent, p.base = "", ""
	if last := len(p.parts) - 1; last >= 0 {
		p.parent, p.base = strings.Join(p.parts[:last], "/"), p.parts[last]
	}
	return nil
}

// String writes a cleaned name.
func (p *cleanPath) String() string { return strings.Join(p.parts, "/") }

// walker finds the directory that a path leads to. Symbolic links on the way
// are followed as the kernel would inside the image, because layers do put
// files below links: "lib/x" lands in "usr/lib/x" where lib is a link.
type walker struct {
	t     *tree
	steps int // that may still be taken
}

// find follows path from the root. It gives nil where a directory is missing.
func (w *walker) find(path string) (*node, *Error) { return w.walk(path, 0) }

// walk is find, but makes the directories that are missing, as belonging to a
// layer. A layer of 0 makes none.
func (w *walker) walk(path string, layer uint16) (*node, *Error) {
	at, depth, links := w.t.root, 0, 0
	for path != "" {
		part, rest, _ := strings.Cut(path, "/")
		path = rest
		// Some bytes of a header can lead through forty links of 4 KiB each.
		if w.steps--; w.steps < 0 {
			return nil, fault(CodeLimit, "has names that are too deep or below too many symbolic links")
		}
		switch part {
		case "", ".":
			continue
		case "..":
			// From a link's target only.
			at, depth = at.parent, max(0, depth-1)
			continue
		}
		n := at.children[part]
		if n == nil {
			if layer == 0 {
				return nil, nil
			}
			// Entries below links below links could go on for ever.
			if len(part) > maxNameLen || depth >= maxPathDepth {
				return nil, fault(CodeName, "is below symbolic links that make its path too long")
			}
			n = w.t.add(at, part, directory)
			n.mode = 0o755
		}
		switch n.kind {
		case directory:
			at, depth = n, depth+1
			if layer != 0 {
				n.layer = layer // a whiteout of this layer must spare it
			}
		case symlink:
			if links++; links > maxLinks {
				return nil, fault(CodeLinkLoop, "is below symbolic links that lead in circles; no container runtime can unpack that")
			}
			if strings.HasPrefix(n.target, "/") {
				at, depth = w.t.root, 0
			}
			path = n.target + "/" + path
		default:
			return nil, fault(CodeNotDir, "is below %q, which is not a directory; no container runtime can unpack that", shorten(part))
		}
	}
	return at, nil
}
