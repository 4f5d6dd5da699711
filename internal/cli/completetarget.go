package cli

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/tags/fleet"
)

// completeTargets completes a word of --target: [PYTHON@]PLATFORM[/MACHINE], a
// name from wheeltag.toml, a set, root:DIR, image:FILE or host.
func completeTargets(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	python, platform, hasPython := strings.Cut(typed, "@")
	if !hasPython || python == "" || strings.ContainsAny(python, ":/") {
		python, platform, hasPython = "", typed, false
	} else {
		python += "@"
	}
	var list []string
	base, _, hasMachine := strings.Cut(platform, "/")
	switch kind, path, ok := strings.Cut(platform, ":"); {
	case ok && kind == "root":
		list = pathsLike("root:", path, true)
	case ok && kind == "image":
		list = pathsLike("image:", path, false)
	case hasMachine:
		for _, machine := range machinesOf(base) {
			list = append(list, base+"/"+machine)
		}
	default:
		list = platformWords()
		if !hasPython {
			config, _ := cmd.Flags().GetString("config")
			list = append(list, ownWords(config)...)
			for _, p := range allPythons() {
				list = append(list, p+"@")
			}
		}
	}
	list = withPrefix(list, platform)
	directive := cobra.ShellCompDirectiveNoFileComp
	if len(list) > 0 && !slices.ContainsFunc(list, func(w string) bool { return !strings.ContainsAny(w[len(w)-1:], "@:/") }) {
		directive |= cobra.ShellCompDirectiveNoSpace // more is to come in the same word
	}
	for i := range list {
		list[i] = python + list[i]
	}
	return list, directive
}

// completeTargetWords completes an argument of targets.
func completeTargetWords(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	var list []string
	for r := range distro.Releases() {
		list = append(list, r.Distro, r.Name())
	}
	config, _ := cmd.Flags().GetString("config")
	return withPrefix(distinct(append(list, ownWords(config)...)), typed), cobra.ShellCompDirectiveNoFileComp
}

// platformWords lists the releases, the images, other words and what is read off a
// system.
func platformWords() []string {
	list := append([]string{"host", "image:", "root:"}, distro.Words()...)
	for r := range distro.Releases() {
		list = append(list, r.Name())
	}
	for i := range distro.Images() {
		list = append(list, i.Name)
		if i.Release.Distro == "debian" {
			list = append(list, strings.Replace(i.Name, "-", "-slim-", 1))
		}
	}
	return list
}

// ownWords lists the sets and the names from wheeltag.toml; a file that cannot be
// read has none.
func ownWords(config string) []string {
	list := []string{"@fleet"}
	for _, s := range fleet.Sets() {
		list = append(list, "@"+s.Name)
	}
	if own, err := readConfig(config); err == nil {
		all := own.Targets
		list = append(list, all.Names()...)
	}
	return list
}

// machinesOf lists the machines of a release or image, or else all.
func machinesOf(word string) []string {
	for r := range distro.Releases() {
		if r.Name() == word && len(r.Machines) > 0 {
			return r.Machines
		}
	}
	for i := range distro.Images() {
		if i.Name == strings.Replace(word, "-slim-", "-", 1) && len(i.Release.Machines) > 0 {
			return i.Release.Machines
		}
	}
	return allMachines()
}

// allMachines lists the machines of all releases, and the names that containers
// have for the two most common.
func allMachines() []string {
	list := []string{"amd64", "arm64"}
	for r := range distro.Releases() {
		list = append(list, r.Machines...)
	}
	return distinct(list)
}

// allPythons lists the Pythons of the releases and images.
func allPythons() []string {
	var list []string
	for r := range distro.Releases() {
		list = append(list, r.Python)
	}
	for i := range distro.Images() {
		list = append(list, distro.FormatPython(i.Python))
	}
	return distinct(list)
}

// libcVersions lists the versions of a C library that releases have.
func libcVersions(family string) []string {
	var list []string
	for r := range distro.Releases() {
		if r.Libc.Family.String() == family {
			list = append(list, r.LibcVersion)
		}
	}
	return distinct(list)
}

// distinct sorts words, shorter numbers first, and drops repeated and empty ones.
func distinct(list []string) []string {
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return slices.DeleteFunc(slices.Compact(list), func(w string) bool { return w == "" })
}

// pathsLike lists what is in the directory of a path that is being typed:
// directories, with a slash at the end, and unless onlyDirs files.
func pathsLike(prefix, path string, onlyDirs bool) []string {
	dir, _ := filepath.Split(path)
	entries, _ := os.ReadDir(cmp.Or(dir, ".")) // one that cannot be read completes nothing
	var list []string
	for _, e := range entries {
		switch {
		case e.IsDir():
			list = append(list, prefix+dir+e.Name()+"/")
		case !onlyDirs:
			list = append(list, prefix+dir+e.Name())
		}
	}
	return list
}
