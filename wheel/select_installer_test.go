package wheel

import (
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// TestSelectAsInstallers holds what pip 26.3 and uv 0.13.8 took when each list
// was offered to them, on CPython 3.11 on x86_64 Linux with glibc. uv 0.12.24
// was asked about two of the lists and agreed.
func TestSelectAsInstallers(t *testing.T) {
	const (
		pure      = "-py3-none-any.whl"
		manylinux = "-cp311-cp311-manylinux_2_17_x86_64.whl"
		linux     = "-cp311-cp311-linux_x86_64.whl"
		foreign   = "-cp312-cp312-win_amd64.whl"
	)
	for _, c := range []struct {
		names   []string
		pip, uv string
	}{
		{[]string{"a-2.0rc1" + pure, "a-1.0" + foreign}, "a-2.0rc1" + pure, "a-2.0rc1" + pure},
		{[]string{"a-1.0rc1" + pure, "a-1.0" + foreign}, "a-1.0rc1" + pure, "a-1.0rc1" + pure},
		{[]string{"a-2.0rc1" + pure, "a-1.0" + pure}, "a-1.0" + pure, "a-1.0" + pure},
		{[]string{"a-2.0rc1" + pure, "a-2.0rc2" + pure}, "a-2.0rc2" + pure, "a-2.0rc2" + pure},
		{[]string{"a-2.0.dev1" + pure, "a-1.0" + pure}, "a-1.0" + pure, "a-1.0" + pure},
		{[]string{"a-1.0.post1" + pure, "a-1.0" + pure}, "a-1.0.post1" + pure, "a-1.0.post1" + pure},
		{[]string{"a-1.0+x" + pure, "a-1.0" + pure}, "a-1.0+x" + pure, "a-1.0+x" + pure},
		{[]string{"a-1.0" + pure, "a-1.0.0" + pure}, "a-1.0.0" + pure, "a-1.0" + pure},
		{[]string{"a-1.0-2" + pure, "a-1.0-10" + pure, "a-1.0" + pure}, "a-1.0-10" + pure, "a-1.0-10" + pure},
		{[]string{"a-1.0-1a" + pure, "a-1.0-1" + pure}, "a-1.0-1a" + pure, "a-1.0-1a" + pure},
		{[]string{"a-1.0-9" + pure, "a-1.0" + manylinux}, "a-1.0" + manylinux, "a-1.0" + manylinux},
		{[]string{"a-1.1" + pure, "a-1.0" + manylinux}, "a-1.1" + pure, "a-1.1" + pure},
		{[]string{"a-1.0" + manylinux, "a-1.0" + linux}, "a-1.0" + linux, "a-1.0" + manylinux},
		{[]string{"a-2.0" + foreign, "a-1.0" + pure}, "a-1.0" + pure, "a-1.0" + pure},
	} {
		for profile, want := range map[tags.Profile]string{tags.Pip: c.pip, tags.UV: c.uv} {
			platform := tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 36}}
			target, err := tags.New(tags.Python{Major: 3, Minor: 11}, platform, profile)
			if err != nil {
				t.Fatal(err)
			}
			choices := Select(target, candidates(t, c.names...), SelectOptions{})
			if len(choices) != 1 || taken(choices[0]) != want {
				t.Errorf("%s takes %s of %q, want %s", profile, taken(choices[0]), c.names, want)
			}
		}
	}
}
