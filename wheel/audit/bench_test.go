package audit

import (
	"context"
	"path/filepath"
	"testing"
)

// BenchmarkAudit audits all of the published wheels, one member at a time.
func BenchmarkAudit(b *testing.B) {
	paths, err := filepath.Glob(filepath.Join(published, "*.whl"))
	if err != nil || len(paths) == 0 {
		b.Skip("the folder of real wheels is not there")
	}
	a := New(Options{})
	b.ReportAllocs()
	for b.Loop() {
		unpacked := int64(0)
		for _, path := range paths {
			r, err := a.File(context.Background(), path)
			if err != nil {
				b.Fatal(err)
			}
			unpacked += r.Read.Unpacked
		}
		b.SetBytes(unpacked)
	}
}
