package wheel

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// TestSelectMany chooses from very many wheels of one project. Each compared with
// each other, or with a message as long as the longest name, would take long.
func TestSelectMany(t *testing.T) {
	const n = 6_000
	long := strings.Repeat("0", 16_000)
	var list []Candidate
	for _, name := range []string{"a-0!2." + long + "-py3-none-any.whl", "a-1-1-" + strings.Repeat("p", 900_000) + ".py3-none-any.whl"} {
		m, err := ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, Candidate{Name: m})
	}
	for i := range n {
		m, err := ParseName(fmt.Sprintf("a-1-%d-py3-none-any.whl", i))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, Candidate{Name: m, RequiresPython: map[bool]string{true: ">=4"}[i%2 == 0]})
	}
	for _, profile := range []tags.Profile{tags.UV, tags.Pip} {
		s := Select(selectTarget(t, profile), list, SelectOptions{})
		if len(s) != 1 || s[0].Wheel != &list[0] || len(s[0].Rejected) != n+1 {
			t.Fatalf("%s: %d projects", profile, len(s))
		}
		size := 0
		for _, r := range s[0].Rejected {
			size += len(r.Reason.Message) + len(r.Reason.Need)
		}
		if size > n*2000 {
			t.Errorf("%s: %d MB of reasons", profile, size>>20)
		}
	}
	// The best of version 1 is for other Pythons, so that uv drops all of it.
	list[n].RequiresPython, list[n+1].RequiresPython = "", ">=4"
	for profile, code := range map[tags.Profile]tags.ReasonCode{tags.UV: ReasonVersionFalls, tags.Pip: ReasonBuildTag} {
		s := Select(selectTarget(t, profile), list[1:], SelectOptions{})
		for _, r := range s[0].Rejected {
			if r.Wheel == &list[n-1] && r.Reason.Code != code {
				t.Errorf("%s: %s is rejected for %q, want %q", profile, r.Wheel.Name.Filename, r.Reason.Code, code)
			}
		}
	}
}

func TestLongBuild(t *testing.T) {
	for _, n := range []int{1 << 14, 1<<14 + 1} {
		_, err := ParseName("a-1-" + strings.Repeat("1", n) + "-py3-none-any.whl")
		if (err == nil) != (n == 1<<14) {
			t.Errorf("a build tag of %d bytes: %v", n, err)
		}
		if err != nil && !strings.Contains(err.Error(), "longer than 16384") {
			t.Error(err)
		}
	}
}
