package distro

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/internal/spelling"
	"github.com/wheeltag/wheeltag/tags"
)

// systems are the systems with machines.
var systems = [...]tags.OS{tags.Linux, tags.MacOS, tags.Windows, tags.IOS, tags.Android, tags.Emscripten}

// ParseMachine gives the name that platform tags of a system have for a machine, in
// any letter case: "aarch64" for arm64 on Linux, "arm64" on macOS. The error is an
// *[UnknownError] without a Word, as the word is no whole target.
func ParseMachine(os tags.OS, word string) (string, error) {
	var q query
	return q.machine(os, strings.ToLower(word))
}

// machine is ParseMachine for the query's word. The error lists the machines that
// the system knows.
func (q *query) machine(os tags.OS, word string) (string, error) {
	if name, ok := machineName(os, word); ok {
		return name, nil
	}
	var all []string
	for _, m := range machine.On(os.String()) {
		all = append(all, m.Words...)
	}
	near := spelling.Closest(word, all)
	return "", &UnknownError{Word: q.word, Part: PartMachine, Unknown: word, Nearest: near, Known: machineNames(os)}
}

// machineName gives a machine's name in the platform tags of a system.
func machineName(os tags.OS, word string) (string, bool) {
	list := machine.On(os.String())
	for i := range list {
		if slices.Contains(list[i].Words, word) {
			return list[i].Name, true
		}
	}
	return "", false
}

// machineNames lists the machines of a system in the words of its tags.
func machineNames(os tags.OS) []string {
	var list []string
	for _, m := range machine.On(os.String()) {
		list = append(list, m.Name)
	}
	return list
}

// isMachine reports whether some system knows a machine by this word.
func isMachine(word string) bool {
	for _, os := range systems {
		if _, ok := machineName(os, word); ok {
			return true
		}
	}
	return false
}

// splitMachine takes a machine off the end of a word: debian:11/arm/v7.
func splitMachine(word string) (rest, machine string) {
	i := strings.LastIndexByte(word, '/')
	if i <= 0 {
		return word, ""
	}
	if j := strings.LastIndexByte(word[:i], '/'); j > 0 && isMachine(word[j+1:]) {
		return word[:j], word[j+1:]
	}
	if isMachine(word[i+1:]) {
		return word[:i], word[i+1:]
	}
	return word, ""
}
