package metadata

import (
	"strings"
	"testing"
)

// TestNormalLicense has answers of packaging 26.3.
func TestNormalLicense(t *testing.T) {
	for text, want := range map[string]string{
		"mit": "MIT", "MIT AND (apache-2.0 or bsd-2-clause)": "MIT AND (Apache-2.0 OR BSD-2-Clause)", "((mit))": "((MIT))",
		"gpl-2.0-or-later": "GPL-2.0-or-later", "apache-2.0+": "Apache-2.0+", "LicenseRef-My.own-1": "LicenseRef-My.own-1", "licenseref-X": "LicenseRef-X",
		"gpl-2.0": "GPL-2.0", "gpl-3.0-only with gcc-exception-3.1": "GPL-3.0-only WITH GCC-exception-3.1",
		"": "", "(mit": "", "mit)": "", "mit apache-2.0": "", "mit or": "", "or mit": "", "mit and or mit": "", "()": "", "mit ()": "",
		"mit with": "", "mit with mit": "", "mit with (gcc-exception-3.1)": "", "licenseref-": "", "licenseref-a_b": "", "licenseref-a+": "", "use-it": "",
	} {
		if got, err := NormalLicense(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		strings.Repeat("(", maxDepth) + "mit" + strings.Repeat(")", maxDepth):     "",
		strings.Repeat("(", maxDepth+1) + "mit" + strings.Repeat(")", maxDepth+1): errExpression.Error(),
		"mit" + strings.Repeat(" ", maxExpression-3):                              "",
		"mit" + strings.Repeat(" ", maxExpression-2):                              errExpression.Error(),

		"":              errExpression.Error(),
		"and mit":       errExpression.Error(),
		"or mit":        errExpression.Error(),
		"mit or ) or (": errExpression.Error(),
		"with mit":      errExpression.Error(),
		"(mit or isc":   errExpression.Error(),
		"(mit or use)":  `"use" is not a license that SPDX knows`,
		"mit with mit":  "the word after WITH is not a license exception that SPDX knows",
		"licenseref-a_": `"licenseref-a_" is not a valid license reference`,
	} {
		if _, err := NormalLicense(text); want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
}

// TestLicenseData: comments and headings of the list are not identifiers.
func TestLicenseData(t *testing.T) {
	list := knownLicenses()
	for _, ids := range []map[string]string{list.licenses, list.exceptions} {
		for lower, id := range ids {
			if strings.Trim(lower, "abcdefghijklmnopqrstuvwxyz0123456789.+-") != "" || !strings.EqualFold(lower, id) || id[0] == '-' {
				t.Errorf("%q: %q", lower, id)
			}
		}
	}
}
