package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

func completionCommand() *command {
	return &command{
		name: "completion", summary: "completion for bash, zsh or fish", usage: "bash|zsh|fish",
		about: "Writes a script that completes commands and flags. For bash: source <(wheeltag completion bash). For zsh: source <(wheeltag completion zsh). For fish: wheeltag completion fish | source.",
		examples: []example{
			{line: "completion bash", says: "a script for bash"},
			{line: "completion fish", says: "a script for fish"},
		},
		run: func(c *call) error {
			if len(c.args) != 1 {
				return usagef("name one shell: bash, zsh or fish")
			}
			switch c.args[0] {
			case "bash":
				completeBash(c)
			case "zsh":
				fmt.Fprint(c.out, "autoload -U +X bashcompinit && bashcompinit\n")
				completeBash(c)
			case "fish":
				completeFish(c)
			default:
				return usagef("unknown shell %q; want bash, zsh or fish", c.args[0])
			}
			return nil
		},
	}
}

// eachFlag calls f with each long flag of a command.
func eachFlag(cmd *command, f func(*pflag.Flag)) {
	cmd.flagSet().VisitAll(f)
}

func completeBash(c *call) {
	fmt.Fprintf(c.out, "_wheeltag() {\n    local word=${COMP_WORDS[COMP_CWORD]} words\n    if [ \"$COMP_CWORD\" -eq 1 ]; then words='%s'\n    else case ${COMP_WORDS[1]} in\n",
		strings.Join(commandNames(), " "))
	for _, cmd := range commands() {
		var words []string
		eachFlag(cmd, func(f *pflag.Flag) { words = append(words, "--"+f.Name) })
		fmt.Fprintf(c.out, "        %s) words='%s';;\n", cmd.name, strings.Join(words, " "))
	}
	fmt.Fprint(c.out, "    esac; fi\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n    [ \"${word#-}\" = \"$word\" ] && [ \"$COMP_CWORD\" -gt 1 ] && COMPREPLY+=($(compgen -f -- \"$word\"))\n}\ncomplete -o filenames -F _wheeltag wheeltag\n")
}

func completeFish(c *call) {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" }
	for _, cmd := range commands() {
		fmt.Fprintf(c.out, "complete -c wheeltag -n __fish_use_subcommand -f -a %s -d %s\n", cmd.name, quote(cmd.summary))
		eachFlag(cmd, func(f *pflag.Flag) {
			fmt.Fprintf(c.out, "complete -c wheeltag -n '__fish_seen_subcommand_from %s' -l %s -d %s\n", cmd.name, f.Name, quote(strings.ReplaceAll(f.Usage, "`", "")))
		})
	}
}
