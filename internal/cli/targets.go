package cli

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/tags/fleet"
	"github.com/wheeltag/wheeltag/tags/resolver"
)

func newTargets(c *invocation) *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use: "targets [WORD...]", Short: "list the targets that have names",
		Long: "Lists the names that --target accepts: the rows of wheeltag.toml, the built-in sets, and all releases and images with their libc, default Python, machines and end of support. A WORD such as @opendev lists the targets of a set, @fleet those of wheeltag.toml; any other WORD selects the rows that contain it, or else words for services and runners, such as lambda.",
		Example: `  # the releases of Debian
  wheeltag targets debian
  # the arm64 targets of a built-in set
  wheeltag targets @opendev arm64
  # Ubuntu on RISC-V, as data
  wheeltag targets ubuntu riscv64 --format json`,
		RunE: func(_ *cobra.Command, words []string) error {
			own, err := readConfig(config)
			if err != nil {
				return err
			}
			return c.showTargets(newResolver(own), words)
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		f.StringVar(&config, "config", "", "read `FILE` instead of the nearest wheeltag.toml")
	})
	return cmd
}

// showTargets lists the targets of the sets among the words, or else all that is
// known, as far as the other words narrow it.
func (c *invocation) showTargets(r *resolver.Resolver, words []string) error {
	var sets, filters []string
	for _, w := range words {
		if strings.HasPrefix(w, "@") {
			sets = append(sets, w)
		} else {
			filters = append(filters, w)
		}
	}
	rows := knownRows(r)
	if len(sets) > 0 {
		var err error
		if rows, err = memberRows(r, sets); err != nil {
			return err
		}
	}
	if len(sets) == 0 && len(filters) > 0 && !anyMatches(rows, filters) {
		rows = wordRows(filters) // which are too many to be listed with the others
	}
	return c.showRows(rows, filters)
}

// anyMatches reports whether a row matches all words.
func anyMatches(rows iter.Seq[targetRow], words []string) bool {
	for t := range rows {
		if t.matches(words) {
			return true
		}
	}
	return false
}

// wordRows yields the services, runners and images that mean another target and match all
// words. Of several that mean the same one, it takes the shortest.
func wordRows(filters []string) iter.Seq[targetRow] {
	words := distro.Words()
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return func(yield func(targetRow) bool) {
		seen := map[string]bool{}
		for _, word := range words {
			row, ok := wordRow(word)
			if !ok || seen[row.Target] || !row.matches(filters) {
				continue
			}
			seen[row.Target] = true
			if !yield(row) {
				return
			}
		}
	}
}

// wordRow describes what a word means. A Python that it does not bring must be named.
func wordRow(word string) (row targetRow, ok bool) {
	const some = "3.12@"
	d, err := distro.Parse(word, distro.Options{})
	if err == nil {
		return memberRow(fleet.Target{Name: word, Description: d}, "word"), true
	}
	if d, err = distro.Parse(some+word, distro.Options{}); err != nil {
		return targetRow{}, false
	}
	row = memberRow(fleet.Target{Name: word, Description: d}, "word")
	row.Python, row.Target = "", strings.TrimPrefix(d.Name, some)
	return row, true
}

// showRows writes the rows that match all words.
func (c *invocation) showRows(rows iter.Seq[targetRow], words []string) error {
	table := [][]string{{"TARGET", "LIBC", "PYTHON", "SUPPORT TO", "MACHINES"}}
	shown := 0
	for t := range rows {
		if !t.matches(words) {
			continue
		}
		shown++
		switch {
		case c.json:
			t.Schema = "wheeltag.targets/v1"
			if err := c.writeJSON(t); err != nil {
				return err
			}
		case t.Kind == "set":
			table = append(table, []string{t.Name, fmt.Sprintf("%d targets: %s", t.Count, t.About)})
		default:
			table = append(table, []string{t.Name, cmp.Or(t.Libc, "-"), cmp.Or(t.Python, "-"), cmp.Or(t.EndOfLife, "-"), strings.Join(t.Machines, " ")})
		}
	}
	if shown == 0 {
		c.logf("no target matches %s", strings.Join(words, " and "))
		c.fail()
	} else if !c.json {
		c.out.WriteString(c.style.Table("", table))
	}
	return nil
}

// knownRows yields the file's rows, the sets, the releases and the images.
func knownRows(r *resolver.Resolver) iter.Seq[targetRow] {
	return func(yield func(targetRow) bool) {
		for _, t := range r.Fleet.Targets {
			if !yield(memberRow(t, "fleet")) {
				return
			}
		}
		for _, s := range fleet.Sets() {
			members, err := r.Lookup("@" + s.Name)
			if err == nil && !yield(targetRow{Name: "@" + s.Name, Kind: "set", About: s.About, AsOf: s.AsOf, Count: len(members), Machines: []string{}}) {
				return
			}
		}
		for release := range distro.Releases() {
			row := releaseRow(release)
			row.Name, row.Kind, row.Python = release.Name(), "release", release.Python
			if !yield(row) {
				return
			}
		}
		for i := range distro.Images() {
			row := releaseRow(i.Release)
			row.Name, row.Kind, row.Python = i.Name, "image", i.Python.Version()
			if !yield(row) {
				return
			}
		}
	}
}

// memberRows yields the targets of sets.
func memberRows(r *resolver.Resolver, sets []string) (iter.Seq[targetRow], error) {
	var rows []targetRow
	for _, word := range sets {
		members, err := r.Lookup(word)
		if err != nil {
			return nil, targetError(r, err)
		}
		for _, t := range members {
			rows = append(rows, memberRow(t, "target"))
		}
	}
	return slices.Values(rows), nil
}

// memberRow describes one target of a set or of the file.
func memberRow(t fleet.Target, kind string) targetRow {
	d := t.Description
	row := targetRow{Name: t.Name, Kind: kind, Group: t.Group, Line: t.Line, Python: distro.FormatPython(d.Python), Machines: []string{d.Platform.Arch}}
	if d.Name != t.Name {
		row.Target = d.Name
	}
	if d.Platform.Libc.Family != tags.NoLibc {
		row.Libc = d.Platform.Libc.String()
	}
	if r := d.Release; r != nil {
		row.EndOfLife, row.EndOfLTS = r.EndOfLife, r.EndOfLTS
		if r.LibcVersion != "" && !d.GivenLibc {
			row.Libc = r.Libc.Family.String() + " " + r.LibcVersion
		}
	}
	return row
}

// targetRow is a row of the table and the JSON object of targets.
type targetRow struct {
	Schema    string   `json:"schema"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"` // fleet, set, release, image, word; target for a member of a set
	Group     string   `json:"group,omitempty"`
	Target    string   `json:"target,omitempty"`
	Line      int      `json:"line,omitempty"`
	About     string   `json:"about,omitempty"`
	Count     int      `json:"count,omitempty"`
	Codename  string   `json:"codename,omitempty"`
	Libc      string   `json:"libc,omitempty"`
	Python    string   `json:"python,omitempty"`
	Machines  []string `json:"machines"`
	EndOfLife string   `json:"end_of_life,omitempty"`
	EndOfLTS  string   `json:"end_of_lts,omitempty"`
	Rolling   bool     `json:"rolling,omitempty"`
	AsOf      string   `json:"as_of,omitempty"`
}

func releaseRow(r distro.Release) targetRow {
	row := targetRow{Codename: r.Codename, Machines: r.Machines, EndOfLife: r.EndOfLife, EndOfLTS: r.EndOfLTS, Rolling: r.Rolling, AsOf: r.AsOf}
	if r.LibcVersion != "" {
		row.Libc = r.Libc.Family.String() + " " + r.LibcVersion
	}
	if row.Machines == nil {
		row.Machines = []string{}
	}
	return row
}

func (t targetRow) matches(words []string) bool {
	text := strings.ToLower(strings.Join(append([]string{t.Name, t.Kind, t.Group, t.Target, t.About, t.Codename, t.Libc, t.Python}, t.Machines...), " "))
	for _, w := range words {
		if !strings.Contains(text, strings.ToLower(w)) && !slices.Contains(t.Machines, tagMachine(w)) {
			return false
		}
	}
	return true
}

// tagMachine is a machine by its name in platform tags, aarch64 for arm64, or the
// word itself if no machine is known by it.
func tagMachine(word string) string {
	name, err := distro.ParseMachine(tags.Linux, word)
	if err != nil {
		return word
	}
	return name
}
