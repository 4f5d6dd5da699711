package report

import (
	"regexp"
	"sync"

	"github.com/ianlancetaylor/demangle"
)

// mangled matches the names of C++ and Rust in texts.
var mangled = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b_[ZR][A-Za-z0-9_.$]+`) })

// The limits on a name: longer ones are left as they are, which is what a name of many
// nested templates is better read as.
const (
	maxMangled      = 512
	maxDemangledPow = 8 // a power of 2
)

// Demangle puts readable names in place of those that compilers of C++ and Rust make,
// such as std::random_device::_M_getentropy() for _ZNSt13random_device13_M_getentropyEv.
// JSON has them as they stand in the files.
func Demangle(text string) string {
	return mangled().ReplaceAllStringFunc(text, func(name string) string {
		if len(name) > maxMangled {
			return name
		}
		readable, err := demangle.ToString(name, demangle.MaxLength(maxDemangledPow), demangle.NoClones)
		if err != nil || len(readable) >= 1<<maxDemangledPow {
			return name
		}
		return readable
	})
}
