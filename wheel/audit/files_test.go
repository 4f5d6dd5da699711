package audit

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFiles: many files at once come in order, each as if it were audited alone,
// and an error belongs to its path.
func TestFiles(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(fixtures, "wheels", "*.whl"))
	if err != nil || len(paths) < 5 {
		t.Fatal(paths, err)
	}
	paths = slices.Insert(paths, 2, "nowhere.whl")
	i := 0
	for got, err := range New(Options{Jobs: 4}).Files(t.Context(), slices.Values(paths)) {
		want, wantErr := File(t.Context(), paths[i])
		if (err == nil) != (wantErr == nil) {
			t.Errorf("%s: %v, want %v", paths[i], err, wantErr)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-alone +among others):\n%s", paths[i], diff)
		}
		i++
	}
	if i != len(paths) {
		t.Errorf("%d of %d files", i, len(paths))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for r, err := range New(Options{}).Files(ctx, slices.Values(paths)) {
		t.Errorf("after the end: %v, %v", r, err)
	}
}
