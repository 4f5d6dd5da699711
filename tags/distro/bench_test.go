package distro

import "testing"

func BenchmarkParse(b *testing.B) {
	for _, word := range []string{"debian:11/arm64", "python:3.11-slim-bullseye", "3.12@manylinux_2_28_x86_64", "ubi9/ubi-minimal:9.4-1214.1726694543"} {
		b.Run(word, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(word, none); err != nil && codeOf(err) != CodeNoPython {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkUnknown(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("3.12@debain:bulseye", none); err == nil {
			b.Fatal("known")
		}
	}
}

// BenchmarkFirst is what the first call in a process pays on top.
func BenchmarkFirst(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		readTables()
	}
}
