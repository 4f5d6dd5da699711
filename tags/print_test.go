package tags

import (
	"fmt"
	"testing"
)

// Values print as what they mean, not as their fields.
func TestPrint(t *testing.T) {
	set, err := ParseSet("py2.py3-none-any")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		value any
		want  string
	}{
		{set, "py2.py3-none-any"},
		{&set, "py2.py3-none-any"},
		{Set{}, ""},
		{Tag{"cp311", "abi3", "any"}, "cp311-abi3-any"},
		{PartPlatform, "platform"},
		{Part(7), "part 7"},
		{Reason{Code: ReasonGlibcVersion, Message: "needs glibc 2.34 or newer"}, "needs glibc 2.34 or newer (glibc-version)"},
		{&Reason{Code: ReasonABI, Message: "needs the ABI x"}, "needs the ABI x (abi)"},
		{Reason{Code: ReasonNever}, "never"},
	} {
		if got := fmt.Sprint(c.value); got != c.want {
			t.Errorf("%T prints as %q, want %q", c.value, got, c.want)
		}
	}
}
