package audit

import "github.com/wheeltag/wheeltag/wheel/finding"

// loading is for tests of what loaders make of native code. Their archives have little
// more than the code.
var loading = Options{Selection: finding.Selection{Select: []string{"WT101", "WT2", "WT401"}}}
