package tags

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/machine"
)

// explainSpelling recognises platform tags of the target's own system that name a
// machine as other tools do, such as linux_arm64. Installers compare tags as text,
// so that such a wheel fits nothing. The code is empty for any other tag.
func (t *Target) explainSpelling(text string) candidate {
	family, word, _ := strings.Cut(text, "_")
	switch family {
	case "linux", "win", "manylinux1", "manylinux2010", "manylinux2014":
	case "manylinux", "musllinux", "macosx":
		word = afterVersion(text)
	default:
		return candidate{}
	}
	// Old kernels do report i386 and the like; such a Python accepts linux_i386.
	if t.platform.OS == Linux && word == "i386" {
		return candidate{}
	}
	name := wordForTag(t.platform.OS, word)
	if name == "" {
		return candidate{}
	}
	better := strings.TrimSuffix(text, word) + name
	if better == "win_x86" {
		better = "win32"
	}
	return never("no installer accepts %s; write %s", text, better)
}

// wordForTag gives the name that platform tags have for a machine, "" for a word
// that is one already and for words that mean no machine.
func wordForTag(os OS, word string) string {
	for _, m := range machine.On(os.String()) {
		if m.Name == word {
			return ""
		}
	}
	for _, m := range machine.On(os.String()) {
		if slices.Contains(m.Words, word) {
			return m.Name
		}
	}
	return ""
}
