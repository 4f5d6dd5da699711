package pep508

import "testing"

const benchMarker = `(python_full_version >= '3.11' and sys_platform == 'linux') or (platform_machine == 'aarch64' and extra == 'x')`

func BenchmarkParseMarker(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseMarker(benchMarker); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	m, err := ParseMarker(benchMarker)
	if err != nil {
		b.Fatal(err)
	}
	env := linux()
	b.ReportAllocs()
	for b.Loop() {
		if holds, err := m.Eval(env); !holds || err != nil {
			b.Fatal(holds, err)
		}
	}
}

func BenchmarkParseRequirement(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseRequirement("requests[socks]>=2.28,<3; python_version < '3.13'"); err != nil {
			b.Fatal(err)
		}
	}
}
