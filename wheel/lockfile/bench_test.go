package lockfile

import (
	"bytes"
	"os"
	"testing"
)

// BenchmarkRead reads a uv.lock of 1.1 MB; the aim is 20 ms.
func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"web/uv.lock", "web/pylock.toml", "web/requirements.txt"} {
		b.Run(name, func(b *testing.B) {
			data, err := os.ReadFile(sharedLock(b, name))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(bytes.NewReader(data), name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNeeded(b *testing.B) {
	l, err := ReadFile(sharedLock(b, "web/uv.lock"))
	if err != nil {
		b.Fatal(err)
	}
	env := environment("3.11.4", "linux", "x86_64")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Needed(env, Selection{}); err != nil {
			b.Fatal(err)
		}
	}
}
