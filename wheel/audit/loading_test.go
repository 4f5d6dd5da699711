package audit

import "github.com/wheeltag/wheeltag/wheel/finding"

// loading is for tests of what loaders make of native code. Their archives have little
// more than the code.
var loading = Options{Selection: finding.Selection{Select: []string{"WT101", "WT2", "WT401"}, Ignore: []string{"WT235"}}}

// withoutInfo is for tests of code, archive and RECORD: WHEEL and METADATA of their
// wheels are another's or missing, and files are at odd places.
var withoutInfo = finding.Selection{Ignore: []string{"WT235", "WT103", "WT105", "WT107", "WT109", "WT110", "WT42", "WT442", "WT443", "WT444", "WT445", "WT446", "WT447", "WT45", "WT46", "WT47", "WT48", "WT49", "WT5"}}
