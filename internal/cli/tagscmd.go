package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

func tagsCommand() *command {
	var described targetFlags
	var limit int
	return &command{
		name: "tags", summary: "the ordered compatible tags of a target", usage: "--target T",
		about: "Lists every tag that an installer accepts on the target, most preferred first, exactly as the profile's tool orders them.\n\n" + aboutTargets,
		examples: []example{
			{line: "tags --target 3.11@debian:11/arm64 --limit 5", says: "what Python 3.11 on Debian 11 prefers"},
			{line: "tags --target 3.13t@manylinux_2_28_x86_64 --profile uv --format json", says: "uv's list for free-threaded Python"},
		},
		flags: func(f *pflag.FlagSet) {
			described.add(f)
			f.IntVar(&limit, "limit", 0, "show the first `N` only")
		},
		run: func(c *call) error {
			if len(c.args) > 0 {
				return usagef("tags takes no arguments; name the target with --target %s", c.args[0])
			}
			if limit < 0 {
				return usagef("--limit must be 0 or more; 0 shows all")
			}
			targets, err := described.read(c)
			if err != nil {
				return err
			}
			for i, t := range targets {
				list := make([]string, 0, t.Len())
				for tag := range t.Tags() {
					if list = append(list, tag.String()); limit > 0 && len(list) == limit {
						break
					}
				}
				if c.json {
					err = c.writeJSON(struct {
						Schema  string       `json:"schema"`
						Target  targetRecord `json:"target"`
						Profile string       `json:"profile"`
						Count   int          `json:"count"`
						Tags    []string     `json:"tags"`
					}{"wheeltag.tags/v1", describeTarget(t), t.Profile().String(), t.Len(), list})
				} else {
					if i > 0 {
						c.out.WriteByte('\n')
					}
					if len(targets) > 1 {
						fmt.Fprintf(c.out, "%s:\n", t.Name())
					}
					_, err = c.out.WriteString(strings.Join(list, "\n") + "\n")
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}
