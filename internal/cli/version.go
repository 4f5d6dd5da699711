package cli

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/wheeltag/wheeltag/internal/reference"
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

// followed are the tools that are named.
var followed = []string{"packaging", "pip", "uv", "auditwheel"}

func (c *invocation) showVersion() error {
	v := versionRecord{
		Schema: "wheeltag.version/v1", Version: cmp.Or(buildVersion(), "(devel)"),
		Reference: map[string]string{},
	}
	for _, tool := range followed {
		v.Reference[tool] = reference.Version(tool)
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Go = info.GoVersion
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
	fmt.Fprintf(c.out, "follows packaging %s, pip %s, uv %s and auditwheel %s where right\n",
		v.Reference["packaging"], v.Reference["pip"], v.Reference["uv"], v.Reference["auditwheel"])
	return nil
}

// buildVersion is the version of the program, "" where the build has none.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "(devel)" {
		return ""
	}
	return info.Main.Version
}
