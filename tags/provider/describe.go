package provider

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// maxValues bounds the values of a description.
const maxValues = 1000

// Describe reads NAMESPACE::FEATURE=VALUE, with further values of the feature or
// further features of the namespace after commas:
//
//	x86_64::level=v3                a level, with the levels below it
//	nvidia::cuda=12.9,sm=9.0        the CUDA version of the driver; compute capability
//	mycorp::fabric=fast,slow        any other feature: the values, best first
//
// The words level, cuda and sm are expanded to what the providers answer; their own
// features, such as sm_arch, are taken as written.
func Describe(text string) ([]tags.VariantFeature, error) {
	namespace, rest, ok := strings.Cut(text, "::")
	namespace, rest = strings.TrimSpace(namespace), strings.TrimSpace(rest)
	if !ok || !isName(namespace) {
		return nil, fmt.Errorf("%.100q does not describe a variant feature; write NAMESPACE::FEATURE=VALUE, as in x86_64::level=v3", text)
	}
	var features []tags.VariantFeature
	for item := range strings.SplitSeq(rest, ",") {
		item = strings.TrimSpace(item)
		name, value, ok := strings.Cut(item, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok && len(features) > 0 {
			last := &features[len(features)-1]
			last.Values = append(last.Values, item)
			value = item
		} else {
			features = append(features, tags.VariantFeature{Namespace: namespace, Name: name, Values: []string{value}})
		}
		last := features[len(features)-1]
		if !isName(last.Name) || !isValue(value) || len(last.Values) > maxValues {
			return nil, fmt.Errorf("%.100q: %.100q is not FEATURE=VALUE with lower-case letters, digits and underscores, as in level=v3", text, item)
		}
	}
	var expanded []tags.VariantFeature
	for _, f := range features {
		list, err := expand(f)
		if err != nil {
			return nil, fmt.Errorf("%.100q: %w", text, err)
		}
		expanded = append(expanded, list...)
	}
	return Merge(expanded), nil
}

// Short reads the short form of a description: x86_64_v3 is x86_64::level=v3,
// cuda12.9 is nvidia::cuda=12.9, sm9.0 is nvidia::sm=9.0.
func Short(text string) ([]tags.VariantFeature, error) {
	for _, short := range []struct{ prefix, long string }{{"x86_64_v", "x86_64::level=v"}, {"cuda", "nvidia::cuda="}, {"sm", "nvidia::sm="}} {
		if value, ok := strings.CutPrefix(text, short.prefix); ok && value != "" && !strings.Contains(value, ",") {
			return Describe(short.long + value)
		}
	}
	return nil, fmt.Errorf("%.100q is not a short form such as x86_64_v3, cuda12.9 or sm9.0; use --variant NAMESPACE::FEATURE=VALUE", text)
}

// expand gives the features that the provider would answer for a description.
func expand(f tags.VariantFeature) ([]tags.VariantFeature, error) {
	switch f.Namespace + "::" + f.Name {
	case "x86_64::level":
		return levels(f)
	case "nvidia::cuda":
		return cuda(f)
	case "nvidia::sm":
		return compute(f)
	}
	return []tags.VariantFeature{f}, nil
}

// single returns the one value of a description.
func single(f tags.VariantFeature) (string, error) {
	if len(f.Values) != 1 {
		return "", fmt.Errorf("%s takes one value, what the machine has; what that includes is known", f.Name)
	}
	return f.Values[0], nil
}

// levels are the given level of x86-64 and those below it.
func levels(f tags.VariantFeature) ([]tags.VariantFeature, error) {
	all := []string{"v4", "v3", "v2", "v1"}
	value, err := single(f)
	if err != nil {
		return nil, err
	}
	at := slices.Index(all, value)
	if at < 0 {
		return nil, fmt.Errorf("level is v1, v2, v3 or v4")
	}
	f.Values = all[at:]
	return []tags.VariantFeature{f}, nil
}

// The CUDA versions that the NVIDIA provider of uv 0.13.9 lists (measured).
const (
	cudaFirst    = 11 // major
	cudaLast     = 15
	cudaMinor    = 20 // the last minor of each major
	largestMajor = 1000
)

// cuda gives the bounds that the CUDA version of a driver satisfies: a lower bound up to
// it, and an upper bound above it. A bare major is X.0, and comes after it.
func cuda(f tags.VariantFeature) ([]tags.VariantFeature, error) {
	value, err := single(f)
	if err != nil {
		return nil, err
	}
	major, minor, ok := version(value)
	if !ok {
		return nil, fmt.Errorf("cuda is the CUDA version of the driver, as in cuda=12.9")
	}
	lower := tags.VariantFeature{Namespace: f.Namespace, Name: "cuda_version_lower_bound"}
	upper := tags.VariantFeature{Namespace: f.Namespace, Name: "cuda_version_upper_bound"}
	for x := cudaLast; x >= cudaFirst; x-- {
		for y := cudaMinor; y >= 0; y-- {
			list := &upper
			if x < major || x == major && y <= minor {
				list = &lower
			}
			list.Values = append(list.Values, fmt.Sprintf("%d.%d", x, y))
			if y == 0 {
				list.Values = append(list.Values, strconv.Itoa(x))
			}
		}
	}
	return []tags.VariantFeature{lower, upper}, nil
}

// compute gives the GPU architectures whose code a compute capability runs: machine
// code of the same major up to its minor, and the intermediate code of X.0.
func compute(f tags.VariantFeature) ([]tags.VariantFeature, error) {
	value, err := single(f)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(value, ".") && len(value) > 1 {
		value = value[:len(value)-1] + "." + value[len(value)-1:]
	}
	major, minor, ok := version(value)
	if !ok || minor > 9 {
		return nil, fmt.Errorf("sm is the compute capability of the GPU, as in sm=9.0 or sm=90")
	}
	arch := tags.VariantFeature{Namespace: f.Namespace, Name: "sm_arch"}
	for y := minor; y >= 0; y-- {
		arch.Values = append(arch.Values, fmt.Sprintf("%d%d_real", major, y))
	}
	arch.Values = append(arch.Values, fmt.Sprintf("%d0_virtual", major))
	return []tags.VariantFeature{arch}, nil
}

// version reads X or X.Y; what follows a second dot is ignored.
func version(text string) (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(text, ".")
	second, _, _ := strings.Cut(rest, ".")
	if second == "" {
		second = "0"
	}
	major, err := strconv.Atoi(first)
	if err != nil || major < 1 || major > largestMajor {
		return 0, 0, false
	}
	minor, err = strconv.Atoi(second)
	return major, minor, err == nil && minor >= 0 && minor <= largestMajor
}

// isName reports whether text is a namespace or feature: ^[a-z0-9_]+$.
func isName(text string) bool { return text != "" && strings.Trim(text, nameChars) == "" }

// isValue reports whether text is a value: ^[a-z0-9_.]+$.
func isValue(text string) bool { return text != "" && strings.Trim(text, nameChars+".") == "" }

const nameChars = "abcdefghijklmnopqrstuvwxyz0123456789_"
