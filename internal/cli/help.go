package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

func overview(w io.Writer) {
	fmt.Fprint(w, `wheeltag answers three questions about Python wheels, without Python, a
container or an emulator: will it install there, does its machine code keep the
promise of its file name, and which wheel would an installer take.

Usage: wheeltag COMMAND [flags] ARGS

`)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-11s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, `
Exit status: 0 yes, 1 a definite no, 2 wrong usage, 3 no answer for some input.
'wheeltag help COMMAND' shows flags and examples.
`)
}

func helpCommand() *command {
	return &command{
		name: "help", summary: "how to use a command", usage: "[COMMAND]",
		about:    "Shows the commands, or the usage, flags and examples of one.",
		examples: []example{{line: "help compat", says: "how to ask what fits"}},
		run: func(c *call) error {
			switch len(c.args) {
			case 0:
				overview(c.out)
				return nil
			case 1:
				cmd := find(c.args[0])
				if cmd == nil {
					return usagef("unknown command %q%s", c.args[0], didYouMean(c.args[0], commandNames()))
				}
				describe(c.out, cmd)
				return nil
			}
			return usagef("help takes one command at most")
		},
	}
}

// describe writes the help of one command.
func describe(w io.Writer, cmd *command) {
	fmt.Fprintf(w, "%s\n\nUsage: wheeltag %s %s\n\n%s\n", sentenceCase(cmd.summary), cmd.name, strings.TrimSpace("[flags] "+cmd.usage), wrap(cmd.about, 80, ""))
	fmt.Fprintf(w, "\nFlags:\n%s", cmd.flagSet().FlagUsagesWrapped(80))
	if len(cmd.examples) > 0 {
		fmt.Fprintln(w, "\nExamples:")
	}
	for _, e := range cmd.examples {
		fmt.Fprintf(w, "  # %s\n  wheeltag %s\n", e.says, e.line)
	}
}

func sentenceCase(s string) string {
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// wrap breaks text at spaces into lines of at most width bytes, each after the
// indentation. Paragraphs, parted by an empty line, stay apart.
func wrap(text string, width int, indent string) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString("\n\n")
		}
		column := 0
		for _, word := range strings.Fields(paragraph) {
			word = plain(word)
			switch {
			case column == 0:
				b.WriteString(indent)
				column = len(indent)
			case column+1+utf8.RuneCountInString(word) > width:
				b.WriteString("\n" + indent)
				column = len(indent)
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += utf8.RuneCountInString(word)
		}
	}
	return b.String()
}

// hang writes text after a prefix, further lines below its start.
func hang(prefix, text string) string {
	prefix = plain(prefix)
	return prefix + strings.TrimLeft(wrap(text, 80, strings.Repeat(" ", utf8.RuneCountInString(prefix))), " ")
}
