package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/internal/filestamp"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

// Collection is the files of directories with their findings. Make one with
// [Collect].
type Collection struct {
	Items    []*Item  // in the order of the directories, lexical in each
	Problems []*Error // directories that could not be read, or are empty
	Read     int      // files that were read; the others are known from the site

	// Quarantined are the projects of which no files are offered because a file
	// NAME.project-status says so.
	Quarantined []string

	releases []release // with variant wheels that are offered
	statuses map[string]projectStatus
	helper   string // of CollectOptions
	rules    finding.Selection
}

// Item is one file of a collection: a wheel, a source distribution, or a file with
// the extension of one. Project and Version are "" if the name is invalid.
type Item struct {
	File
	Findings []finding.Finding
	Offered  bool // part of a site: no error, and no equal file before it
	Known    bool // from the manifest of the site, without being read

	name       wheel.Name     // of a wheel
	version    pep440.Version // by the name
	facts      facts
	variant    *variant.Metadata      // of a variant wheel, if it goes with the name
	release    *wheel.ReleaseVariants // of an offered variant wheel
	checked    bool                   // has facts
	provenance []byte                 // nil if there is none
	isLink     bool                   // a symbolic link
	outside    bool                   // one that leads out of the directory, and must not be read
	top        string                 // the directory, for all but links that may lead out of it
	near       string                 // the path below it, without symbolic links
	rules      *finding.Selection
}

// CollectOptions are the sources of facts about files.
type CollectOptions struct {
	// Site, if not nil, is the site that was written before. Files with unchanged
	// size and modification time are not read again.
	Site *Site

	// SuggestName, if not nil, returns for a wheel with a linux_* tag the name that
	// its native code qualifies for, such as one with manylinux_2_28_x86_64, or "".
	// It may be called from several goroutines. The site remembers its results as
	// long as SuggestNameBy, its name and version, stays the same.
	SuggestName   func(ctx context.Context, path string) string
	SuggestNameBy string

	// CopyLinks allows symbolic links that lead out of the directory. What they lead to
	// is copied, never linked to.
	CopyLinks bool

	// Selection says which rules are looked at and how severe they are. A file with
	// a finding that it makes an error is not offered.
	Selection finding.Selection
}

// Collect reads the wheels and source distributions in directories and below them,
// several at a time, and checks each by itself and against the others. Sites below
// a directory are skipped. The only error is that of the context; everything else
// becomes a finding, or a problem if it is about a whole directory.
func Collect(ctx context.Context, dirs []string, o CollectOptions) (*Collection, error) {
	c := &Collection{helper: o.SuggestNameBy, rules: o.Selection}
	for _, dir := range dirs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.list(dir, &o)
	}
	e := examiner{ctx: ctx, options: o}
	if o.Site != nil {
		e.known = o.Site.manifest.facts(o.SuggestNameBy)
	}
	if err := e.all(c); err != nil {
		return nil, err
	}
	c.compare()
	return c, nil
}

// list finds the files of one directory.
func (c *Collection) list(dir string, o *CollectOptions) {
	site := o.Site
	problem := func(path, code string, err error) {
		c.Problems = append(c.Problems, &Error{path, 0, code, err})
	}
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		problem(dir, CodeRead, err)
		return
	case !info.IsDir():
		problem(dir, CodeRead, errors.New("not a directory; name the directory that contains it"))
		return
	case site.holds(dir):
		problem(dir, CodeForeign, fmt.Errorf("is in the site %s, which would be replaced; name the directories that the site was made from", site.path))
		return
	}
	before, unread := len(c.Items), len(c.Problems)
	walk(dir, isSite, func(path string, d fs.DirEntry, err error) bool {
		if err != nil {
			problem(path, CodeRead, err)
			return true
		}
		if strings.HasSuffix(path, statusSuffix) {
			if err := c.readStatus(path, d); err != nil {
				problem(path, CodeStatus, err)
			}
			return true
		}
		if item := newItem(path, d, &c.rules); item != nil {
			if !o.CopyLinks {
				item.locate(dir)
			}
			c.Items = append(c.Items, item)
		}
		return true
	})
	if len(c.Items) == before && len(c.Problems) == unread {
		problem(dir, CodeRead, errors.New("no wheels or source distributions in this directory"))
	}
}

// newItem checks a name and the kind of file; it is nil for a file that cannot be
// installed.
func newItem(path string, d fs.DirEntry, rules *finding.Selection) *Item {
	i := &Item{File: File{Name: d.Name(), Path: path, Size: -1}, rules: rules, isLink: d.Type()&fs.ModeSymlink != 0}
	i.IsWheel = strings.HasSuffix(i.Name, ".whl")
	ok, err := i.identify("")
	switch {
	case err != nil && i.IsWheel:
		i.find(FoundBadName, "%v", err)
		return i
	case err != nil:
		i.find(FoundBadSdistName, "%v; left out", err)
		return i
	case !ok:
		return nil
	}
	if i.IsWheel {
		i.name, _ = wheel.ParseName(i.Name)
		i.version = i.name.Version
	} else {
		n, _ := wheel.CheckSdistName(i.Name)
		i.version = n.Version
	}
	if err := servable(i.Name, i.Project); err != nil {
		i.find(FoundBadName, "%v", err)
		return i
	}
	i.checkForm()
	i.readYanked()
	i.readProvenance()
	info, err := os.Stat(path)
	switch {
	case err != nil && d.Type()&fs.ModeSymlink != 0 && errors.Is(err, fs.ErrNotExist):
		target, _ := os.Readlink(path)
		i.find(FoundDeadLink, "is a symbolic link to %q, which does not exist", target)
	case err != nil:
		i.find(FoundUnreadable, "%v", err)
	case !info.Mode().IsRegular():
		i.find(FoundUnreadable, "%v", errNotRegular)
	default:
		i.facts.Stamp = filestamp.Of(info)
		i.Size = info.Size()
		if info.Mode().Perm()&0o004 == 0 {
			i.find(FoundPrivate, "has the mode %v", info.Mode().Perm())
		}
	}
	return i
}

// examiner collects the facts about files.
type examiner struct {
	ctx     context.Context
	options CollectOptions
	known   map[string]facts // from the manifest, by input and name
}

// all examines the files that have no error so far, several at a time.
func (e *examiner) all(c *Collection) error {
	work := make(chan *Item)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range work {
				e.one(i)
			}
		})
	}
	for _, i := range c.Items {
		if e.ctx.Err() != nil {
			break
		}
		if i.Project != "" && !i.fails() {
			work <- i
		}
	}
	close(work)
	group.Wait()
	for _, i := range c.Items {
		if i.checked && !i.Known {
			c.Read++
		}
	}
	return e.ctx.Err()
}

// one takes the facts from the manifest or the file.
func (e *examiner) one(i *Item) {
	now := i.facts
	if was, ok := e.known[inputKey(i.Path)+i.Name]; ok && was.Stamp == now.Stamp {
		i.facts, i.Known = was, true
	} else if err := i.read(e.ctx); err != nil {
		i.find(FoundUnreadable, "%v", err)
		return
	} else if e.options.SuggestName != nil && i.isLinux() {
		i.facts.SuggestedName = e.options.SuggestName(e.ctx, i.Path)
	}
	if e.ctx.Err() != nil {
		return // later results may be incomplete
	}
	i.checked = true
	i.Hashes = []Hash{{"sha256", i.facts.SHA256}}
	i.checkFacts()
}

// yankedSuffix ends the name of a file next to another one, which that withdraws
// (PEP 592). Its first line is the reason.
const yankedSuffix = ".yanked"

// readYanked finds out whether the file is withdrawn.
func (i *Item) readYanked() {
	const most = 4 << 10 // bytes
	info, err := os.Lstat(i.Path + yankedSuffix)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	i.Yanked = true
	if info.Size() > most {
		return
	}
	text, _ := os.ReadFile(i.Path + yankedSuffix)
	line, _, _ := strings.Cut(strings.TrimSpace(valid(string(text))), "\n")
	i.YankedReason = strings.Join(strings.Fields(line), " ")
}

// locate finds out where a file is below the directory. A symbolic link that leads
// out of it is a finding, and whatever the selection of rules it is not read.
func (i *Item) locate(dir string) {
	if i.fails() {
		return
	}
	top, err := filepath.EvalSymlinks(dir)
	real := ""
	if err == nil {
		real, err = filepath.EvalSymlinks(i.Path)
	}
	if err == nil {
		i.near, err = filepath.Rel(top, real)
	}
	switch {
	case err != nil:
		i.find(FoundUnreadable, "%v", err)
	case !filepath.IsLocal(i.near):
		i.outside = true
		i.find(FoundOutside, "is a symbolic link to %s, which is not in %s", real, dir)
	default:
		i.top = top
	}
}

// open opens the file. One that was located cannot be exchanged for a link that leads
// out of the directory.
func (i *Item) open() (*os.File, error) {
	if i.top == "" {
		return os.Open(i.Path)
	}
	root, err := os.OpenRoot(i.top)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.Open(i.near)
}

// isLinux reports whether a wheel has a platform tag without a policy.
func (i *Item) isLinux() bool {
	return i.IsWheel && slices.ContainsFunc(slices.Collect(i.name.Tags.Members(tags.PartPlatform)), func(tag string) bool {
		return strings.HasPrefix(tag, "linux_")
	})
}

// inputKey identifies a file in the manifest, which is served with the site and
// must not reveal the names of directories.
func inputKey(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return digest([]byte(path))[:32]
}
