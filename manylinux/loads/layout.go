package loads

import (
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// site is where the wheel is installed if no root says where.
const site = "/prefix/lib/python3/site-packages"

// installed is the place of a file as seen from site-packages, which is
// PREFIX/lib/pythonX.Y/site-packages in the schemes of POSIX systems. Files of the
// purelib and platlib directories of NAME.data land there too, those of data below
// PREFIX and scripts in PREFIX/bin; others keep their path.
func installed(name string) string {
	name = path.Clean("/" + name)[1:]
	top, rest, _ := strings.Cut(name, "/")
	if !strings.HasSuffix(top, ".data") {
		return name
	}
	for _, scheme := range []struct{ dir, place string }{
		{"purelib", ""}, {"platlib", ""}, {"data", prefix}, {"scripts", prefix + "/bin"},
	} {
		if inner, ok := strings.CutPrefix(rest+"/", scheme.dir+"/"); ok {
			return path.Join(scheme.place, inner)
		}
	}
	return name
}

// prefix is PREFIX as seen from site-packages.
const prefix = "../../.."

// layout is the files of a wheel where an installer puts them, in a tree.
type layout struct {
	set     *linkset.Set
	tree    *loader.Tree
	site    string
	byPlace map[string]*linkset.File // the last of one place is installed
}

// lay puts the files of a set into a tree.
func lay(set *linkset.Set, t *loader.Tree, site string) (*layout, error) {
	l := &layout{set: set, tree: t, site: site, byPlace: map[string]*linkset.File{}}
	if err := t.PutDirectory(site); err != nil {
		return nil, err
	}
	for _, dir := range set.Directories {
		_ = t.PutDirectory(l.at(dir)) // below a file: no installer gets that far
	}
	for _, f := range set.Files {
		if f.Err == nil && !f.Loads() {
			continue
		}
		if err := t.Put(l.at(f.Path), f.ELF, f.Err); err != nil {
			continue // in place of a directory
		}
		if place, _, err := t.Resolve(l.at(f.Path)); err == nil {
			l.byPlace[path.Join("/", place)] = f
		}
	}
	return l, nil
}

// at is where a file of the wheel is installed.
func (l *layout) at(name string) string { return path.Join(l.site, installed(name)) }

// file returns the file of the wheel that an object is, or nil.
func (l *layout) file(o *loader.Object) *linkset.File { return l.byPlace[o.Place] }

// Outside reports whether an entry of a file's DT_RPATH or DT_RUNPATH leads to where
// the wheel installs nothing: out of site-packages, and to no directory that a file
// of the set is installed in.
func Outside(set *linkset.Set, f *linkset.File, entry string) bool {
	rest, ok := cutOrigin(entry)
	if !ok {
		return true
	}
	dir := path.Join(path.Dir(installed(f.Path)), rest)
	if dir != ".." && !strings.HasPrefix(dir, "../") {
		return false
	}
	return !slices.ContainsFunc(set.Files, func(f *linkset.File) bool { return path.Dir(installed(f.Path)) == dir })
}

// cutOrigin removes a leading $ORIGIN or ${ORIGIN}.
func cutOrigin(entry string) (rest string, ok bool) {
	for _, name := range []string{"$ORIGIN", "${ORIGIN}"} {
		if rest, ok := strings.CutPrefix(entry, name); ok && (rest == "" || rest[0] == '/') {
			return rest, true
		}
	}
	return "", false
}
