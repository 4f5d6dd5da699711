package coveragepage

import "strconv"

// The tables without scripts. Optional end tags are left out, because there are a
// hundred thousand cells. The words and letters of the states come from the style
// sheet, except for the word in the cell itself.

func (pw *pageWriter) startStatic() {
	pw.out.WriteString("<noscript>\n<div class=\"plain\">\n<p>Without scripts this page shows at most the first " +
		strconv.Itoa(staticRows) + " packages and no details. <a href=\"#counts\">Counts for each target</a></p>\n" +
		"<table>\n<thead><tr><th scope=col>Package")
	for _, t := range pw.page.Targets {
		pw.out.WriteString(`<th scope=col title="` + escape(t.About) + `">` + escape(t.Name))
	}
	pw.out.WriteString("\n<tbody>\n")
}

// staticRow writes a row of the table and reports the first error of the writer.
func (pw *pageWriter) staticRow(r *Row) error {
	pw.out.WriteString("<tr><th scope=row>" + escape(r.Package))
	if r.Version != "" {
		pw.out.WriteString(" <small>" + escape(r.Version) + "</small>")
	}
	for _, d := range pw.digits {
		pw.out.WriteString("<td class=s")
		pw.out.WriteByte(d)
		pw.out.WriteByte('>')
		pw.out.WriteString(states[d-'0'].String())
	}
	return pw.out.WriteByte('\n')
}

func (pw *pageWriter) endStatic() {
	pw.out.WriteString("</table>\n</div>\n</noscript>\n")
}

// staticCounts writes the number of packages of each state for each target; they
// are of all rows, so they come last.
func (pw *pageWriter) staticCounts() {
	pw.out.WriteString("<noscript>\n<div class=\"plain\" id=\"counts\">\n<table>\n<caption>" +
		strconv.Itoa(pw.rows) + " packages</caption>\n<thead><tr><th scope=col>Target")
	for i, s := range states {
		pw.out.WriteString("<th scope=col class=s" + strconv.Itoa(i) + ">" + s.String())
	}
	pw.out.WriteString("\n<tbody>\n")
	for i, t := range pw.page.Targets {
		pw.out.WriteString("<tr><th scope=row>" + escape(t.Name) + " <small>" + escape(t.About) + "</small>")
		for _, n := range pw.counts[i] {
			pw.out.WriteString("<td>" + strconv.Itoa(n))
		}
		pw.out.WriteByte('\n')
	}
	pw.out.WriteString("</table>\n</div>\n</noscript>\n")
}
