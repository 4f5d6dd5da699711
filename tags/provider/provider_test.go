package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// show writes features as text; long lists are cut in the middle.
func show(features []tags.VariantFeature) string {
	var b strings.Builder
	for _, f := range features {
		values := f.Values
		if len(values) > 6 {
			values = slices.Concat(values[:3], []string{"..."}, values[len(values)-3:])
		}
		b.WriteString(f.Namespace + "::" + f.Name + "=" + strings.Join(values, ",") + ";")
	}
	return b.String()
}

func TestDescribe(t *testing.T) {
	for text, want := range map[string]string{
		"x86_64::level=v3":              "x86_64::level=v3,v2,v1;",
		"x86_64::level=v1":              "x86_64::level=v1;",
		"other::a=1 , 2 , b = 3":        "other::a=1,2;other::b=3;",
		"a::f=1,g=2":                    "a::f=1;a::g=2;",
		"nvidia::sm=100":                "nvidia::sm_arch=100_real,100_virtual;",
		"nvidia::sm=1.1":                "nvidia::sm_arch=11_real,10_real,10_virtual;",
		" x86_64 :: level = v4 ":        "x86_64::level=v4,v3,v2,v1;",
		"nvidia::sm=8.9":                "nvidia::sm_arch=89_real,88_real,87_real,...,81_real,80_real,80_virtual;",
		"nvidia::sm=90":                 "nvidia::sm_arch=90_real,90_virtual;",
		"nvidia::sm=12.0":               "nvidia::sm_arch=120_real,120_virtual;",
		"nvidia::cuda=11.0":             "nvidia::cuda_version_lower_bound=11.0,11;nvidia::cuda_version_upper_bound=15.20,15.19,15.18,...,11.3,11.2,11.1;",
		"nvidia::cuda=15.20.7":          "nvidia::cuda_version_lower_bound=15.20,15.19,15.18,...,11.1,11.0,11;nvidia::cuda_version_upper_bound=;",
		"nvidia::sm=9.0,cuda=13":        "nvidia::cuda_version_lower_bound=13.0,13,12.20,...,11.1,11.0,11;nvidia::cuda_version_upper_bound=15.20,15.19,15.18,...,13.3,13.2,13.1;nvidia::sm_arch=90_real,90_virtual;",
		"nvidia::sm_arch=90_real":       "nvidia::sm_arch=90_real;",
		"other::a=x,1.5,b=y":            "other::a=x,1.5;other::b=y;",
		"aarch64::version=8.2a,8.1a,8a": "aarch64::version=8.2a,8.1a,8a;",
	} {
		got, err := Describe(text)
		if err != nil || show(got) != want {
			t.Errorf("%s: %s, %v\nwant %s", text, show(got), err, want)
		}
	}
	for text, want := range map[string]string{
		"":                      "write NAMESPACE::FEATURE=VALUE",
		"x86_64":                "write NAMESPACE::FEATURE=VALUE",
		"X::level=v3":           "write NAMESPACE::FEATURE=VALUE",
		"x86_64::level":         "is not FEATURE=VALUE",
		"x86_64::=v3":           "is not FEATURE=VALUE",
		"x86_64::level=":        "is not FEATURE=VALUE",
		"x86_64::level=V3":      "is not FEATURE=VALUE",
		"x86_64::level=v5":      "level is v1, v2, v3 or v4",
		"x86_64::level=v3,v2":   "level takes one value",
		"nvidia::cuda=x":        "CUDA version of the driver",
		"nvidia::cuda=12.x":     "CUDA version of the driver",
		"nvidia::cuda=12.9,sm=": "is not FEATURE=VALUE",
		"nvidia::sm=9":          "", // 9.0
		"nvidia::cuda=12.9,13":  "cuda takes one value",
		"nvidia::sm=9.0,8.0":    "sm takes one value",
		"nvidia::cuda=1001":     "CUDA version of the driver",
		"nvidia::cuda=12.1001":  "CUDA version of the driver",
		"nvidia::cuda=0":        "CUDA version of the driver",
		"nvidia::sm=9.10":       "compute capability",
		"nvidia::sm=0.1":        "compute capability",
	} {
		got, err := Describe(text)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", text, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %s, %v; want %q", text, show(got), err, want)
		}
	}
	for n, ok := range map[int]bool{maxValues: true, maxValues + 1: false} {
		if _, err := Describe("a::b=" + strings.Repeat("x,", n-1) + "x"); (err == nil) != ok {
			t.Errorf("%d values: %v", n, err)
		}
	}
}

func TestShort(t *testing.T) {
	for text, want := range map[string]string{
		"x86_64_v3": "x86_64::level=v3,v2,v1;", "sm8.0": "nvidia::sm_arch=80_real,80_virtual;", "x86_64_v": "", "v3": "", "sm9.0,cuda=12": "", "": "", "x86_64_v3=a": "",
	} {
		got, err := Short(text)
		if show(got) != want || (err != nil) != (want == "") {
			t.Errorf("%q: %s, %v; want %q", text, show(got), err, want)
		}
	}
	if got, err := Short("cuda12.9"); err != nil || len(got) != 2 || got[0].Values[0] != "12.9" {
		t.Errorf("%s, %v", show(got), err)
	}
}

// TestMerge: a later description replaces an earlier one, and the order is the
// provider's.
func TestMerge(t *testing.T) {
	f := func(text string) []tags.VariantFeature {
		list, err := Describe(text)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := show(Merge(f("y::b=1"), f("z::b=2"))); got != "y::b=1;z::b=2;" {
		t.Error(got)
	}
	got := show(Merge(f("z::b=1"), f("nvidia::new=1"), f("nvidia::sm=9.0"), f("z::a=1"), f("z::b=2")))
	if want := "nvidia::sm_arch=90_real,90_virtual;nvidia::new=1;z::b=2;z::a=1;"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestFind(t *testing.T) {
	if p, ok := Find("nvidia"); !ok || p.Package != "nvidia-variant-provider" || p.PluginAPI != "nvidia_variant_provider.plugin:NvidiaVariantPlugin" || p.Release != "0.0.1" {
		t.Errorf("%+v, %t", p, ok)
	}
	if p, ok := Find("x86_64"); !ok || DefaultAPI(p.Package) != p.PluginAPI {
		t.Errorf("%+v, %t", p, ok)
	}
	if _, ok := Find("cpu"); ok {
		t.Error("cpu has a provider")
	}
}
