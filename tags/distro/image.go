package distro

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// Image is a container image that brings a Python of its own.
type Image struct {
	Name    string      // "python:3.13-bookworm"
	Python  tags.Python // the image's interpreter
	Release Release     // what the image is built on
}

// Images yields the known python and pypy images, one of each release that a
// version exists for; their slim variants are the same platform.
func Images() iter.Seq[Image] {
	return func(yield func(Image) bool) {
		t := load()
		for _, row := range t.images {
			for _, known := range row.known {
				r := t.byVersion[known]
				image := Image{Name: row.repository + ":" + row.python + "-" + r.imageSuffix(), Release: r.clone()}
				if own, ok := imagePython(row.repository, row.python); ok {
					image.Python = own.Python
				}
				if !yield(image) {
					return
				}
			}
		}
	}
}

// imagePython is the interpreter that the tag of an image begins with.
func imagePython(repository, version string) (python, bool) {
	if version == "" || version[0] < '0' || version[0] > '9' || !strings.Contains(version, ".") {
		return python{}, false
	}
	if repository == "pypy" {
		version = "pypy" + version
	}
	p, problem, ok := parsePython(version)
	return p, ok && problem == "" && !p.Threaded && !p.Debug && p.ABIs == nil
}

// image reads the images that are more than a release: python, pypy and pypa's
// build images. ok is false for any other word.
func (q *query) image(base string) (p meaning, ok bool, err error) {
	path, machine := q.tables.repository(base)
	if after, found := strings.CutPrefix(strings.TrimPrefix(path, "quay.io/"), "pypa/"); found {
		return q.buildImage(after)
	}
	repository, tag, _ := strings.Cut(path, ":")
	if repository != "python" && repository != "pypy" {
		return meaning{}, false, nil
	}
	p, err = q.pythonImage(repository, tag)
	p.machine = machine
	return p, err == nil, err
}

// buildImage reads manylinux_2_28_aarch64 of pypa; the tag of such an image is
// the date of a build.
func (q *query) buildImage(repository string) (p meaning, ok bool, err error) {
	repository, _, _ = strings.Cut(repository, ":")
	p, problem, ok := platformTag(repository)
	if problem != "" {
		return meaning{}, false, q.fail(CodeImage, problem)
	}
	if !ok || p.platform.Libc.Family == tags.NoLibc {
		return meaning{}, false, nil
	}
	base := strings.TrimSuffix(repository, "_"+p.machine) // "manylinux2014", "musllinux_1_2"
	distro, version := base[:len("manylinux")], strings.TrimPrefix(base[len("manylinux"):], "_")
	release := q.tables.byVersion[distro+":"+version]
	if release == nil {
		return meaning{}, false, q.unknownRelease(distro, version)
	}
	p.ofRelease(release)
	p.name = func(m string) string { return "pypa/" + base + "_" + m }
	return p, true, nil
}

// pythonImage reads the tag of a python or pypy image: VERSION, for pypy also
// its own version, then slim, then a release.
func (q *query) pythonImage(repository, tag string) (meaning, error) {
	parts := strings.Split(tag, "-")
	own, ok := imagePython(repository, parts[0])
	if !ok {
		return meaning{}, q.fail(CodeImage, "the tag must begin with a version of Python, as "+repository+":3.11-bookworm does")
	}
	parts = parts[1:]
	if repository == "pypy" && len(parts) > 0 && parts[0] != "" && strings.Trim(parts[0], "0123456789.") == "" {
		parts = parts[1:]
	}
	with := variant(repository, own.Minor, parts)
	for _, word := range [...]string{"rc", "slim"} {
		if len(parts) > 0 && parts[0] == word {
			parts = parts[1:]
		}
	}
	p := meaning{python: &own, name: slashed(repository + ":" + tag)}
	if len(parts) > 0 && parts[0] == "windowsservercore" {
		p.platform, p.fallback = platformOf(tags.Windows, 0, 0), "amd64"
		return p, nil
	}
	suffix := strings.Join(parts, "-")
	release, err := q.imageRelease(repository, own, suffix)
	if err != nil {
		return meaning{}, err
	}
	p.ofRelease(release)
	p.with = with
	p.asOf = release.moving()
	if suffix == "" || suffix == "alpine" {
		p.asOf = asOf(imagesTSV)
	}
	return p, nil
}

// imageRelease finds what an image is built on, from the last part of its tag.
func (q *query) imageRelease(repository string, own python, suffix string) (*Release, error) {
	version := strconv.Itoa(own.Major) + "." + strconv.Itoa(own.Minor)
	var defaults imageRow
	for _, row := range q.tables.images {
		if row.repository == repository && row.python == version {
			defaults = row
		}
	}
	key := ""
	if r := q.tables.words[suffix]; r != nil && r.Distro == "debian" && r.Codename == suffix {
		key = r.Name() // python has images of codenames only, not of debian:12
	}
	switch {
	case suffix == "":
		key = defaults.standard
	case suffix == "alpine":
		key = defaults.alpine
	case strings.HasPrefix(suffix, "alpine"):
		key = "alpine:" + strings.TrimPrefix(suffix, "alpine")
	}
	release := q.tables.byVersion[key]
	switch {
	case release != nil && defaults.never(key):
		return nil, q.fail(CodeImage, "there never was an image of Python "+version+" on "+release.Name()+"; there are "+strings.Join(defaults.names(q.tables), ", "))
	case release != nil:
		return release, nil
	case suffix == "" || suffix == "alpine":
		return nil, q.fail(CodeImage, "which release this tag stands for is not on record; name it, as "+repository+":"+version+"-bookworm does")
	}
	return nil, q.unknownSuite(suffix)
}

// never reports whether no image was ever built on a release. Of releases that are
// newer than those on record that is not known.
func (row *imageRow) never(key string) bool {
	if slices.Contains(row.known, key) {
		return false
	}
	distro, version, _ := strings.Cut(key, ":")
	for _, known := range row.known {
		if of, newer, _ := strings.Cut(known, ":"); of == distro && compareVersions(version, newer) < 0 {
			return true
		}
	}
	return false
}

// names lists the images of a row.
func (row *imageRow) names(t *tables) []string {
	var list []string
	for _, known := range row.known {
		list = append(list, row.repository+":"+row.python+"-"+t.byVersion[known].imageSuffix())
	}
	return list
}

// imageSuffix is what the tags of images built on the release end with.
func (r *Release) imageSuffix() string {
	if r.Distro == "alpine" {
		return "alpine" + r.Version
	}
	return r.Codename
}

// ofRelease takes libc and release from a record.
func (p *meaning) ofRelease(r *Release) {
	p.platform = tags.Platform{OS: tags.Linux, Libc: r.Libc}
	p.release = r
	p.needLibc = r.Libc.Family == tags.NoLibc
}
