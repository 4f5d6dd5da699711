package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(c *invocation) *cobra.Command {
	cmd := &cobra.Command{
		Use: "version", Short: "show the version of wheeltag",
		Long: "Shows the version of wheeltag, the version of Go that built it, and the tools whose answers it reproduces.",
		Example: `  # for a bug report
  wheeltag version`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return c.showVersion() },
	}
	c.addFlags(cmd, nil)
	return cmd
}

// versionRecord is the JSON object of version.
type versionRecord struct {
	Schema    string            `json:"schema"`
	Version   string            `json:"version"`
	Revision  string            `json:"revision,omitempty"`
	Go        string            `json:"go"`
	Reference map[string]string `json:"reference"`
}

func (c *invocation) showVersion() error {
	v := versionRecord{
		Schema: "wheeltag.version/v1", Version: "(devel)",
		Reference: map[string]string{"packaging": "26.3", "pip": "26.3", "uv": "0.12", "auditwheel": "6.8.2"},
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Go = info.GoVersion
		if info.Main.Version != "" {
			v.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Revision = s.Value
			}
		}
	}
	if c.json {
		return c.writeJSON(v)
	}
	fmt.Fprintf(c.out, "wheeltag %s, built with %s\n", v.Version, v.Go)
	fmt.Fprintln(c.out, "follows packaging 26.3, pip 26.3, uv 0.12 and auditwheel 6.8.2 where right")
	return nil
}
