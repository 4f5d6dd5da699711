package audit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

func explained(t *testing.T, tag string, files map[string]string) (*Report, *Explanation) {
	t.Helper()
	w := pack(t, files)
	r, err := New(loading).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-"+tag+".whl")
	if err != nil {
		t.Fatal(err)
	}
	return r, Explain(r)
}

func TestSentences(t *testing.T) {
	one := func(fixture string) map[string]string { return map[string]string{"demo.so": fixture} }
	for _, c := range []struct {
		tag      string
		files    map[string]string
		sentence string
		name     string
	}{
		{"manylinux_2_34_x86_64", one("ext-x86_64-gnu2.34.so"), "This is manylinux_2_34_x86_64, as it claims.", ""},
		{"manylinux2014_x86_64", one("ext-x86_64-gnu2.34.so"), "This is manylinux_2_34_x86_64, though it claims manylinux2014_x86_64.", "manylinux_2_34_x86_64"},
		{"manylinux_2_34_x86_64", one("ext-x86_64-gnu2.17.so"), "This is manylinux_2_17_x86_64; it claims manylinux_2_34_x86_64, which requires a newer system than it needs.", "manylinux2014_x86_64.manylinux_2_17_x86_64"},
		{"manylinux_2_17_x86_64", one("lib-x86_64-foo.so"), "Does not qualify for any manylinux or musllinux tag: it needs libfoo.so.1.", "linux_x86_64"},
		{"manylinux_2_17_x86_64", one("isa-x86_64-v3.so"), "Does not qualify for any manylinux or musllinux tag: it needs a newer processor.", "linux_x86_64"},
		{"linux_x86_64", one("exe-x86_64-static"), "The native code needs no libc, so the wheel qualifies for the tags of both: manylinux_2_5_x86_64, manylinux1_x86_64, musllinux_1_1_x86_64.", "manylinux1_x86_64.manylinux_2_5_x86_64.musllinux_1_1_x86_64"},
		{"any", nil, "No native code in this wheel; it runs wherever its Python code does.", ""},
		{"macosx_11_0_arm64", nil, "No Linux binaries in this wheel; run audit to check its other binaries.", ""},
		{"linux_x86_64", one("ext-x86_64-gnu2.34.so"), "This is manylinux_2_34_x86_64; its tag linux_x86_64 promises nothing about the system.", "manylinux_2_34_x86_64"},
		{"macosx_11_0_arm64", one("ext-x86_64-gnu2.34.so"), "This is manylinux_2_34_x86_64, though it claims macosx_11_0_arm64.", "manylinux_2_34_x86_64"},
		{"manylinux_2_34_x86_64", map[string]string{"demo.so": "ext-x86_64-gnu2.34.so", "other.so": "ext-aarch64-gnu2.17.so"}, "This is manylinux_2_34_x86_64, as it claims, but the audit finds errors in it: WT204.", ""},
		{"linux_x86_64", one("arch-mips64el.so"), "No platform tag exists for native code of this kind.", ""},
		{"musllinux_1_2_x86_64", one("musl-x86_64-atexit.so"), "Does not qualify for any manylinux or musllinux tag: it uses functions that musl lacks.", "linux_x86_64"},
	} {
		_, e := explained(t, c.tag, c.files)
		if e.Sentence != c.sentence {
			t.Errorf("%s: %s", c.tag, e.Sentence)
		}
		want := ""
		if c.name != "" {
			want = "demo-1.0-cp311-cp311-" + c.name + ".whl"
		}
		if e.Filename != want {
			t.Errorf("%s: true name %q, want %q", c.tag, e.Filename, want)
		}
	}
}

// TestLadder: each rung has the needs of the one before and more, and names the
// lowest policy that is reached without them.
func TestLadder(t *testing.T) {
	_, e := explained(t, "manylinux_2_34_x86_64", map[string]string{"demo.so": "ext-x86_64-gnu2.34.so"})
	if len(e.Floor) != 1 || e.Floor[0].Version != "GLIBC_2.34" || e.Floor[0].Kind != "version" || e.Floor[0].Lowest != "manylinux_2_34_x86_64" {
		t.Fatalf("floor %+v", e.Floor)
	}
	if len(e.Floor[0].Symbols) != 1 || e.Floor[0].Symbols[0] != (manylinux.Symbol{Name: "pthread_create"}) {
		t.Errorf("symbols %+v", e.Floor[0].Symbols)
	}
	var got []string
	before := 0
	for _, rung := range e.Steps {
		got = append(got, rung.PlatformTag)
		if len(rung.Remove) <= before {
			t.Errorf("%s removes no more than the rung before", rung.PlatformTag)
		}
		before = len(rung.Remove)
	}
	if text := strings.Join(got, " "); text != "manylinux_2_17_x86_64 manylinux_2_5_x86_64" {
		t.Errorf("ladder %s", text)
	}
	if e.Below != 1 {
		t.Errorf("%d needs below", e.Below)
	}
	_, e = explained(t, "manylinux_2_5_x86_64", map[string]string{"demo.so": "ext-x86_64-gnu2.5.so"})
	if len(e.Floor) != 0 || len(e.Steps) != 0 {
		t.Errorf("the lowest policy has a ladder: %+v", e.Steps)
	}
}

// TestLoadsOn asks about real releases: what the C++ library of a release has
// decides, not its policy.
func TestLoadsOn(t *testing.T) {
	for _, c := range []struct {
		fixture, target string
		want            loads.Status
		missing         string
	}{
		{"ext-x86_64-gnu2.34.so", "debian:12", loads.Yes, ""},
		{"ext-x86_64-gnu2.34.so", "debian:11", loads.No, "GLIBC_2.34 in libc.so.6"},
		{"ext-x86_64-gnu2.34.so", "alpine:3.20", loads.No, "glibc"},
		{"ext-x86_64-gnu2.34.so", "debian:12/arm64", loads.No, "a machine that runs x86_64"},
		{"ext-x86_64-gnu2.34.so", "3.12@macosx_14_0_arm64", loads.No, "Linux"},
		{"cxx-x86_64-glibcxx3.4.25.so", "almalinux:8", loads.Yes, ""}, // manylinux_2_28 stops at 3.4.24
		{"cxx-x86_64-glibcxx3.4.29.so", "almalinux:8", loads.No, "GLIBCXX_3.4.29 in libstdc++.so.6"},
		{"cxx-x86_64-glibcxx3.4.25.so", "3.6@centos:7", loads.Unknown, "GLIBCXX_3.4.25 in libstdc++.so.6"}, // not measured
		{"cxx-x86_64-glibcxx3.4.19.so", "3.6@centos:7", loads.Yes, ""},                                     // promised by the policy
		{"need-x86_64-private.so", "debian:12", loads.No, "GLIBC_PRIVATE in libc.so.6"},
		{"need-x86_64-relr.so", "debian:12", loads.Yes, ""},
		{"need-x86_64-relr.so", "debian:11", loads.No, "GLIBC_ABI_DT_RELR in libc.so.6"},
		{"lib-x86_64-foo.so", "debian:12", loads.No, "libfoo.so.1 from outside the wheel"},
		{"isa-x86_64-v2.so", "debian:12", loads.Unknown, "the level of its processors"},
		{"exe-x86_64-static", "alpine:3.20", loads.Yes, ""},
		{"exe-x86_64-static", "debian:8", loads.Yes, ""},
		{"musl-x86_64-alpine.so", "alpine:3.20", loads.Yes, ""},
		{"musl-x86_64-atexit.so", "alpine:3.20", loads.No, "__cxa_thread_atexit_impl in musl"},
		{"musl-x86_64-alpine.so", "debian:12", loads.No, "musl"},
	} {
		d, err := distro.Parse(c.target, distro.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, _ := explained(t, "linux_x86_64", map[string]string{"demo.so": c.fixture})
		a := loads.OnRelease(r.Code(), d.Platform, d.Release)
		if text := strings.Join(append(a.Missing, a.NoData...), "; "); a.Loads != c.want || text != c.missing {
			t.Errorf("%s on %s: %s, %q; want %s, %q", c.fixture, c.target, a.Loads, text, c.want, c.missing)
		}
	}
	// Without a release only the version of glibc is known.
	r, _ := explained(t, "linux_x86_64", map[string]string{"demo.so": "ext-x86_64-gnu2.34.so"})
	for minor, want := range map[int]loads.Status{33: loads.No, 34: loads.Yes} {
		p := tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: minor}}
		if a := loads.OnRelease(r.Code(), p, nil); a.Loads != want {
			t.Errorf("glibc 2.%d: %s", minor, a.Loads)
		}
	}
}

func TestQualifies(t *testing.T) {
	for _, c := range []struct {
		fixture, tag string
		want         manylinux.Answer
		causes       int
	}{
		{"ext-x86_64-gnu2.34.so", "manylinux_2_34", manylinux.Yes, 0},
		{"ext-x86_64-gnu2.34.so", "manylinux_2_34_x86_64", manylinux.Yes, 0},
		{"ext-x86_64-gnu2.34.so", "manylinux_2_28", manylinux.No, 1},
		{"ext-x86_64-gnu2.34.so", "manylinux2014", manylinux.No, 1},
		{"ext-x86_64-gnu2.34.so", "manylinux_2_5", manylinux.No, 2},
		{"ext-x86_64-gnu2.34.so", "manylinux_2_34_aarch64", manylinux.NotApplicable, 0},
		{"ext-x86_64-gnu2.34.so", "musllinux_1_2", manylinux.NotApplicable, 0},
		{"ext-riscv64-gnu2.27.so", "manylinux_2_17", manylinux.No, 0}, // below the machine's first policy
		{"ext-riscv64-gnu2.27.so", "manylinux_2_31", manylinux.Yes, 0},
		{"lib-x86_64-foo.so", "manylinux_2_44", manylinux.No, 1},
		{"exe-x86_64-static", "musllinux_1_1", manylinux.Yes, 0},
		{"exe-x86_64-static", "manylinux1", manylinux.Yes, 0},
		{"musl-x86_64-alpine.so", "musllinux_1_1", manylinux.Yes, 0},
		{"musl-x86_64-atexit.so", "musllinux_1_2", manylinux.No, 1},
	} {
		machine := "x86_64"
		if strings.Contains(c.fixture, "riscv64") {
			machine = "riscv64"
		}
		r, _ := explained(t, "linux_"+machine, map[string]string{"demo.so": c.fixture})
		got, causes, err := r.Qualifies(c.tag, nil)
		if err != nil || got != c.want || len(causes) != c.causes {
			t.Errorf("%s as %s: %v, %d causes, %v; want %v, %d", c.fixture, c.tag, got, len(causes), err, c.want, c.causes)
		}
	}
	r, _ := explained(t, "linux_x86_64", map[string]string{"demo.so": "ext-x86_64-gnu2.34.so"})
	for _, tag := range []string{"", "linux", "macosx", "manylinux", "2_28"} {
		if _, _, err := r.Qualifies(tag, nil); err == nil {
			t.Errorf("%q is taken for a policy", tag)
		}
	}
}
