package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/retag"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(c *invocation) *cobra.Command {
	cmd := &cobra.Command{
		Use: "completion bash|zsh|fish|powershell", Short: "write a completion script for a shell",
		Long: "Writes a script that makes a shell complete commands, flags and values: releases, images, machines, names from wheeltag.toml, rule ids and more. For bash: source <(wheeltag completion bash). For zsh: source <(wheeltag completion zsh). For fish: wheeltag completion fish | source. For PowerShell: wheeltag completion powershell | Out-String | Invoke-Expression. Add the line to the start-up file of the shell. Bash needs the bash-completion package.",
		Example: `  # a script for bash
  wheeltag completion bash
  # a script for fish
  wheeltag completion fish`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("name one shell: %s", orList(shells))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(c.out, true)
			case "zsh":
				return root.GenZshCompletion(c.out)
			case "fish":
				return root.GenFishCompletion(c.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(c.out)
			}
			return usagef("unknown shell %q; want %s", args[0], orList(shells))
		},
	}
	c.addFlags(cmd, nil)
	return cmd
}

// words completes to some words and nothing else.
func words(list ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return withPrefix(list, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// directories completes to directories.
func directories(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// addCompletions says what may follow each flag and command; files may where
// nothing is said. Only a shell that asks needs it.
func addCompletions(root *cobra.Command) {
	var policies []string
	for _, p := range manylinux.Known().All() {
		policies = append(policies, p.Name)
	}
	policies = append(policies, "musllinux_1_1", "musllinux_1_2")
	platforms := []string{retag.Auto, "any"}
	for _, policy := range policies {
		platforms = append(platforms, policy+"_x86_64", policy+"_aarch64")
	}
	var rules, commands []string
	for r := range finding.Rules() {
		rules = append(rules, cobra.CompletionWithDesc(r.ID, r.Title))
	}
	for _, cmd := range root.Commands() {
		commands = append(commands, cobra.CompletionWithDesc(cmd.Name(), cmd.Short))
	}
	flags := map[string]cobra.CompletionFunc{
		"arch": words(allMachines()...), "cache": directories, "config": cobra.FixedCompletions([]string{"toml"}, cobra.ShellCompDirectiveFilterFileExt),
		"glibc": words(libcVersions("glibc")...), "musl": words(libcVersions("musl")...), "out": directories, "fix": directories,
		"policy": words(policies...),
		"select": words(rules...), "ignore": words(rules...), "warn": words(rules...), "error": words(rules...), "index": completeIndex,
		"profile": words("packaging", "packaging@26.2", "pip", "uv", "uv+variants"), "python": words(allPythons()...),
		"require": requireWords(policies), "root": directories, "target": completeTargets,
	}
	arguments := map[string]cobra.CompletionFunc{
		"completion": oneOf(shells), "detect": words(), "help": oneOf(commands), "index": directories,
		"rules": words(rules...), "tags": words(), "targets": completeTargetWords, "version": words(),
	}
	of := map[string]map[string]cobra.CompletionFunc{ // where a flag has another meaning
		"retag": {"python": words("py3", "py2.py3"), "abi": words("none", "abi3"), "platform": words(platforms...)},
	}
	for _, cmd := range root.Commands() {
		cmd.ValidArgsFunction = arguments[cmd.Name()]
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			complete := flags[f.Name]
			if own := of[cmd.Name()][f.Name]; own != nil {
				complete = own
			}
			if v, ok := f.Value.(choice); ok {
				complete = words(v.words...)
			}
			if complete != nil {
				// The only error is that it was said before.
				_ = cmd.RegisterFlagCompletionFunc(f.Name, complete)
			}
		})
	}
}

// oneOf completes the first argument only.
func oneOf(list []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return withPrefix(list, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// requireWords completes to the known policies and those of the configuration.
func requireWords(policies []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		list := slices.Clone(policies)
		path, _ := cmd.Flags().GetString("config")
		if c, err := readConfig(path); err == nil {
			for _, p := range c.Policies {
				list = append(list, p.Name)
			}
		}
		return withPrefix(list, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeIndex completes to the known indexes and those of the configuration.
func completeIndex(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	list := []string{finding.PyPI().Name, finding.NoIndex().Name}
	path, _ := cmd.Flags().GetString("config")
	if c, err := readConfig(path); err == nil {
		for _, i := range c.Indexes {
			list = append(list, i.Name)
		}
	}
	return withPrefix(list, typed), cobra.ShellCompDirectiveNoFileComp
}

// withPrefix keeps the words that begin as typed.
func withPrefix(list []string, typed string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(w string) bool { return !strings.HasPrefix(w, typed) })
}
