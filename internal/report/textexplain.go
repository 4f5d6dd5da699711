package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
)

// mostDemands is how many demands of one kind are shown.
const mostDemands = 10

// explain writes what sets the tag, the way to lower ones, and where the code
// loads.
func (t *text) explain(e *Explain) {
	if t.shown++; t.shown > 1 {
		fmt.Fprintln(t.out)
	}
	fmt.Fprintln(t.out, Plain(e.File))
	t.print("  ", e.Sentence)
	if len(e.Floor) > 0 {
		fmt.Fprintln(t.out, "\n  What sets the tag:")
		t.list(e.Floor)
		if e.Below > 0 {
			fmt.Fprintf(t.out, "    below that: %d more\n", e.Below)
		}
	}
	gone := 0
	for _, step := range e.Steps {
		also := ""
		if gone > 0 {
			also = "also "
		}
		fmt.Fprintf(t.out, "\n  To reach %s, %sremove:\n", step.PlatformTag, also)
		t.list(step.Remove[min(gone, len(step.Remove)):])
		gone = len(step.Remove)
	}
	t.releases(e.Releases)
	if e.Filename != "" {
		fmt.Fprintf(t.out, "\n  Suggested file name: %s\n", Plain(e.Filename))
	}
}

func (t *text) list(demands []manylinux.Demand) {
	for i, d := range demands {
		if i == mostDemands {
			fmt.Fprintf(t.out, "    and %d more\n", len(demands)-mostDemands)
			return
		}
		t.hang("    ", d.File+": "+describeDemand(d))
	}
}

// describeDemand says in a phrase what a file asks for.
func describeDemand(d manylinux.Demand) string {
	symbols := describeSymbols(d.Symbols)
	text := ""
	switch d.Kind {
	case manylinux.KindVersion:
		text = fmt.Sprintf("%s of %s", d.Version, d.Library)
	case manylinux.KindLibrary:
		text = "the library " + d.Library
		if d.Wheel != "" {
			text += " of " + d.Wheel
		}
	case manylinux.KindBan:
		return fmt.Sprintf("%s of %s, which the policy bans", symbols, d.Library)
	case manylinux.KindSymbol:
		return symbols + " without a version"
	case manylinux.KindMusl:
		if d.Version == "" {
			return symbols + ", which musl does not have"
		}
		return fmt.Sprintf("%s, which musl has from %s on", symbols, d.Version)
	case manylinux.KindProcessor:
		return "a processor of level " + d.Version
	case manylinux.KindRelocations:
		if d.From == "" {
			return "packed relocations (DT_RELR) that no release of glibc reads"
		}
		return "packed relocations (DT_RELR), which " + d.From + " and later read"
	case manylinux.KindStack:
		return "an executable stack, which glibc " + d.Before + " and later refuse"
	case manylinux.KindHeader:
		switch {
		case d.From != "":
			return "the file " + d.Reason + ", which glibc before " + d.From + " refuses"
		case d.Before != "":
			return "the file " + d.Reason + ", which glibc " + d.Before + " and later refuse"
		}
		return "the file " + d.Reason + ", which the loader refuses"
	case manylinux.KindSystem:
		return d.Reason
	case manylinux.KindModule:
		return "a module that is no ELF library"
	case manylinux.KindElsewhere:
		if d.Version == "" {
			return fmt.Sprintf("%s, which %s lacks", symbols, d.Wheel)
		}
		return fmt.Sprintf("%s, which the %s of %s lacks", d.Version, d.Library, d.Wheel)
	case manylinux.KindPath:
		if d.Wheel != "" {
			return fmt.Sprintf("a run path to the %s of %s", d.Library, d.Wheel)
		}
		return "a run path to the " + d.Library + " of the wheel"
	case manylinux.KindOrphan:
		return fmt.Sprintf("%s of %s, a library that it does not name", d.Version, d.Library)
	case manylinux.KindBundled:
		return fmt.Sprintf("%s, which the %s of the wheel lacks", d.Version, d.Library)
	case manylinux.KindTLS:
		if d.Size > 0 {
			return fmt.Sprintf("%d bytes of static thread-local storage, more than glibc has for libraries", d.Size)
		}
		return "room for initial-exec thread-local storage, which musl does not have"
	}
	if symbols != "" {
		text += ": " + symbols
	}
	return text
}

func describeSymbols(symbols []manylinux.Symbol) string {
	var names []string
	const most = 3
	for i, s := range symbols {
		if i == most {
			names = append(names, fmt.Sprintf("%d more", len(symbols)-most))
			break
		}
		name := Demangle(s.Name)
		if s.Weak {
			name += " (weak)"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// releases writes where the code loads, where it does not and where that is not
// known, releases with the same reason together.
func (t *text) releases(results []loads.Result) {
	groups := map[string][]string{}
	var titles []string
	for _, r := range results {
		title := "Loads on:"
		if r.Loads == loads.Conditional {
			title = "Loads" + ifInstalled(r) + ":"
		}
		switch r.Loads {
		case loads.No:
			title = "Fails to load; missing " + Demangle(Some(r.Missing)) + ":"
		case loads.Unknown:
			title = "May load" + ifInstalled(r) + "; no data for " + Some(r.NoData) + ":"
		}
		if groups[title] == nil {
			titles = append(titles, title)
		}
		name := r.Release
		if r.EndOfLife != "" {
			name += "(" + r.EndOfLife + ")"
		}
		groups[title] = append(groups[title], name)
	}
	rank := func(title string) int {
		return slices.IndexFunc([]string{"Loads on", "Loads", "May", "Fails"}, func(first string) bool { return strings.HasPrefix(title, first) })
	}
	slices.SortStableFunc(titles, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(groups[b]), len(groups[a])))
	})
	for _, title := range titles {
		fmt.Fprintf(t.out, "\n%s\n%s\n", t.Wrap(title, "  "), t.Wrap(strings.Join(groups[title], " "), "    "))
	}
	if len(results) > 1 {
		fmt.Fprintln(t.out, "\n  Dates are end of support.")
	}
}
