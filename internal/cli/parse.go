package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

// maxExpanded bounds --expand.
const maxExpanded = 10_000

func newParse(c *invocation) *cobra.Command {
	var strict, expand bool
	profile := "packaging"
	cmd := &cobra.Command{
		Use: "parse NAME...", Short: "show the fields of wheel file names",
		Long: "Reads wheel file names as packaging 26.3 does and shows their parts. The names of variant wheels (PEP 825) are errors for packaging and pip; --profile uv reads them. A NAME is a file name, the path of an existing file, a directory of wheels, or - to read names from standard input. For an invalid name, the reason and the position are reported.",
		Example: `  # the parts of one name
  wheeltag parse numpy-2.3.4-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl
  # also require the normal form that PyPI wants
  wheeltag parse --strict Foo.Bar-1.0-py3-none-any.whl
  # a variant wheel, as uv reads it
  wheeltag parse --profile uv demo-1.0-cp312-cp312-manylinux_2_28_x86_64-x86_64_v3.whl
  # every tag, for a script
  wheeltag parse --format json --expand six-1.17.0-py2.py3-none-any.whl`,
		Args: needWheels,
		RunE: func(*cobra.Command, []string) error {
			reader, err := readProfile(profile)
			if err != nil {
				return err
			}
			return c.parseNames(reader, strict, expand)
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		f.StringVar(&profile, "profile", profile, "read names as `TOOL` does: packaging, pip or uv")
		f.BoolVar(&strict, "strict", false, "require normal form and sorted tag sets")
		f.BoolVar(&expand, "expand", false, fmt.Sprintf("list all tags, up to %d", maxExpanded))
	})
	return cmd
}

// parseNames shows the parts of each name.
func (c *invocation) parseNames(reader tags.Profile, strict, expand bool) error {
	for in, err := range c.inputs(acceptNames) {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			c.reportError("%v", err)
			if err := c.nameError(in.name, err); err != nil {
				return err
			}
			continue
		}
		n, err := wheel.ParseName(in.name)
		if err == nil {
			err = n.ReadableBy(reader)
		}
		if err == nil && strict {
			err = c.strictly(&n)
		}
		if err := c.showName(in.name, &n, err, expand); err != nil {
			return err
		}
	}
	return nil
}

// parseRecord is the JSON object of parse.
type parseRecord struct {
	Schema            string       `json:"schema"`
	Filename          string       `json:"filename"`
	Name              string       `json:"name,omitempty"`
	NormalizedName    string       `json:"normalized_name,omitempty"`
	Version           string       `json:"version,omitempty"`
	NormalizedVersion string       `json:"normalized_version,omitempty"`
	Build             *buildRecord `json:"build,omitempty"`
	Python            []string     `json:"python,omitempty"`
	ABI               []string     `json:"abi,omitempty"`
	Platform          []string     `json:"platform,omitempty"`
	Variant           string       `json:"variant,omitempty"`
	Count             int          `json:"count,omitempty"`
	Tags              []string     `json:"tags,omitempty"`
	Error             *errorRecord `json:"error,omitempty"`
}

type buildRecord struct {
	Number json.Number `json:"number"`
	Suffix string      `json:"suffix"`
}

type errorRecord struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// errNotNormal marks a name that is a wheel's, but not as it should be written.
var errNotNormal = errors.New("not in normal form")

// strictly reports every departure from normal form and gives the first.
func (c *invocation) strictly(n *wheel.Name) error {
	var first error
	for departure := range n.NormalizationErrors() {
		c.logf("%v", departure)
		if first == nil {
			first = errors.Join(departure, errNotNormal)
		}
	}
	if first != nil {
		c.fail()
	}
	return first
}

// describeError gives the stable code and the message of a name's fault; other
// errors have the code "unreadable".
func describeError(err error) errorRecord {
	var fault *wheel.NameError
	if errors.As(err, &fault) {
		return errorRecord{string(fault.Code), fault.Error()}
	}
	return errorRecord{"unreadable", err.Error()}
}

// badName adds to the error of an input that is neither a wheel's name nor a file.
func badName(in input, err error) error {
	var fault *wheel.NameError
	if errors.As(err, &fault) && fault.Code == wheel.CodeExtension && in.path == "" {
		return fmt.Errorf("%w; no such file or directory either", err)
	}
	return err
}

// nameError writes the object of a name without an answer.
func (c *invocation) nameError(filename string, err error) error {
	if !c.json {
		return nil
	}
	e := describeError(err)
	return c.writeJSON(parseRecord{Schema: "wheeltag.parse/v1", Filename: filename, Error: &e})
}

func (c *invocation) showName(filename string, n *wheel.Name, err error, expand bool) error {
	if err != nil {
		if !errors.Is(err, errNotNormal) {
			c.reportError("%v", err)
		}
		return c.nameError(filename, err)
	}
	var list []string
	if expand {
		if n.Tags.Len() > maxExpanded {
			err := fmt.Errorf("%.80s: %d tags are too many for --expand, which lists up to %d", filename, n.Tags.Len(), maxExpanded)
			c.reportError("%v", err)
			return c.nameError(filename, err)
		}
		for t := range n.Tags.Tags() {
			list = append(list, t.String())
		}
	}
	if c.json {
		r := parseRecord{
			Schema: "wheeltag.parse/v1", Filename: filename, Name: n.Distribution, NormalizedName: n.NormalizedName(),
			Version: n.Version.Source(), NormalizedVersion: n.Version.String(),
			Python: slices.Collect(n.Tags.Members(tags.PartInterpreter)), ABI: slices.Collect(n.Tags.Members(tags.PartABI)),
			Platform: slices.Collect(n.Tags.Members(tags.PartPlatform)), Variant: n.Variant, Count: n.Tags.Len(), Tags: list,
		}
		if n.Build.Digits != "" {
			r.Build = &buildRecord{json.Number(n.Build.Number()), n.Build.Suffix}
		}
		return c.writeJSON(r)
	}
	c.printName(n, list)
	return nil
}

func (c *invocation) printName(n *wheel.Name, list []string) {
	fmt.Fprintln(c.out, report.Plain(n.Filename))
	field := func(name, value, normal string) {
		if normal != value && normal != "" {
			value += " (normal form " + normal + ")"
		}
		fmt.Fprintf(c.out, "  %-9s %s\n", name, value)
	}
	field("name", n.Distribution, n.NormalizedName())
	field("version", n.Version.Source(), n.Version.String())
	if n.Build.Digits != "" {
		field("build", n.Build.String(), "")
	}
	for i, part := range []string{"python", "abi", "platform"} {
		members := strings.Join(slices.Collect(n.Tags.Members(tags.Part(i))), " ")
		fmt.Fprintln(c.out, c.style.Hang(fmt.Sprintf("  %-9s ", part), members))
	}
	if n.Variant != "" {
		field("variant", n.Variant, "")
	}
	field("tags", fmt.Sprint(n.Tags.Len()), "")
	for _, t := range list {
		fmt.Fprintf(c.out, "            %s\n", report.Plain(t))
	}
}
