package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newTags(c *invocation) *cobra.Command {
	var described targetFlags
	var limit int
	cmd := &cobra.Command{
		Use: "tags --target T", Short: "list the compatible tags of a target in order",
		Long: "Lists every tag that an installer accepts on the target, most preferred first, in the exact order of the profile's tool.\n\n" + aboutTargets,
		Example: `  # what Python 3.11 on Debian 11 prefers
  wheeltag tags --target 3.11@debian:11/arm64 --limit 5
  # uv's list for free-threaded Python
  wheeltag tags --target 3.13t@manylinux_2_28_x86_64 --profile uv --format json`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) > 0:
				return usagef("tags takes no arguments; name the target with --target %s", args[0])
			case limit < 0:
				return usagef("--limit must be 0 or more; 0 shows all")
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			targets, err := described.read(c)
			if err != nil {
				return err
			}
			return c.showTags(targets, limit)
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		described.add(f)
		described.addProfile(f)
		f.IntVar(&limit, "limit", 0, "show only the first `N` tags")
	})
	return cmd
}

// tagsRecord is the JSON object of tags.
type tagsRecord struct {
	Schema  string       `json:"schema"`
	Target  targetRecord `json:"target"`
	Profile string       `json:"profile"`
	Count   int          `json:"count"`
	Tags    []string     `json:"tags"`
}

// showTags writes the list of each target, of several below their names, or its
// first limit tags unless that is 0.
func (c *invocation) showTags(targets []target, limit int) error {
	for i, t := range targets {
		list := make([]string, 0, t.Len())
		for tag := range t.Tags() {
			if list = append(list, tag.String()); len(list) == limit {
				break
			}
		}
		if c.json {
			if err := c.writeJSON(tagsRecord{"wheeltag.tags/v1", describeTarget(t), t.Profile().String(), t.Len(), list}); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			c.out.WriteByte('\n')
		}
		if len(targets) > 1 {
			fmt.Fprintf(c.out, "%s:\n", t.Name())
		}
		if _, err := c.out.WriteString(strings.Join(list, "\n") + "\n"); err != nil {
			return err
		}
	}
	return nil
}
