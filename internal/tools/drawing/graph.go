package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tools/arrows"
)

// A graph is the packages of the module and what each imports of the others.
type graph struct {
	nodes   []string
	imports map[string][]string
}

// read makes the graph of the packages below root, without examples and tools.
func read(root string) (*graph, error) {
	all, err := arrows.Imports(root, false)
	if err != nil {
		return nil, err
	}
	g := &graph{imports: map[string][]string{}}
	for _, dir := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(dir, "examples/") || strings.HasPrefix(dir, "internal/tools/") || dir == "internal/elftest" || dir == "internal/inflate/compare" {
			continue
		}
		g.nodes = append(g.nodes, dir)
		for _, path := range all[dir] {
			if inner, ok := arrows.Inner(path); ok {
				g.imports[dir] = append(g.imports[dir], inner)
			}
		}
	}
	return g, nil
}

// shown are the arrows to draw from a package: those to packages that it does not
// reach through another one that it imports.
func (g *graph) shown(from string) []string {
	var list []string
	for _, to := range g.imports[from] {
		if !slices.ContainsFunc(g.imports[from], func(other string) bool { return other != to && g.reaches(other, to) }) {
			list = append(list, to)
		}
	}
	return list
}

func (g *graph) reaches(from, to string) bool {
	return slices.ContainsFunc(g.imports[from], func(next string) bool { return next == to || g.reaches(next, to) })
}

// layers puts each package below all that import it.
func (g *graph) layers() [][]string {
	depth := map[string]int{}
	var place func(string, int)
	place = func(node string, d int) {
		if d < depth[node] {
			return
		}
		depth[node] = d
		for _, next := range g.imports[node] {
			place(next, d+1)
		}
	}
	for _, node := range g.nodes {
		place(node, 0)
	}
	var all [][]string
	for _, node := range g.nodes {
		for len(all) <= depth[node] {
			all = append(all, nil)
		}
		all[depth[node]] = append(all[depth[node]], node)
	}
	return all
}

// A point is a package in a layer, or a bend of an arrow that crosses the layer.
type point struct {
	node     string // empty for a bend
	up, down []*point
	x        float64 // the middle
	width    float64
}

// An arrow is drawn from point to point, one in each layer.
type arrow []*point

// route puts the packages and the bends of all arrows into rows, and orders each
// row so that few arrows cross.
func (g *graph) route() ([][]*point, []arrow) {
	layers := g.layers()
	rows := make([][]*point, len(layers))
	at, row := map[string]*point{}, map[string]int{}
	for i, layer := range layers {
		for _, node := range layer {
			p := &point{node: node, width: 26 + 7.3*float64(len(node))}
			at[node], row[node] = p, i
			rows[i] = append(rows[i], p)
		}
	}
	var all []arrow
	for _, from := range g.nodes {
		for _, to := range g.shown(from) {
			a := arrow{at[from]}
			for i := row[from] + 1; i < row[to]; i++ {
				bend := &point{width: 10}
				rows[i] = append(rows[i], bend)
				a = append(a, bend)
			}
			a = append(a, at[to])
			for i := 1; i < len(a); i++ {
				a[i-1].down, a[i].up = append(a[i-1].down, a[i]), append(a[i].up, a[i-1])
			}
			all = append(all, a)
		}
	}
	order(rows)
	return rows, all
}

// order sorts each row by the middle of what its points are connected to, downwards
// and upwards in turn, and then places them.
func order(rows [][]*point) {
	for _, r := range rows {
		spread(r)
	}
	for round := range 40 {
		for i := range rows {
			r, neighbours := rows[i], func(p *point) []*point { return p.up }
			if round%2 == 1 {
				r, neighbours = rows[len(rows)-1-i], func(p *point) []*point { return p.down }
			}
			slices.SortStableFunc(r, func(a, b *point) int { return cmp.Compare(middle(a, neighbours(a)), middle(b, neighbours(b))) })
			spread(r)
		}
	}
	for range 30 {
		for _, r := range rows {
			pull(r)
		}
	}
}

// middle is the mean place of the neighbours of a point.
func middle(p *point, neighbours []*point) float64 {
	if len(neighbours) == 0 {
		return p.x
	}
	var sum float64
	for _, n := range neighbours {
		sum += n.x
	}
	return sum / float64(len(neighbours))
}

const gap = 16

// spread places a row in its order around the middle of the drawing.
func spread(r []*point) {
	var total float64
	for _, p := range r {
		total += p.width + gap
	}
	x := -total / 2
	for _, p := range r {
		p.x = x + (p.width+gap)/2
		x += p.width + gap
	}
}

// pull moves the points of a row towards what they are connected to, as far as
// those next to them leave room.
func pull(r []*point) {
	for i, p := range r {
		want := middle(p, append(slices.Clone(p.up), p.down...))
		if i > 0 {
			want = max(want, r[i-1].x+(r[i-1].width+p.width)/2+gap)
		}
		if i+1 < len(r) {
			want = min(want, r[i+1].x-(r[i+1].width+p.width)/2-gap)
		}
		p.x = want
	}
}
