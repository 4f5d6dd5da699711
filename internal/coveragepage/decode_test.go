package coveragepage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// pageData is the data of a page as encoding/json reads it, with the rows decoded
// the way the script does.
type pageData struct {
	States  [][3]string
	Targets [][2]string
	Rows    []Row
}

// dataOf finds the data in a page as a browser does: from the start tag of the
// element to the next </script.
func dataOf(page []byte) (json.RawMessage, error) {
	_, rest, found := bytes.Cut(page, []byte(`<script type="application/json" id="data">`))
	if !found {
		return nil, fmt.Errorf("there is no data element")
	}
	text, _, found := bytes.Cut(rest, []byte("</script"))
	if !found {
		return nil, fmt.Errorf("the data element does not end")
	}
	return text, nil
}

func decodePage(t testing.TB, page []byte) pageData {
	t.Helper()
	text, err := dataOf(page)
	if err != nil {
		t.Fatal(err)
	}
	var raw struct {
		States  [][3]string
		Targets [][2]string
		Rows    [][7]json.RawMessage
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	data := pageData{States: raw.States, Targets: raw.Targets}
	texts := []string{""}
	for _, fields := range raw.Rows {
		data.Rows = append(data.Rows, decodeRow(t, fields, &texts, raw.States))
	}
	return data
}

func decodeRow(t testing.TB, fields [7]json.RawMessage, texts *[]string, states [][3]string) Row {
	t.Helper()
	var (
		r            Row
		digits       string
		fresh, files []string
		details      [][]json.RawMessage
		cells        []int
	)
	for i, v := range []any{&r.Package, &r.Version, &digits, &fresh, &files, &details, &cells} {
		if err := json.Unmarshal(fields[i], v); err != nil {
			t.Fatalf("field %d of a row: %v", i, err)
		}
	}
	*texts = append(*texts, fresh...)
	files = slices.Insert(files, 0, "")
	for i, n := range expandRuns(cells, 0) {
		var file, text int
		var order, verdicts []int
		for j, v := range []any{&file, &text, &order, &verdicts}[:len(details[n])] {
			if err := json.Unmarshal(details[n][j], v); err != nil {
				t.Fatalf("field %d of a detail: %v", j, err)
			}
		}
		c := Cell{State: states[digits[i]-'0'][0], File: files[file], Reason: (*texts)[text]}
		verdicts = expandRuns(verdicts, 0)
		for j, f := range expandRuns(order, 1) {
			v := verdicts[j]
			c.Candidates = append(c.Candidates, Candidate{File: files[f], Taken: v%2 == 1, Reason: (*texts)[v/2]})
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

func expandRuns(list []int, step int) []int {
	var out []int
	for _, n := range list {
		if n >= 0 {
			out = append(out, n)
			continue
		}
		for ; n < 0; n++ {
			out = append(out, out[len(out)-1]+step)
		}
	}
	return out
}

// shownRow is a row as the page shows it: hidden characters spelled out.
func shownRow(r Row) Row {
	out := Row{Package: visible(r.Package), Version: visible(r.Version)}
	for _, c := range r.Cells {
		cell := Cell{State: c.State, File: visible(c.File), Reason: visible(c.Reason)}
		for _, d := range c.Candidates {
			cell.Candidates = append(cell.Candidates, Candidate{visible(d.File), d.Taken, visible(d.Reason)})
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}
