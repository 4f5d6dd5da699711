package audit

import (
	"bytes"
	"testing"
)

// TestConfirmedClaims: a claim stands when it is kept and no measured policy
// lies between it and the floor; otherwise the exact floor does.
func TestConfirmedClaims(t *testing.T) {
	for _, c := range []struct{ fixture, claim, tag, floor string }{
		{"ext-x86_64-gnu2.25.so", "manylinux_2_25_x86_64", "manylinux_2_25_x86_64", "manylinux_2_25_x86_64"},
		{"ext-x86_64-gnu2.25.so", "manylinux_2_26_x86_64", "manylinux_2_26_x86_64", "manylinux_2_25_x86_64"},
		{"ext-x86_64-gnu2.25.so", "manylinux_2_26_x86_64.manylinux_2_28_x86_64", "manylinux_2_26_x86_64", "manylinux_2_25_x86_64"},
		{"ext-x86_64-gnu2.25.so", "manylinux_2_28_x86_64", "manylinux_2_25_x86_64", "manylinux_2_25_x86_64"}, // 2_26 lies between
		{"ext-x86_64-gnu2.25.so", "manylinux2014_x86_64", "manylinux_2_25_x86_64", "manylinux_2_25_x86_64"},  // not kept
		{"ext-x86_64-gnu2.25.so", "linux_x86_64", "manylinux_2_25_x86_64", "manylinux_2_25_x86_64"},
		{"ext-x86_64-gnu2.30.so", "manylinux_2_31_x86_64", "manylinux_2_31_x86_64", "manylinux_2_30_x86_64"},
		{"ext-x86_64-gnu2.30.so", "linux_x86_64", "manylinux_2_30_x86_64", "manylinux_2_30_x86_64"},
		{"ext-x86_64-gnu2.17.so", "manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_17_x86_64"},
		{"ext-x86_64-gnu2.17.so", "manylinux_2_17_aarch64", "manylinux_2_17_x86_64", "manylinux_2_17_x86_64"},
		{"need-x86_64-glibc2.99.so", "manylinux_2_99_x86_64", "manylinux_2_99_x86_64", "manylinux_2_99_x86_64"},
		{"lib-x86_64-foo.so", "manylinux_2_17_x86_64", "linux_x86_64", "linux_x86_64"},
	} {
		w := pack(t, map[string]string{"demo.so": c.fixture})
		r, err := New(loading).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-"+c.claim+".whl")
		if err != nil {
			t.Fatal(err)
		}
		if r.PlatformTag != c.tag || r.FloorTag != c.floor {
			t.Errorf("%s as %s: %s over %s, want %s over %s", c.fixture, c.claim, r.PlatformTag, r.FloorTag, c.tag, c.floor)
		}
	}
}
