package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func BenchmarkCompatStdin(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "names", "wheel-names.txt"))
	if err != nil {
		b.Skip("the list of real names is not there")
	}
	n := bytes.Count(text, []byte("\n"))
	for b.Loop() {
		run(context.Background(), []string{"compat", "--target", "3.13@debian:13/x86_64", "-"}, streams{in: bytes.NewReader(bytes.Repeat(text, 20)), out: io.Discard, err: io.Discard})
	}
	b.ReportMetric(float64(b.N*n*20)/b.Elapsed().Seconds(), "names/s")
}
