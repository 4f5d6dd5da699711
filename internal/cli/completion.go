package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/tags/fleet"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

func completionCommand() *command {
	return &command{
		name: "completion", summary: "completion for bash, zsh or fish", usage: "bash|zsh|fish",
		about: "Writes a script that completes commands, flags, targets, formats and rule ids. For bash: source <(wheeltag completion bash). For zsh: source <(wheeltag completion zsh). For fish: wheeltag completion fish | source.",
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

// completionWords gives what may follow a flag or command, for those where that is known:
// "--profile", "rules". What depends on a wheeltag.toml is not among it.
func completionWords() map[string][]string {
	var targets, rules []string
	for r := range distro.Releases() {
		targets = append(targets, r.Name())
	}
	for _, s := range fleet.Sets() {
		targets = append(targets, "@"+s.Name)
	}
	for r := range finding.Rules() {
		rules = append(rules, r.ID)
	}
	return map[string][]string{
		"--target": append(targets, "@fleet", "host", "root:", "image:"), "--profile": {"packaging", "pip", "uv"},
		"rules": rules, "completion": {"bash", "zsh", "fish"}, "help": commandNames(),
	}
}

// bashScript completes words, and for the rest files. Bash parts words at colons,
// so the word so far is put together again, and what it has before the last colon
// is taken off the answers.
const bashScript = `_wheeltag() {
    local IFS=$' \t\n'
    local at=$COMP_CWORD word=${COMP_WORDS[COMP_CWORD]} before words formats files=yes
    while [ "$at" -gt 2 ] && { [ "${COMP_WORDS[at]}" = : ] || [ "${COMP_WORDS[at-1]}" = : ]; }; do
        at=$((at-1)); word=${COMP_WORDS[at]}$word
    done
    before=${COMP_WORDS[at-1]}
    if [ "$word" = = ]; then word=; before=${COMP_WORDS[at-1]}
    elif [ "$before" = = ]; then before=${COMP_WORDS[at-2]}; fi
    if [ "$COMP_CWORD" -eq 1 ]; then words='%s' files=
    else case ${COMP_WORDS[1]} in
%s    esac
    case $before in
%s    esac; fi
    case $word in -*) files=;; esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    case $word in *:*) case $COMP_WORDBREAKS in *:*) COMPREPLY=("${COMPREPLY[@]#"${word%%:*}:"}");; esac;; esac
    if [ -n "$files" ]; then
        local IFS=$'\n'
        COMPREPLY+=($(compgen -f -- "$word"))
    fi
}
complete -o filenames -F _wheeltag wheeltag
`

func completeBash(c *call) {
	known := completionWords()
	var commandCases, flagCases strings.Builder // with what bash 3.2 and zsh understand
	for _, cmd := range commands() {
		words := known[cmd.name]
		eachFlag(cmd, func(f *pflag.Flag) { words = append(words, "--"+f.Name) })
		fmt.Fprintf(&commandCases, "        %s) words='%s' formats='%s'", cmd.name, strings.Join(words, " "), strings.Join(cmd.allFormats(), " "))
		if known[cmd.name] != nil {
			commandCases.WriteString(" files=")
		}
		commandCases.WriteString(";;\n")
	}
	flagCases.WriteString("        --format) words=$formats files=;;\n")
	fmt.Fprintf(&flagCases, "        --profile) words='%s' files=;;\n", strings.Join(known["--profile"], " "))
	fmt.Fprintf(&flagCases, "        --target|-t) words='%s' files=;;\n", strings.Join(known["--target"], " "))
	fmt.Fprintf(c.out, bashScript, strings.Join(commandNames(), " "), commandCases.String(), flagCases.String())
}

func completeFish(c *call) {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" }
	known := completionWords()
	for _, cmd := range commands() {
		if words := known[cmd.name]; words != nil {
			fmt.Fprintf(c.out, "complete -c wheeltag -n '__fish_seen_subcommand_from %s' -f -a %s\n", cmd.name, quote(strings.Join(words, " ")))
		}
		fmt.Fprintf(c.out, "complete -c wheeltag -n __fish_use_subcommand -f -a %s -d %s\n", cmd.name, quote(cmd.summary))
		eachFlag(cmd, func(f *pflag.Flag) {
			about := fmt.Sprintf("-l %s -d %s", f.Name, quote(strings.ReplaceAll(f.Usage, "`", "")))
			if f.Shorthand != "" {
				about += " -s " + f.Shorthand
			}
			words := known["--"+f.Name]
			if f.Name == "format" {
				words = cmd.allFormats()
			}
			switch {
			case words != nil:
				about += " -x -a " + quote(strings.Join(words, " "))
			case f.NoOptDefVal == "":
				about += " -r"
			}
			fmt.Fprintf(c.out, "complete -c wheeltag -n '__fish_seen_subcommand_from %s' %s\n", cmd.name, about)
		})
	}
}
