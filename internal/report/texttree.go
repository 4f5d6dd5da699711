package report

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/manylinux/loads"
)

// tree writes what a loader finds: each object below the one that it is loaded for.
func (t *text) tree(r *Tree) {
	if t.shown++; t.shown > 1 {
		fmt.Fprintln(t.out)
	}
	title := r.File
	if r.Target != "" {
		title += " on " + r.Target
	}
	fmt.Fprintln(t.out, Plain(title))
	switch {
	case r.Other != "":
		t.print("  ", "Does not load there; missing "+r.Other+".")
		return
	case len(r.Processes) == 0 && len(r.Unknown) == 0:
		t.print("  ", "No native code for Linux.")
	}
	for i := range r.Processes {
		p := &r.Processes[i]
		w := treeWriter{text: t, objects: map[string]*loads.Object{}, shown: map[string]bool{}}
		for k := range p.Objects {
			w.objects[p.Objects[k].Path] = &p.Objects[k]
		}
		fmt.Fprintln(t.out, "  "+Plain(p.File))
		w.needs(p.File, "    ")
	}
	for _, m := range r.Missing {
		t.hang("  ", fmt.Sprintf("%s: %s, which %s needs", t.Word("missing", 0), m.Library, m.File))
	}
	for _, why := range r.Unknown {
		t.hang("  ", t.Word("unknown", 0)+": "+why)
	}
}

// treeWriter writes the objects of one process.
type treeWriter struct {
	*text
	objects map[string]*loads.Object
	shown   map[string]bool
}

// needs writes what an object needs, and below each what that needs where it is loaded
// first.
func (w *treeWriter) needs(path, indent string) {
	o := w.objects[path]
	if o == nil || w.shown[path] {
		return
	}
	w.shown[path] = true
	for i := range o.Needs {
		n := &o.Needs[i]
		line := n.Name
		if n.Path != "" && n.Path != n.Name {
			line += " -> " + n.Path
		}
		line, reason := indent+Plain(line), Plain(w.reason(n, path))
		if len(line)+len(reason)+2 > w.Width {
			fmt.Fprintf(w.out, "%s\n%s\n", line, w.Wrap(reason, indent+"    "))
		} else {
			fmt.Fprintln(w.out, line+"  "+reason)
		}
		if below := w.objects[n.Path]; n.Rule != loader.RuleLoaded && below != nil && below.By == path {
			w.needs(n.Path, indent+"  ")
		}
	}
}

// reason says why a library is found where it is, or that it is not.
func (w *treeWriter) reason(n *loads.Need, path string) string {
	var notes []string
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	switch {
	case n.State == loads.StateMissing:
		add("missing")
	case n.State == loads.StateOptional:
		add("not there, which DT_AUXILIARY allows")
	case n.State == loads.StateOutside:
		add("not in the wheel")
	case n.State == loads.StateInstalled:
		add("installed there")
	default:
		add("%s", ruleText(n, path))
	}
	if n.Tag == loader.TagFilter {
		add("DT_FILTER")
	}
	if n.Skipped != "" && n.State != loads.StateFound {
		add("%s is for another machine", n.Skipped)
	}
	if n.Stopped != "" && n.State != loads.StateFound {
		add("%s", n.Stopped)
	}
	for _, l := range n.Levels {
		add("on %s: %s", l.Level, l.Path)
	}
	return "(" + strings.Join(notes, "; ") + ")"
}

// ruleText says a rule in words.
func ruleText(n *loads.Need, path string) string {
	of := ""
	if n.Of != path {
		of = " of " + n.Of
	}
	switch n.Rule {
	case loader.RuleLoaded:
		return "loaded already"
	case loader.RuleLoader:
		return "the loader itself"
	case loader.RulePath:
		return "by its path"
	case loader.RuleRPath:
		return "RPATH " + n.Entry + of
	case loader.RuleRunPath:
		return "RUNPATH " + n.Entry
	case loader.RuleLibraryPath:
		return "LD_LIBRARY_PATH"
	case loader.RuleConfigured:
		return "configured directory"
	case loader.RuleDefault:
		return "default directory"
	}
	return string(n.Rule)
}
