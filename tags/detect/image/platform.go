package image

import "strings"

// Platform is what an image is built for, in the words of the image itself:
// "linux", "arm", "v7". The fields of a plain root file system are empty.
type Platform struct {
	OS           string // "linux", "windows"
	Architecture string // Go's names: "amd64", "arm64", "arm", "386", "ppc64le"
	Variant      string // "v7" of "arm/v7"; mostly empty
	OSVersion    string // of Windows images, "10.0.20348.2113"; mostly empty
}

// String writes a platform as docker does: "linux/arm/v7". The version of the
// operating system follows a colon. An empty platform is "unknown".
func (p Platform) String() string {
	if p == (Platform{}) {
		return "unknown"
	}
	s := p.OS + "/" + p.Architecture
	if p.Variant != "" {
		s += "/" + p.Variant
	}
	if p.OSVersion != "" {
		s += ":" + p.OSVersion
	}
	return s
}

// normal drops what the names leave open: arm64 is arm64/v8 and arm is arm/v7
// to every container tool.
func (p Platform) normal() Platform {
	switch {
	case p.Architecture == "arm64" && (p.Variant == "v8" || p.Variant == "8"):
		p.Variant = ""
	case p.Architecture == "arm" && p.Variant == "":
		p.Variant = "v7"
	}
	return p
}

// unknown says that a manifest is not an image at all: builders list their
// attestations with the images as unknown/unknown.
func (p Platform) unknown() bool {
	return p.OS == "unknown" && p.Architecture == "unknown"
}

// choose finds the one candidate for p. An empty p means the only one there
// is; an operating system version that p leaves open may be any.
func choose(list []candidate, p Platform) (candidate, *Error) {
	if p == (Platform{}) && len(list) == 1 {
		return list[0], nil
	}
	// Exactly as written first, so that each of Platforms finds its image.
	for _, c := range list {
		if c.platform == p {
			return c, nil
		}
	}
	// A machine without its variant is no less exact than the names allow:
	// arm/v6 does not fit arm, which is arm/v7.
	var fits []candidate
	want := p.normal()
	for _, c := range list {
		have := c.platform.normal()
		if want.OSVersion == "" {
			have.OSVersion = ""
		}
		if have == want {
			fits = append(fits, c)
		}
	}
	switch len(fits) {
	case 1:
		return fits[0], nil
	case 0:
		return candidate{}, fault(CodePlatform, "there is no image for %v; choose one of %s", p, names(list))
	}
	return candidate{}, fault(CodePlatform, "more than one image is for %v; choose one of %s", p, names(fits))
}

// names lists platforms for a message.
func names(list []candidate) string {
	const most = 20
	var s []string
	for i, c := range list {
		if i == most {
			s = append(s, "...")
			break
		}
		s = append(s, c.platform.String())
	}
	return strings.Join(s, ", ")
}
