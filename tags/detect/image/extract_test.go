package image

import (
	"archive/tar"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// This file holds random stacks of layers against two other opinions: a plain
// model of the image specification, and go-containerregistry's mutate.Extract.
//
// The latter is asked about tame stacks only, because it goes wrong in these
// ways, each of which the rough stacks do:
//
//   - A whiteout ahead of a file of the same name in one layer hides that file.
//     The specification has whiteouts hide what lower layers hold, no more.
//   - Of two entries of one name in a layer it takes the first. Runtimes unpack
//     in order, so the last one stays.
//   - A file that replaced a directory and was replaced by a directory again
//     does not hide what was in the first one: once the uppermost entry of a
//     path is seen, lower ones count for nothing.
//   - A hard link is given out as a link by name, and may come before its target,
//     or name a file that a later layer has replaced or hidden. So of hard links
//     only their being there is compared.

// modelFile is a file of the model.
type modelFile struct {
	kind byte   // tar type flag: regular, symbolic link or directory
	body string // content or target
	hard bool
}

type model map[string]modelFile

// removeTree removes a file and what is below it.
func (m model) removeTree(name string) {
	maps.DeleteFunc(m, func(k string, _ modelFile) bool { return k == name || strings.HasPrefix(k, name+"/") })
}

// stacker makes layers that a runtime could unpack.
type stacker struct {
	*rand.Rand
	rough   bool
	state   model
	buried  map[string]bool // directories that a file has replaced
	touched map[string]bool // in this layer
	solid   map[string]bool // made something else than a directory in this layer
	serial  int
}

func (s *stacker) path() string {
	parts := make([]string, 1+s.IntN(3))
	for i := range parts {
		parts[i] = string(rune('a' + s.IntN(3)))
	}
	return strings.Join(parts, "/")
}

// layer gives the entries of a layer and changes the model accordingly.
func (s *stacker) layer() []file {
	s.touched, s.solid = map[string]bool{}, map[string]bool{}
	var hidden []string
	hides := s.whiteouts(&hidden)
	var files []file
	for range s.IntN(8) {
		files = append(files, s.entry(hidden)...)
	}
	// A whiteout below what the layer makes a file could not be unpacked.
	hides = slices.DeleteFunc(hides, func(f file) bool {
		for d := path.Dir(f.name); d != "."; d = path.Dir(d) {
			if s.solid[d] {
				return true
			}
		}
		return false
	})
	if !s.rough {
		return append(hides, files...)
	}
	for _, h := range hides {
		files = slices.Insert(files, s.IntN(len(files)+1), h)
	}
	return files
}

// whiteouts hides some of what lower layers hold.
func (s *stacker) whiteouts(hidden *[]string) (hides []file) {
	for range s.IntN(3) {
		var names []string
		for k := range s.state {
			names = append(names, k)
		}
		slices.Sort(names)
		if len(names) == 0 {
			return hides
		}
		name := names[s.IntN(len(names))]
		*hidden = append(*hidden, name)
		if s.state[name].kind == tar.TypeDir && s.IntN(2) == 0 {
			hides = append(hides, text(name+"/"+opaqueMark, ""))
			f := s.state[name]
			s.state.removeTree(name)
			s.state[name] = f
			continue
		}
		hides = append(hides, text(path.Join(path.Dir(name), ".wh."+path.Base(name)), ""))
		s.state.removeTree(name)
	}
	return hides
}

// entry adds one file and the directories it is in.
func (s *stacker) entry(hidden []string) (files []file) {
	name := s.path()
	if !s.rough {
		if s.touched[name] || slices.ContainsFunc(hidden, func(h string) bool {
			return h == name || strings.HasPrefix(name, h+"/") || strings.HasPrefix(h, name+"/")
		}) {
			return nil
		}
	}
	for d := path.Dir(name); d != "."; d = path.Dir(d) {
		old, exists := s.state[d]
		isDir := old.kind == tar.TypeDir
		if !s.rough && (s.touched[d] && !isDir || s.buried[d]) {
			return nil
		}
		// An entry for what a whiteout may have yet to hide is needed: without
		// it runtimes unpack the layer in the order of the tar, and fail.
		implied := s.rough && s.IntN(2) == 0 && (isDir || !exists) && !slices.ContainsFunc(hidden, func(h string) bool { return h == d || strings.HasPrefix(d, h+"/") })
		if s.touched[d] && isDir || implied {
			continue
		}
		files = append([]file{dir(d)}, files...)
	}
	for d := name; d != "."; d = path.Dir(d) {
		if d != name {
			s.set(d, modelFile{kind: tar.TypeDir})
		}
	}
	f, m, ok := s.leaf(name)
	if !ok {
		return files
	}
	s.set(name, m)
	return append(files, f)
}

// leaf chooses what to put at a path.
func (s *stacker) leaf(name string) (file, modelFile, bool) {
	old := s.state[name]
	s.serial++
	switch k := s.IntN(8); {
	case k == 0:
		target := []string{"a", "/b/c", "./c", "../a"}[s.IntN(3+strings.Count(name, "/")/2)]
		return soft(name, target), modelFile{kind: tar.TypeSymlink, body: target}, s.replaceable(name, old)
	case k == 1:
		return dir(name), modelFile{kind: tar.TypeDir}, s.rough || !s.buried[name]
	case k == 2:
		for _, target := range slices.Sorted(maps.Keys(s.state)) {
			t := s.state[target]
			if t.kind != tar.TypeDir && target != name && !strings.HasPrefix(target, name+"/") && s.IntN(3) == 0 {
				t.hard = true
				return hard(name, target), t, s.replaceable(name, old)
			}
		}
	}
	body := fmt.Sprintf("%s #%d", name, s.serial)[s.IntN(2):]
	return text(name, body), modelFile{kind: tar.TypeReg, body: body}, s.replaceable(name, old)
}

func (s *stacker) replaceable(name string, old modelFile) bool {
	if s.rough || old.kind != tar.TypeDir {
		return true
	}
	for k := range s.touched { // a layer would not fill a directory it replaces
		if strings.HasPrefix(k, name+"/") {
			return false
		}
	}
	return true
}

func (s *stacker) set(name string, f modelFile) {
	old := s.state[name]
	if f.kind != tar.TypeDir {
		for k, o := range s.state {
			if o.kind == tar.TypeDir && (k == name || strings.HasPrefix(k, name+"/")) {
				s.buried[k] = true
			}
		}
		s.state.removeTree(name)
		s.solid[name] = true
	} else if old.kind != tar.TypeDir {
		delete(s.state, name)
	}
	s.touched[name] = true
	s.state[name] = f
}

// modelOf reads a root into the shape of the model.
func modelOf(t *testing.T, r *Root) model {
	t.Helper()
	m := model{}
	must(t, fs.WalkDir(r, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case d.IsDir():
			m[name] = modelFile{kind: tar.TypeDir}
		case d.Type() == fs.ModeSymlink:
			target, err := r.ReadLink(name)
			must(t, err)
			m[name] = modelFile{kind: tar.TypeSymlink, body: target}
		default:
			body, err := fs.ReadFile(r, name)
			must(t, err)
			m[name] = modelFile{kind: tar.TypeReg, body: string(body)}
		}
		return nil
	}))
	return m
}

// modelOfTar reads what mutate.Extract gives. Hard links have no content.
func modelOfTar(t *testing.T, r io.ReadCloser) model {
	t.Helper()
	defer r.Close()
	m := model{}
	for tr := tar.NewReader(r); ; {
		h, err := tr.Next()
		if err == io.EOF {
			return m
		}
		must(t, err)
		name := path.Clean(h.Name)
		if _, again := m[name]; again {
			t.Errorf("mutate.Extract has %s twice", name)
		}
		body, err := io.ReadAll(tr)
		must(t, err)
		switch h.Typeflag {
		case tar.TypeDir, tar.TypeReg:
			m[name] = modelFile{kind: h.Typeflag, body: string(body)}
		case tar.TypeSymlink:
			m[name] = modelFile{kind: h.Typeflag, body: h.Linkname}
		case tar.TypeLink:
			m[name] = modelFile{hard: true}
		}
	}
}

// without blanks what cannot be compared.
func (m model) without(hardLinks bool) model {
	out := model{}
	for k, f := range m {
		switch {
		case f.hard && hardLinks:
			f = modelFile{hard: true}
		default:
			f.hard = false
		}
		out[k] = f
	}
	return out
}

func TestRandomStacks(t *testing.T) {
	const stacks = 120
	shapes := map[byte]int{}
	for i := range stacks {
		for _, rough := range []bool{false, true} {
			s := &stacker{Rand: rand.New(rand.NewPCG(2024, uint64(i))), rough: rough, state: model{}, buried: map[string]bool{}}
			var layers [][]byte
			var script []string
			for n := range 1 + s.IntN(5) {
				files := s.layer()
				layers = append(layers, tarOf(t, files...))
				for _, f := range files {
					script = append(script, fmt.Sprintf("%d: %s %c %s %q", n, f.name, max(f.kind, '0'), f.link, f.body))
				}
			}
			for _, f := range s.state {
				shapes[f.kind]++
				if f.hard {
					shapes['h']++
				}
			}
			if rough && i%2 == 0 {
				for n := range layers {
					layers[n] = gz(t, layers[n])
				}
			}
			keep := []func(string) bool{nil, all}[i/2%2]
			got := modelOf(t, rootOf(t, dockerSave(t, amd64, layers...), keep))
			if diff := cmp.Diff(s.state.without(false), got, cmp.AllowUnexported(modelFile{})); diff != "" {
				t.Fatalf("stack %d, rough %v:\n%s\nmodel and root differ:\n%s", i, rough, strings.Join(script, "\n"), diff)
			}
			if rough {
				continue
			}
			theirs := modelOfTar(t, mutate.Extract(imageOf(t, amd64, layers...)))
			if diff := cmp.Diff(theirs, s.state.without(true), cmp.AllowUnexported(modelFile{})); diff != "" {
				t.Fatalf("stack %d:\n%s\nmutate.Extract and model differ:\n%s", i, strings.Join(script, "\n"), diff)
			}
		}
	}
	t.Logf("files compared by type: %v", shapes)
	for _, k := range []byte{tar.TypeReg, tar.TypeDir, tar.TypeSymlink, 'h'} {
		if shapes[k] < stacks/4 {
			t.Errorf("only %d of type %c: the stacks test little", shapes[k], k)
		}
	}
}

// TestWhereExtractDiffers proves what is said above. When it fails here,
// go-containerregistry has been mended and the tame stacks can be less so.
func TestWhereExtractDiffers(t *testing.T) {
	for name, tt := range map[string]struct {
		layers       stack
		ours, theirs string
	}{
		"whiteout ahead of a file": {stack{{text("a", "1")}, {text(".wh.a", ""), text("a", "2")}}, "a=2", ""},
		"one name twice":           {stack{{text("a", "1"), text("a", "2")}}, "a=2", "a=1"},
		"directory, file, directory": {
			stack{{dir("d"), text("d/a", "1")}, {text("d", "2")}, {dir("d")}}, "d/", "d/ d/a=1"},
		"hard link to what was replaced": {
			stack{{text("a", "1"), hard("b", "a")}, {text("a", "2")}}, "a=2 b=1", "a=2 b=2"},
	} {
		t.Run(name, func(t *testing.T) {
			var layers [][]byte
			for _, files := range tt.layers {
				layers = append(layers, tarOf(t, files...))
			}
			if got := brief(t, rootOf(t, dockerSave(t, amd64, layers...), nil)); got != tt.ours {
				t.Errorf("got %q, want %q", got, tt.ours)
			}
			// What docker import would make of the flattened tar.
			flat, err := io.ReadAll(mutate.Extract(imageOf(t, amd64, layers...)))
			must(t, err)
			if tt.theirs == "" {
				_, err := Open(write(t, flat))
				wantCode(t, err, CodeFormat, "empty")
			} else if got := brief(t, rootOf(t, flat, nil)); got != tt.theirs {
				t.Errorf("mutate.Extract gives %q, not %q", got, tt.theirs)
			}
		})
	}
}
