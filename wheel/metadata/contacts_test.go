package metadata

import (
	"slices"
	"strings"
	"testing"
)

// TestContacts: addresses, URLs and classifiers, and next to each fault what is none.
func TestContacts(t *testing.T) {
	long := strings.Repeat("x", 33)
	checkFaults(t, map[string]string{
		"Author-email: nobody":                                 `email: Author-email "nobody" is not an e-mail address`,
		"Author-email: a@b":                                    `email: Author-email "a@b" is not an e-mail address`,
		"Author-email: a b@c.org":                              `email: Author-email "a b@c.org" is not an e-mail address`,
		"Author-email: \"A, B\" <a@b.org>, c@d.example":        "",
		"Maintainer-email: A <a@b@c.org>":                      `email: Maintainer-email "A <a@b@c.org>" is not an e-mail address`,
		"Home-page: example.org":                               `url: Home-page "example.org" is not an http or https URL`,
		"Home-page: https://example.org":                       "",
		"Project-URL: Docs":                                    `url: Project-URL "Docs" has not the form LABEL, URL`,
		"Project-URL: Docs, ftp://example.org":                 `url: Project-URL "Docs, ftp://example.org" is not an http or https URL`,
		"Project-URL: " + long + ", https://e.org":             `url: Project-URL "` + long + `, https://e.org" has a label of 33 characters; PyPI accepts up to 32`,
		"Project-URL: " + long[1:] + ", https://e.org":         "",
		"Classifier: Private :: Do Not Upload":                 "",
		"Classifier: Programming Language :: Python":           "",
		"Classifier: Programming Language :: Pyton":            `classifier: Classifier "Programming Language :: Pyton" is not one that PyPI accepts`,
		"Classifier: Natural Language :: Ukranian":             `classifier: Classifier "Natural Language :: Ukranian" is deprecated; use Natural Language :: Ukrainian`,
		"Classifier: License :: OSI Approved :: X.Net License": `classifier: Classifier "License :: OSI Approved :: X.Net License" is deprecated`,
		"Author-email: UNKNOWN":                                "",
		"Author-email: A <a@b-c.d>":                            "",
		"Author-email: <a@b.org>":                              "",
		"Author-email: A <a@b.org":                             `email: Author-email "A <a@b.org" is not an e-mail address`,
		"Author-email: a@b.org>":                               `email: Author-email "a@b.org>" is not an e-mail address`,
		"Author-email: @b.org":                                 `email: Author-email "@b.org" is not an e-mail address`,
		"Author-email: .a@b.org":                               `email: Author-email ".a@b.org" is not an e-mail address`,
		"Author-email: a.@b.org":                               `email: Author-email "a.@b.org" is not an e-mail address`,
		"Author-email: a..b@c.org":                             `email: Author-email "a..b@c.org" is not an e-mail address`,
		"Author-email: a.b@c.org":                              "",
		"Author-email: a@b..org":                               `email: Author-email "a@b..org" is not an e-mail address`,
		"Author-email: a@-b.org":                               `email: Author-email "a@-b.org" is not an e-mail address`,
		"Author-email: a@b-.org":                               `email: Author-email "a@b-.org" is not an e-mail address`,
		`Author-email: "A\", B" <a@b.org>, nobody`:             `email: Author-email "nobody" is not an e-mail address`,
		`Author-email: \"A, B" <a@b.org>`:                      "",
		"Home-page: UNKNOWN":                                   "",
		"Home-page: http://example.org":                        "",
		"Home-page: https:/example.org":                        `url: Home-page "https:/example.org" is not an http or https URL`,
		"Download-URL: http://%zz":                             `url: Download-URL "http://%zz" is not an http or https URL`,
		"Project-URL: , https://e.org":                         `url: Project-URL ", https://e.org" has not the form LABEL, URL`,
		"Project-URL: Docs,":                                   `url: Project-URL "Docs," has not the form LABEL, URL`,
	})
	_, got := read(t, "Home-page: a\nDownload-URL: b")
	if want := []string{`url: Home-page "a" is not an http or https URL`, `url: Download-URL "b" is not an http or https URL`}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestClassifierData: comments of the list are not classifiers.
func TestClassifierData(t *testing.T) {
	for name := range knownClassifiers() {
		if !strings.Contains(name, " :: ") || strings.ContainsAny(name[:1], "#- ") {
			t.Errorf("%q", name)
		}
	}
}
