package csp

import "testing"

// TestPolicy: the hashes are those of openssl dgst -sha256 -binary | base64.
func TestPolicy(t *testing.T) {
	want := "default-src 'none'; style-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='" +
		"; script-src 'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0='; base-uri 'none'; form-action 'none'"
	if got := Policy("a", "b"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := UnixLines("a\r\nb\rc\n"); got != "a\nb\rc\n" {
		t.Errorf("%q", got)
	}
}
