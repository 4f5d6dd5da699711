package report

import (
	"strings"
	"testing"
	"time"
)

func TestDemangle(t *testing.T) {
	for text, want := range map[string]string{
		"_ZNKSt13random_device13_M_getentropyEv":                                                       "std::random_device::_M_getentropy() const",
		"needs GLIBCXX_3.4.25 of libstdc++.so.6 (_ZNKSt13random_device13_M_getentropyEv, puts), which": "needs GLIBCXX_3.4.25 of libstdc++.so.6 (std::random_device::_M_getentropy() const, puts), which",
		"_ZTVN10__cxxabiv117__class_type_infoE":                                                        "vtable for __cxxabiv1::__class_type_info",
		"_RNvCs1234_7mycrate3foo":                                                                      "mycrate::foo",
		"puts":                                                                                         "puts",
		"_ZX":                                                                                          "_ZX", // no name of C++
		"my_ZNSt3fooE":                                                                                 "my_ZNSt3fooE",
		"libfoo._Zd.so":                                                                                "libfoo._Zd.so",
		"_Z" + strings.Repeat("N", 600):                                                                "_Z" + strings.Repeat("N", 600),
	} {
		if got := Demangle(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// FuzzDemangle: a hostile name costs little and does not grow without bound.
func FuzzDemangle(f *testing.F) {
	f.Add("_ZNSt3fooIiE")
	f.Add("_ZN1aIS_IS_IS_IS_E")
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		got := Demangle(text)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%q takes %v", text, took)
		}
		if len(got) > len(text)*(1<<maxDemangledPow) {
			t.Errorf("%q becomes %d bytes", text, len(got))
		}
	})
}
