package lockfile

import "strings"

// option is an option of a requirements file in its long form, with its value.
type option struct{ name, value string }

// optionNames has the long form of each option, and whether a value follows.
var optionNames = map[string]struct {
	long  string
	value bool
}{
	"-r": {"--requirement", true}, "--requirement": {"--requirement", true},
	"-c": {"--constraint", true}, "--constraint": {"--constraint", true},
	"-e": {"--editable", true}, "--editable": {"--editable", true},
	"--hash": {"--hash", true},
	// Without effect on what is needed.
	"-i": {"--index-url", true}, "--index-url": {"--index-url", true}, "--pypi-url": {"--index-url", true},
	"--extra-index-url": {"--extra-index-url", true}, "--no-index": {"--no-index", false},
	"-f": {"--find-links", true}, "--find-links": {"--find-links", true},
	"--no-binary": {"--no-binary", true}, "--only-binary": {"--only-binary", true}, "--prefer-binary": {"--prefer-binary", false},
	"--require-hashes": {"--require-hashes", false}, "--no-require-hashes": {"--no-require-hashes", false},
	"--pre": {"--pre", false}, "--all-releases": {"--all-releases", true}, "--only-final": {"--only-final", true},
	"--trusted-host": {"--trusted-host", true}, "--use-feature": {"--use-feature", true},
	"-C": {"--config-settings", true}, "--config-settings": {"--config-settings", true}, "--config-setting": {"--config-settings", true},
	"--global-option": {"--global-option", true},
}

// parseOptions reads words as options. A value is the next word, or follows an
// equals sign, or directly follows a short name. wrong is a word that is not an
// option or lacks its value. Words between options are ignored, as pip does.
func parseOptions(words []string) (options []option, wrong string) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		if word == "--" {
			return options, ""
		}
		if len(word) < 2 || word[0] != '-' {
			continue
		}
		name, value, has := word, "", false
		if strings.HasPrefix(word, "--") {
			name, value, has = strings.Cut(word, "=")
		} else if len(word) > 2 {
			name, value, has = word[:2], word[2:], true
		}
		o, known := optionNames[name]
		switch {
		case !known, has && !o.value:
			return options, word
		case o.value && !has:
			if i++; i == len(words) {
				return options, word
			}
			value = words[i]
		}
		options = append(options, option{o.long, value})
	}
	return options, ""
}
