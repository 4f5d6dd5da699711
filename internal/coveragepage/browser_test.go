//go:build unix

package coveragepage

import (
	"fmt"
	"slices"
	"strings"
)

// Expressions that the tests read from the page.
const (
	shownNames = `[...document.querySelectorAll('#body tr:not(.spacer) th')].map(e => e.firstChild.data).join(' ')`
	sortedBy   = `[...document.querySelectorAll('thead th')].map((e, i) => e.ariaSort ? i + ' ' + e.ariaSort : '').join('')`
	focusedAt  = `(e => { const c = e.closest('th, td'), r = c && c.parentElement; return c ? (r.dataset.row ?? r.parentElement.tagName) + ',' + c.cellIndex : e.id || e.tagName })(document.activeElement)`
	panelOpen  = `document.getElementById('panel').open`
	panelText  = `document.getElementById('panel').innerText.replace(/\s+/g, ' ')`
	status     = `document.getElementById('status').textContent`
	tabStops   = `document.querySelectorAll('#grid [tabindex="0"]').length`
)

// smallPage has four packages on three targets, in no order.
func smallPage() *Page {
	cell := func(letter rune, name string) Cell {
		switch letter {
		case 'M':
			return Cell{State: "missing", Reason: name + " has no file for it"}
		case '?':
			return Cell{State: "unknown", Reason: "no files are known"}
		case 'B':
			return Cell{State: "build", File: name + ".tar.gz", Reason: "only source", Candidates: []Candidate{
				{name + "-1.whl", false, "another machine"}, {name + "-2.whl", false, "another Python"}, {name + ".tar.gz", true, ""}}}
		case 'W':
			return Cell{State: "wheel", File: name + "-1.whl", Candidates: []Candidate{{name + "-1.whl", true, ""}}}
		case 'P':
			return Cell{State: "pure", File: name + ".whl"}
		}
		return Cell{State: "excluded", Reason: "a marker"}
	}
	p := &Page{Title: "small", Targets: []Target{
		{"one/x86_64", "CPython 3.11, Linux x86_64"}, {"two/aarch64", "CPython 3.12, Linux aarch64"}, {"three/x86_64", "PyPy 3.10"}}}
	var rows []Row
	for _, s := range []string{"pear PPP", "apple WBM", "Fig MMW", "date -?B"} {
		name, letters, _ := strings.Cut(s, " ")
		r := Row{Package: name, Version: "1.0"}
		for _, letter := range letters {
			r.Cells = append(r.Cells, cell(letter, name))
		}
		rows = append(rows, r)
	}
	p.Rows = slices.Values(rows)
	return p
}

// openSmall loads smallPage in a window of ordinary size.
func (b *browser) openSmall() {
	b.t.Helper()
	b.view(1000, 700, "light")
	b.open(render(b.t, smallPage()))
	b.want(shownNames, "Fig apple date pear")
}

func header(col int) string { return fmt.Sprintf("document.querySelectorAll('thead button')[%d]", col) }

func testSorting(b *browser) {
	b.openSmall()
	b.want(sortedBy, "1 descending")
	for _, step := range []struct {
		col           int
		names, sorted string
	}{
		{1, "pear date apple Fig", "1 ascending"},
		{1, "Fig apple date pear", "1 descending"},
		{0, "apple date Fig pear", "0 ascending"},
		{0, "pear Fig date apple", "0 descending"},
		{2, "Fig apple pear date", "2 descending"},
		{2, "date pear apple Fig", "2 ascending"},
		{4, "apple date Fig pear", "4 descending"},
	} {
		b.click(header(step.col))
		b.want(shownNames, step.names)
		b.want(sortedBy, step.sorted)
	}
	b.press("ArrowLeft") // from the header that was clicked
	b.want(focusedAt, "THEAD,3")
	b.press("Enter")
	b.want(shownNames, "Fig date apple pear")
	b.want(sortedBy, "3 descending")
	b.want(focusedAt, "THEAD,3")
}

// typeInto replaces the text of a field as a person does.
func (b *browser) typeInto(id, text string) {
	b.t.Helper()
	b.eval(fmt.Sprintf("document.getElementById(%q).select()", id), nil)
	if text == "" {
		b.press("Delete")
		return
	}
	b.call("Input.insertText", map[string]any{"text": text}, nil)
}

func testFilters(b *browser) {
	b.openSmall()
	chips := `[...document.querySelectorAll('.chip .count')].map(e => e.textContent).join(' ')`
	b.want(chips, "2 1 2 2 1 0 1")
	b.want(status, "4 of 4 packages, 3 of 3 targets")

	b.typeInto("packages", "  P")
	b.want(shownNames, "apple pear")
	b.want(status, "2 of 4 packages, 3 of 3 targets")
	b.typeInto("packages", "a.*")
	b.want(status, "0 of 4 packages, 3 of 3 targets")
	b.want("document.getElementById('empty').hidden", "false")
	b.typeInto("packages", "")
	b.want(shownNames, "Fig apple date pear")
	b.want("document.getElementById('empty').hidden", "true")

	pure := "document.querySelectorAll('.chip input')[4]"
	b.click(pure)
	b.want(shownNames, "Fig apple date")
	b.click(pure)
	b.want(shownNames, "Fig apple date pear")
	for i, left := range []string{"Fig apple date pear", "Fig apple date pear", "Fig apple date pear", "date pear", "date", "date", ""} {
		b.click(fmt.Sprintf("document.querySelectorAll('.chip input')[%d]", i))
		b.want(shownNames, left)
	}
	b.click("document.querySelectorAll('.chip input')[1]")
	b.want(shownNames, "date")
}

func testTargetFilter(b *browser) {
	b.openSmall()
	b.click(header(3))
	b.want(shownNames, "Fig date apple pear")
	b.typeInto("columns", "X86_64")
	b.want("[...document.querySelectorAll('thead .name')].map(e => e.textContent).join(' ')", "Package Worst one/x86_64 three/x86_64")
	// The sorted column is gone, so the worst come first; unknown is on no target now.
	b.want(sortedBy, "1 descending")
	b.want(shownNames, "apple Fig date pear")
	b.want(`[...document.querySelectorAll('.chip .count')].map(e => e.textContent).join(' ')`, "2 0 1 2 1 0 1")
	b.want(status, "4 of 4 packages, 2 of 3 targets")
	b.click("document.querySelector('#body tr:not(.spacer) td:last-child')")
	b.want(panelText+".startsWith('apple 1.0 Close Target three/x86_64 PyPy 3.10 State')", "true")
	b.press("Escape")
	b.typeInto("columns", "pypy")
	b.want(status, "4 of 4 packages, 1 of 3 targets")
	b.typeInto("columns", "nowhere")
	b.want(status, "0 of 4 packages, 0 of 3 targets")
	b.want(tabStops, "1")
	b.typeInto("columns", "")
	b.want(status, "4 of 4 packages, 3 of 3 targets")
}

func testKeyboard(b *browser) {
	b.openSmall()
	b.want(tabStops, "1")
	b.eval("document.querySelectorAll('.chip input')[6].focus()", nil)
	b.press("Tab")
	b.want(focusedAt, "0,2")
	for _, step := range []struct{ key, at string }{
		{"ArrowDown", "1,2"}, {"ArrowRight", "1,3"}, {"ArrowLeft", "1,2"}, {"ArrowUp", "0,2"},
		{"ArrowUp", "TBODY,2"}, {"ArrowUp", "THEAD,2"}, {"ArrowUp", "THEAD,2"}, {"ArrowDown", "TBODY,2"},
		{"Home", "TBODY,0"}, {"ArrowLeft", "TBODY,0"}, {"End", "TBODY,4"}, {"ArrowRight", "TBODY,4"},
		{"Control+End", "3,4"}, {"ArrowDown", "3,4"}, {"Control+Home", "0,0"}, {"PageDown", "3,0"}, {"PageUp", "0,0"},
	} {
		b.press(step.key)
		b.want(focusedAt, step.at)
		b.want(tabStops, "1")
	}
	b.view(400, 700, "light") // a phone that turns; the rows are higher now
	b.want(focusedAt, "0,0")
	b.press("ArrowDown")
	b.want(focusedAt, "1,0")
}

func testPanel(b *browser) {
	b.openSmall()
	b.click("document.querySelectorAll('#body tr:not(.spacer)')[1].cells[3]") // apple on two/aarch64
	b.want(panelText, "apple 1.0 Close Target two/aarch64 CPython 3.12, Linux aarch64 "+
		"State B build Only source fits: the package must be built on this target. Reason only source File taken apple.tar.gz "+
		"Files weighed (3) apple-1.whl not taken: another machine apple-2.whl not taken: another Python apple.tar.gz taken")
	b.want(focusedAt, "panel-close")
	b.press("Escape")
	b.want(panelOpen, "false")
	b.want(focusedAt, "1,3")

	b.press("ArrowUp", "Enter")
	b.want(panelText+".includes('X missing No file can be installed on this target. Reason Fig has no file for it File taken none')", "true")
	b.press("Enter") // on the close button
	b.want(panelOpen, "false")
	b.want(focusedAt, "0,3")

	b.press("Home", "Enter") // the name stands for the worst target
	b.want(panelText+".startsWith('Fig 1.0 Close Target one/x86_64')", "true")
	b.press("Escape", "End", "ArrowUp", "Enter")
	b.want(panelText, "three/x86_64 Close PyPy 3.10 X missing 1 packages ? unknown 0 packages B build 1 packages "+
		"w wheel 1 packages . pure 1 packages / unsupported 0 packages - excluded 0 packages")
	b.press("Escape")
	b.want(focusedAt, "TBODY,4")
}

// testLabels reads the tree that a screen reader gets.
func testLabels(b *browser) {
	b.openSmall()
	b.click("document.querySelectorAll('#body tr:not(.spacer)')[0].cells[2]")
	b.want(panelOpen, "true")
	if names := b.accessible("dialog"); !slices.Equal(names, []string{"Fig 1.0"}) {
		b.t.Errorf("dialogs: %q", names)
	}
	b.press("Escape")
	b.want(panelOpen, "false")
	if names := b.accessible("grid"); len(names) != 1 || !strings.HasPrefix(names[0], "Packages by target.") {
		b.t.Errorf("grids: %q", names)
	}
	if names := b.accessible("columnheader"); !slices.Equal(names, []string{"Package", "Worst", "one/x86_64", "two/aarch64", "three/x86_64"}) {
		b.t.Errorf("headers: %q", names)
	}
	if names := b.accessible("gridcell"); len(names) != 4+16 || names[4] != "missing" {
		b.t.Errorf("cells: %q", names)
	}
	if names := b.accessible("searchbox"); !slices.Equal(names, []string{"Package", "Target"}) {
		b.t.Errorf("fields: %q", names)
	}
	if names := b.accessible("checkbox"); len(names) != len(states) || names[0] != "missing 2" {
		b.t.Errorf("chips: %q", names)
	}
}

// accessible gives the names of the nodes with a role in the accessibility tree.
func (b *browser) accessible(role string) []string {
	b.t.Helper()
	type value struct{ Value any }
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name value
		}
	}
	b.call("Accessibility.getFullAXTree", nil, &tree)
	var names []string
	for _, n := range tree.Nodes {
		if !n.Ignored && n.Role.Value == role {
			names = append(names, strings.TrimSpace(fmt.Sprint(n.Name.Value)))
		}
	}
	return names
}
