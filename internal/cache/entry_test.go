package cache

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEntries: what was stored is found by its key and version, and damage is noticed.
func TestEntries(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, "1", 1<<20)
	if got := c.Get("a"); got != nil {
		t.Errorf("%q before it was stored", got)
	}
	c.Put("a", []byte("one"))
	c.Put("a", []byte("two"))
	closeCache(t, c)
	for _, test := range []struct{ version, key, want string }{{"1", "a", "two"}, {"1", "b", ""}, {"2", "a", ""}} {
		if got := open(t, dir, test.version, 1<<20).Get(test.key); string(got) != test.want {
			t.Errorf("version %s, key %s: %q; want %q", test.version, test.key, got, test.want)
		}
	}
	path := c.entry(byKey, "a", "1")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(text, []byte("two"), []byte("too"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := open(t, dir, "1", 1<<20).Get("a"); got != nil {
		t.Errorf("damaged: %q", got)
	}
}

// TestEntriesNotWritten: a cache that cannot be written says so once, at its end.
func TestEntriesNotWritten(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, "1", 1<<20)
	if err := os.WriteFile(filepath.Join(dir, byKey), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	c.Put("a", []byte("one"))
	c.Put("b", []byte("two"))
	if err := c.Close(); err == nil || !strings.Contains(err.Error(), byKey) {
		t.Errorf("error %v", err)
	}
	if c.Get("a") != nil {
		t.Error("a value from nowhere")
	}
}

// TestEntriesLimit: entries count for the limit of the directory.
func TestEntriesLimit(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, "1", 100)
	c.Put("a", bytes.Repeat([]byte("x"), 200))
	closeCache(t, c)
	if c.Get("a") != nil {
		t.Error("a value that is larger than the cache was kept")
	}
}
