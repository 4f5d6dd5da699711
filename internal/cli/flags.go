package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/spelling"
)

// choice is the value of a flag that takes one of a few words.
type choice struct {
	value *string
	words []string
}

func (v choice) String() string {
	if v.value == nil { // of the zero choice that pflag compares with
		return ""
	}
	return *v.value
}

func (v choice) Set(word string) error {
	if !slices.Contains(v.words, word) {
		return errors.New("want " + orList(v.words))
	}
	*v.value = word
	return nil
}

func (v choice) Type() string { return "string" }

// addChoice adds a flag that takes one of the words, the first if it is not given.
func addChoice(f *pflag.FlagSet, value *string, name, usage string, words ...string) {
	*value = words[0]
	f.Var(choice{value, words}, name, usage)
}

var colourWords = []string{"auto", "always", "never"}

// addFlags notes the flags of a command: its own, --color, --help and --format,
// with the formats of its results if those are more than text and json. They are added
// when the command is used, as most runs need those of one command.
func (c *invocation) addFlags(cmd *cobra.Command, own func(*pflag.FlagSet), formats ...string) {
	c.flags[cmd] = func(f *pflag.FlagSet) {
		words := formats
		if len(words) == 0 {
			words = []string{"text", "json"}
		}
		addChoice(f, &c.format, "format", "write results as `FORMAT`: "+orList(words), words...)
		addChoice(f, &c.colour, "color", "use colour `WHEN`: "+orList(colourWords), colourWords...)
		f.BoolP("help", "h", false, "show this help")
		if own != nil {
			own(f)
		}
	}
}

// ready adds the flags of commands.
func (c *invocation) ready(commands ...*cobra.Command) {
	for _, cmd := range commands {
		if add := c.flags[cmd]; add != nil {
			delete(c.flags, cmd)
			add(cmd.Flags())
		}
	}
}

// formats lists what --format of a command takes.
func formats(cmd *cobra.Command) []string {
	if f := cmd.Flags().Lookup("format"); f != nil {
		return f.Value.(choice).words
	}
	return nil
}

// flagError turns an error of the flag parser into one for users.
func (c *invocation) flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown) && !cmd.HasParent() && cmd.Flags().NArg() > 0:
		return unknownCommand(cmd, cmd.Flags().Arg(0)) // which is why the flag is unknown
	case errors.As(err, &unknown):
		return usagef("%v%s", err, c.unknownFlagHint(cmd, unknown))
	case errors.As(err, &missing):
		return usagef("--%s needs a value", missing.GetFlag().Name)
	case errors.As(err, &invalid):
		flag, value := invalid.GetFlag(), invalid.GetValue()
		switch flag.Value.Type() {
		case "int":
			return usagef("--%s %s: want a whole number", flag.Name, value)
		case "bool":
			return usagef("--%s=%s: the flag takes no value", flag.Name, value)
		}
		return usagef("--%s %s: %v", flag.Name, value, errors.Unwrap(err))
	}
	return usagef("%v", err)
}

// unknownFlagHint says what to write in place of a flag that a command does not
// have: a format as the value of --format, a flag with a similar name, or a command
// that has it.
func (c *invocation) unknownFlagHint(cmd *cobra.Command, unknown *pflag.NotExistError) string {
	name := unknown.GetSpecifiedName()
	if unknown.GetSpecifiedShortnames() != "" {
		return ""
	}
	if slices.Contains(formats(cmd), name) {
		return "; did you mean --format " + name + "?"
	}
	var elsewhere []string
	c.ready(cmd.Root().Commands()...)
	for _, other := range cmd.Root().Commands() {
		if other.Flags().Lookup(name) != nil {
			elsewhere = append(elsewhere, other.Name())
		}
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	near := spelling.Suggest(name, known)
	switch {
	case len(elsewhere) == 1:
		return "; only " + elsewhere[0] + " has it"
	case len(elsewhere) > 1:
		return "; only " + andList(elsewhere) + " have it"
	case near != "":
		return "; did you mean --" + near + "?"
	}
	return ""
}

// orList joins words: "text, json or html".
func orList(words []string) string { return joinLast(words, " or ") }

// andList joins words: "tags, compat and select".
func andList(words []string) string { return joinLast(words, " and ") }

func joinLast(words []string, conjunction string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + conjunction + words[last]
}

// didYouMean suggests the known word that a mistyped one is most like, if any is.
func didYouMean(word string, known []string) string {
	if near := spelling.Suggest(strings.ToLower(word), known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
