package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/tags/fleet"
	"github.com/wheeltag/wheeltag/tags/provider"
	"github.com/wheeltag/wheeltag/tags/resolver"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// targetFlags describe targets on the command line.
type targetFlags struct {
	words   []string
	options distro.Options
	profile string
	variant []string
	config  string
	own     *config.Config // what config names; see configuration
}

// configuration reads the configuration file once for all that ask for a part of it.
func (t *targetFlags) configuration() (*config.Config, error) {
	if t.own == nil {
		own, err := readConfig(t.config)
		if err != nil {
			return nil, err
		}
		t.own = own
	}
	return t.own, nil
}

func (t *targetFlags) add(f *pflag.FlagSet) {
	t.profile = "packaging"
	f.StringArrayVarP(&t.words, "target", "t", nil, "`[PYTHON@]PLATFORM`, such as debian:11/arm64, a name from wheeltag.toml or a @set; may be repeated")
	f.StringVar(&t.config, "config", "", "read `FILE` instead of the nearest wheeltag.toml")
	f.StringVar(&t.options.Python, "python", "", "use Python `VERSION`, such as 3.12 or 3.13t")
	f.StringVar(&t.options.Arch, "arch", "", "use `MACHINE`, such as arm64")
	f.StringVar(&t.options.Glibc, "glibc", "", "use glibc `VERSION`, such as 2.31")
	f.StringVar(&t.options.Musl, "musl", "", "use musl `VERSION`, such as 1.2")
}

// addProfile adds the flag of the commands that list or match tags.
func (t *targetFlags) addProfile(f *pflag.FlagSet) {
	f.StringVar(&t.profile, "profile", "packaging", "use the tags of `TOOL`: packaging, pip, uv, or uv+variants for uv with wheel variants; packaging@26.2 for the older order")
	f.StringArrayVar(&t.variant, "variant", nil, "with --profile uv+variants: what the targets support of wheel variants, as `NS::FEATURE=VALUE`, such as x86_64::level=v3 or nvidia::cuda=12.9,sm=9.0; may be repeated")
}

// aboutTargets is the part of a command's help that they share.
const aboutTargets = `A target is [PYTHON@]PLATFORM. A PLATFORM is a release (debian:11, ubuntu:22.04, alpine:3.20), an image (python:3.11-slim-bullseye), a platform tag (manylinux_2_28_aarch64), a triple (aarch64-unknown-linux-gnu) or a container platform (linux/arm64, with --glibc or --musl). The machine follows after a slash; the default is x86_64. With --profile uv+variants, +x86_64_v3 behind a target describes the level of its processor. Without PYTHON, a release means its own python3. root:DIR, image:FILE and host mean the python3 of a root file system, a container image or this machine, which is read and never run. A name from wheeltag.toml means its targets, @fleet all of them, @NAME a built-in set; 'wheeltag targets' lists all names.`

// target is what a word means.
type target = resolver.Target

// read readies the targets.
func (t *targetFlags) read(c *invocation) ([]target, error) {
	if len(t.words) == 0 {
		return nil, usagef("name a target, as in --target debian:11/arm64")
	}
	profile, err := readProfile(t.profile)
	if err != nil {
		return nil, err
	}
	own, err := t.configuration()
	if err != nil {
		return nil, err
	}
	r := newResolver(own)
	r.Profile, r.Options = profile, t.options
	if r.Variants, err = t.variants(profile); err != nil {
		return nil, err
	}
	var targets []target
	for _, word := range t.words {
		found, err := r.Resolve(word)
		if err != nil {
			return nil, targetError(r, err)
		}
		for _, one := range found {
			if one.VariantFeatures() != nil && !profile.Variants() {
				return nil, usagef("%s describes wheel variants, which matter to --profile uv+variants only", word)
			}
			for _, a := range one.Assumed {
				c.sayAssumption(a)
			}
		}
		targets = append(targets, found...)
	}
	return targets, nil
}

// variants reads --variant.
func (t *targetFlags) variants(profile tags.Profile) ([]tags.VariantFeature, error) {
	if len(t.variant) > 0 && !profile.Variants() {
		return nil, usagef("--variant describes wheel variants, which matter to --profile uv+variants only")
	}
	var all []tags.VariantFeature
	for _, text := range t.variant {
		features, err := provider.Describe(text)
		if err != nil {
			return nil, usagef("--variant: %v", err)
		}
		all = provider.Merge(all, features)
	}
	return all, nil
}

// sayAssumption tells what was taken for granted. A release's own Python is what
// people mean.
func (c *invocation) sayAssumption(a resolver.Assumption) {
	switch {
	case c.quiet, a.Kind == resolver.AssumedPython:
	case a.Kind == resolver.AssumedMachine:
		c.logf("%s (write %s/arm64, or --arch)", a, a.Word)
	default:
		c.logf("%s", a)
	}
}

// targetError makes a wrong word a usage error, with what this command knows
// besides: which file has the names, and how to name another. A root that cannot be
// read stays what it is.
func targetError(r *resolver.Resolver, err error) error {
	var wrong *resolver.Error
	if !errors.As(err, &wrong) {
		return err
	}
	var unknown *distro.UnknownError
	var set *fleet.Error
	names := r.Fleet.Names()
	switch {
	case wrong.Code == resolver.CodeNoFleet && r.Fleet.File != "":
		return usagef("@fleet means the targets of %s, which has none; add a [[targets]] row with a platform", r.Fleet.File)
	case wrong.Code == resolver.CodeNoFleet:
		return usagef("@fleet means the targets of %s, but there is none in this directory or above; create one, or use --config", config.Name)
	case errors.As(err, &set) && !strings.Contains(wrong.Word, "/"):
		return usagef("%v, and @fleet for those of %s", err, config.Name)
	case errors.As(err, &unknown) && unknown.Part == distro.PartPlatform && len(names) > 0:
		return usagef("%v (%s has %s)", err, r.Fleet.File, report.Some(names))
	}
	return usagef("%v", err)
}

// readAny readies the targets of a command that can do without. Flags that would
// describe one are then a mistake, which must not pass for an answer, but for those
// that the command has another use for.
func (t *targetFlags) readAny(c *invocation, used ...string) ([]target, error) {
	if len(t.words) > 0 {
		return t.read(c)
	}
	for _, f := range []struct{ name, value, unset string }{
		{"python", t.options.Python, ""}, {"arch", t.options.Arch, ""}, {"glibc", t.options.Glibc, ""},
		{"musl", t.options.Musl, ""}, {"variant", strings.Join(t.variant, " "), ""}, {"config", t.config, ""}, {"profile", t.profile, "packaging"},
	} {
		if f.value != f.unset && !slices.Contains(used, f.name) {
			return nil, usagef("--%s describes a target; add one, as in --target debian:11/arm64", f.name)
		}
	}
	return nil, nil
}

// newOrder is the version of packaging, and of pip, that changed the order of tags.
var newOrder = mustVersion("26.3")

func mustVersion(text string) pep440.Version {
	v, err := pep440.Parse(text)
	if err != nil {
		panic(err)
	}
	return v
}

// readProfile reads "packaging", "packaging@26.2", "pip" or "uv@0.13". The
// order of tags changed in packaging 26.3, and in the pip that has it inside.
func readProfile(text string) (tags.Profile, error) {
	tool, version, pinned := strings.Cut(text, "@")
	old := false
	if pinned {
		v, err := pep440.Parse(version)
		if err != nil {
			return 0, usagef("profile %q: %q is not a version such as 26.2", text, version)
		}
		old = v.Compare(newOrder) < 0
	}
	switch {
	case tool == "packaging" && old:
		return tags.Packaging262, nil
	case tool == "packaging":
		return tags.Packaging, nil
	case tool == "pip" && old:
		return 0, usagef("profile %q: only pip 26.3 and newer is known; packaging@26.2 has the older order", text)
	case tool == "pip":
		return tags.Pip, nil
	case tool == "uv":
		return tags.UV, nil
	case tool == "uv+variants":
		return tags.UVVariants, nil
	}
	return 0, usagef("unknown profile %q; want packaging, pip, uv or uv+variants%s", text, didYouMean(tool, []string{"packaging", "pip", "uv", "uv+variants"}))
}

// targetRecord is a target in the JSON output.
type targetRecord struct {
	Name           string   `json:"name"`
	Implementation string   `json:"implementation"`
	Python         string   `json:"python"`
	ABIs           []string `json:"abis,omitempty"`
	OS             string   `json:"os"`
	Arch           string   `json:"arch"`
	Libc           string   `json:"libc,omitempty"`
	LibcVersion    string   `json:"libc_version,omitempty"`
	Version        string   `json:"version,omitempty"`
}

func describeTarget(t target) targetRecord {
	py, p := t.Python(), t.Platform()
	r := targetRecord{Name: t.Name(), Implementation: py.Implementation, ABIs: py.ABIs, OS: p.OS.String(), Arch: p.Arch}
	if r.Implementation == "" {
		r.Implementation = "cpython"
	}
	r.Python = py.Version()
	if p.Libc.Family != tags.NoLibc {
		r.Libc = p.Libc.Family.String()
		r.LibcVersion = fmt.Sprintf("%d.%d", p.Libc.Major, p.Libc.Minor)
	}
	switch p.OS {
	case tags.MacOS, tags.IOS:
		r.Version = fmt.Sprintf("%d.%d", p.Major, p.Minor)
	case tags.Android:
		r.Version = fmt.Sprint(p.Major)
	case tags.Emscripten:
		r.Version = p.PyEmscripten
	}
	return r
}
