package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/tags/resolver"
)

// detectOptions are what detect reads.
type detectOptions struct {
	roots, images []string
	host          bool
	arch, python  string
}

func newDetect(c *invocation) *cobra.Command {
	var o detectOptions
	cmd := &cobra.Command{
		Use: "detect --root DIR | --image FILE | --host", Short: "describe the Pythons of a file system, an image or this machine",
		Long: "Finds the Python interpreters of a Linux system and the target that each of them is: machine and C library come from the programs themselves, version and ABI from the files of each Python. The directories of PATH and the places where distributions, version managers and build systems install Python are searched; if they have none, every directory named bin is. No code is executed, so any host can read the root of any machine. --format json says where each fact was read.\n\nThe same root can be a target of other commands, as in --target root:DIR, --target 3.12@image:FILE or --target host.",
		Example: `  # the Pythons below a directory
  wheeltag detect --root roots/alpine
  # two systems, as data
  wheeltag detect --root roots/alpine --root roots/debian --format json
  # the tags of the Python in a directory
  wheeltag tags --target root:roots/alpine`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("%q: write --root %s or --image %s", args[0], args[0], args[0])
			}
			return o.check()
		},
		RunE: func(*cobra.Command, []string) error { return c.showSystems(o) },
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		f.StringArrayVar(&o.roots, "root", nil, "read the root file system in `DIR`; may be repeated")
		f.StringArrayVar(&o.images, "image", nil, "read the container image in `FILE`: docker save, OCI layout or a tar of a root file system; may be repeated")
		f.BoolVar(&o.host, "host", false, "read this machine")
		f.StringVar(&o.python, "python", "", "read only the Python at `PATH` in the root, such as /opt/app/bin/python3")
		f.StringVar(&o.arch, "arch", "", "of an image for several machines, read only `MACHINE`, such as arm64")
	})
	return cmd
}

func (o detectOptions) check() error {
	switch {
	case len(o.roots)+len(o.images) == 0 && !o.host:
		return usagef("say what to read: --root DIR, --image FILE or --host")
	case o.arch != "" && len(o.images) == 0:
		return usagef("--arch selects a machine of an --image")
	}
	return nil
}

// words lists what to read, roots first.
func (o detectOptions) words() []string {
	var words []string
	for _, dir := range o.roots {
		words = append(words, "root:"+dir)
	}
	for _, file := range o.images {
		words = append(words, "image:"+file)
	}
	if o.host {
		words = append(words, "host")
	}
	return words
}

func (c *invocation) showSystems(o detectOptions) error {
	for _, word := range o.words() {
		if err := c.showSystemsOf(word, o); err != nil {
			return err
		}
	}
	return nil
}

func (c *invocation) showSystemsOf(word string, o detectOptions) error {
	r := resolver.Resolver{Options: distro.Options{Arch: o.arch}, Host: hostOptions(), Interpreter: o.python}
	defer r.Close()
	systems, err := r.Systems(word)
	if err != nil {
		c.reportError("%v", err)
		return nil
	}
	for _, s := range systems {
		if err := c.showSystem(s); err != nil {
			return err
		}
	}
	return nil
}

func (c *invocation) showSystem(s *resolver.System) error {
	for _, w := range s.Warnings {
		c.logf("%s: %s %s", s.Name(), w.Path, w.Message)
	}
	if len(s.Pythons) == 0 {
		c.fail()
	}
	if c.json {
		return c.writeJSON(systemRecordOf(s))
	}
	title := s.Name() + ": "
	if s.Release.Name != "" {
		title += s.Release.Name + ", "
	} else if w := s.Release.Word(); w != "" {
		title += w + ", "
	}
	fmt.Fprintln(c.out, c.style.Wrap(title+describeLibc(s.Machine, s.Libc), ""))
	var rows [][]string
	for i := range s.Pythons {
		rows = append(rows, pythonRow(s, &s.Pythons[i]))
	}
	c.out.WriteString(c.style.Table("  ", rows))
	if text := laterMachine(s); text != "" {
		fmt.Fprintln(c.out, c.style.Wrap(text, "  "))
	}
	if len(rows) == 0 {
		fmt.Fprintln(c.out, c.style.Wrap(noPython(s), "  "))
	}
	return nil
}

// noPython says where no Python was found.
func noPython(s *resolver.System) string {
	text := "no Python found"
	if n := len(s.Searched); n > 0 {
		text += " in " + report.Some(s.Searched)
	}
	return text + fmt.Sprintf(", nor in a search of %d directories; if there is one, name it with --python PATH", s.Walked)
}

// laterMachine says how to describe the system on a later machine, where it takes
// more wheels; see the hint of package detect.
func laterMachine(s *resolver.System) string {
	i := slices.IndexFunc(s.Hints, func(f detect.Fact) bool { return f.What == "machine" })
	p := s.Default()
	if i < 0 || p == nil {
		return ""
	}
	later := *p
	later.Platform.Arch = s.Hints[i].Value
	return fmt.Sprintf("On %s and newer machines, such as a Raspberry Pi 2, it takes wheels for %s too; that target is %s", later.Platform.Arch, later.Platform.Arch, s.Word(&later))
}

// pythonRow is the line of one interpreter: its target, its place, what it is.
func pythonRow(s *resolver.System, p *detect.Python) []string {
	about := strings.TrimSuffix(p.Python.String(), p.Python.Version()) + p.Version
	if p.Python.Threaded {
		about += ", free-threaded"
	}
	if p.Python.Debug {
		about += ", debug build"
	}
	if p.Platform.Arch != s.Machine || p.Libc.Path != s.Libc.Path {
		about += ", " + describeLibc(p.Platform.Arch, p.Libc)
	}
	if p.Venv != "" {
		about += ", environment"
	}
	if p.ExternallyManaged != "" {
		about += ", externally managed"
	}
	if p == s.Default() && len(s.Pythons) > 1 {
		about += ", default"
	}
	return []string{s.Word(p), p.Path, about}
}

func describeLibc(machine string, l detect.Libc) string {
	if machine == "" {
		machine = "unknown machine"
	}
	switch {
	case l.Family == tags.NoLibc:
		return machine + ", no C library"
	case l.Version == "":
		return machine + ", " + l.Family.String() + " of unknown version"
	}
	return fmt.Sprintf("%s, %s %s", machine, l.Family, l.Version)
}

// systemRecord is the JSON object of detect.
type systemRecord struct {
	Schema   string           `json:"schema"`
	Root     string           `json:"root"`
	Platform string           `json:"platform,omitempty"` // as an image states it
	Machine  string           `json:"machine"`
	Libc     libcRecord       `json:"libc"`
	Release  *releaseRecord   `json:"release,omitempty"`
	Pythons  []pythonRecord   `json:"pythons"`
	Searched []string         `json:"searched,omitempty"` // where no Python was found
	Hints    []detect.Fact    `json:"hints,omitempty"`
	Warnings []detect.Warning `json:"warnings,omitempty"`
}

type libcRecord struct {
	Family  string `json:"family"`
	Version string `json:"version,omitempty"`
	Path    string `json:"path,omitempty"`
	From    string `json:"from,omitempty"`
}

type releaseRecord struct {
	ID        string `json:"id"`
	VersionID string `json:"version_id,omitempty"`
	Codename  string `json:"codename,omitempty"`
	Name      string `json:"name,omitempty"`
	Path      string `json:"path"`
}

type pythonRecord struct {
	Target            string        `json:"target"`
	Path              string        `json:"path"`
	Names             []string      `json:"names"`
	Program           string        `json:"program"`
	Prefix            string        `json:"prefix,omitempty"`
	Environment       string        `json:"environment,omitempty"`
	Implementation    string        `json:"implementation"`
	Version           string        `json:"version"`
	Python            string        `json:"python"`
	ABIs              []string      `json:"abis,omitempty"`
	Arch              string        `json:"arch"`
	Libc              libcRecord    `json:"libc"`
	Default           bool          `json:"default"`
	ExternallyManaged string        `json:"externally_managed,omitempty"`
	Manylinux         []string      `json:"manylinux_modules,omitempty"`
	Facts             []detect.Fact `json:"facts"`
}

func libcRecordOf(l detect.Libc) libcRecord {
	return libcRecord{l.Family.String(), l.Version, l.Path, l.From}
}

func systemRecordOf(s *resolver.System) systemRecord {
	r := systemRecord{
		Schema: "wheeltag.detect/v1", Root: s.Source, Platform: s.Platform, Machine: s.Machine, Libc: libcRecordOf(s.Libc),
		Pythons: []pythonRecord{}, Hints: s.Hints, Warnings: s.Warnings,
	}
	if len(s.Pythons) == 0 {
		r.Searched = s.Searched
	}
	if l := s.Release; l.Path != "" {
		r.Release = &releaseRecord{l.ID, l.VersionID, l.Codename, l.Name, l.Path}
	}
	for i := range s.Pythons {
		p := &s.Pythons[i]
		implementation := p.Python.Implementation
		if implementation == "" {
			implementation = "cpython"
		}
		r.Pythons = append(r.Pythons, pythonRecord{
			Target: s.Word(p), Path: p.Path, Names: p.Names, Program: p.Program, Prefix: p.Prefix, Environment: p.Venv,
			Implementation: implementation, Version: p.Version, Python: p.Python.Version(), ABIs: p.Python.ABIs, Arch: p.Platform.Arch,
			Libc: libcRecordOf(p.Libc), Default: p == s.Default(), ExternallyManaged: p.ExternallyManaged, Manylinux: p.Manylinux,
			Facts: p.Facts,
		})
	}
	return r
}
