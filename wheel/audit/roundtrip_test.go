package audit

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// TestReportIsData: a report that went through JSON answers every question as the
// fresh one does: it hides nothing.
func TestReportIsData(t *testing.T) {
	var places []distro.Description
	for _, word := range []string{"debian:12/amd64", "debian:12/arm64", "alpine:3.20/amd64", "alpine:3.12/amd64", "centos:7/amd64", "ubuntu:24.04/s390x"} {
		d, err := distro.Parse("3.11@"+word, distro.Options{})
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, d)
	}
	compared := 0
	for _, folder := range []string{"wheels", "wheels-bad", "wheels-differ"} {
		paths, err := filepath.Glob(filepath.Join(fixtures, folder, "*.whl"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			fresh, err := File(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(fresh)
			if err != nil {
				t.Fatal(err)
			}
			var kept Report
			if err := json.Unmarshal(text, &kept); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(Explain(fresh), Explain(&kept)); diff != "" {
				t.Errorf("%s: explained (-fresh +kept):\n%s", fresh.File, diff)
			}
			for _, tag := range []string{"manylinux_2_5", "manylinux_2_28", "manylinux_2_34_aarch64", "musllinux_1_1", "musllinux_1_2"} {
				a, unmetA, errA := fresh.Qualifies(tag, nil)
				b, unmetB, errB := kept.Qualifies(tag, nil)
				if a != b || errA != nil || errB != nil || !cmp.Equal(unmetA, unmetB) {
					t.Errorf("%s as %s: fresh %v %v, kept %v %v", fresh.File, tag, a, unmetA, b, unmetB)
				}
			}
			for _, d := range places {
				a, b := loads.OnRelease(fresh.Code(), d.Platform, d.Release), loads.OnRelease(kept.Code(), d.Platform, d.Release)
				if diff := cmp.Diff(a, b); diff != "" {
					t.Errorf("%s on %v: (-fresh +kept):\n%s", fresh.File, d.Platform, diff)
				}
			}
			compared++
		}
	}
	if compared < 50 {
		t.Errorf("only %d wheels compared", compared)
	}
}
