// Package csp writes the Content-Security-Policy of pages that bring everything with
// them: coverage's and audit's. Such a page is opened from a file, so the policy is in a
// meta element, and a script that came in through some text does not run.
package csp

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Policy allows only the style and the script of a page, by their hashes (CSP level 3,
// hash-source). Both are the texts between the tags, as the page has them.
func Policy(style, script string) string {
	return "default-src 'none'; style-src " + source(style) + "; script-src " + source(script) +
		"; base-uri 'none'; form-action 'none'"
}

func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// UnixLines reverts CR LF of a checkout to LF; a browser hashes the text with LF.
func UnixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
