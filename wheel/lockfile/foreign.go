package lockfile

import (
	_ "embed"
	"path"
	"strings"
	"sync"
)

//go:embed data/foreign.tsv
var foreignText string

// foreign are files of other tools by the names that they have.
var foreign = sync.OnceValue(func() map[string]string {
	names := make(map[string]string)
	for line := range strings.Lines(foreignText) {
		if name, what, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok && name[0] != '#' {
			names[name] = what
		}
	}
	return names
})

// foreignFile says what a file of another tool is, "" for one that is not known.
func foreignFile(name string) string {
	return foreign()[path.Base(strings.ReplaceAll(name, `\`, "/"))]
}
