package audit

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/wheel"
)

// imported lists the modules that the Python code of a wheel imports, and those that the
// other wheels import once they are imported, each with the first file that does.
func (c *company) imported(ctx context.Context, archive *wheel.Archive) map[string]string {
	imports := pythonImports(ctx, archive)
	followed := map[*neighbour]bool{}
	for range c.providers {
		for _, p := range c.providers {
			if followed[p.neighbour] || !slices.ContainsFunc(p.imports, func(top string) bool { return imports[top] != "" }) {
				continue
			}
			followed[p.neighbour] = true
			for name, file := range p.pythonImports(ctx) {
				if imports[name] == "" {
					imports[name] = file
				}
			}
		}
	}
	return imports
}

// importStatement matches the first name of an import.
var importStatement = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[ \t]*(?:import|from)[ \t]+([A-Za-z_][A-Za-z0-9_]*)`)
})

// Limits of looking for imports.
const (
	maxSources = 2000
	maxSource  = 2 << 20
)

// pythonImports lists the modules that the Python files of a wheel import, each with the
// first file that does.
func pythonImports(ctx context.Context, archive *wheel.Archive) map[string]string {
	imports := map[string]string{}
	left := maxSources
	for m := range archive.Members() {
		if !strings.HasSuffix(m.Name(), ".py") || m.ClaimedSize() > maxSource {
			continue
		}
		if left--; left < 0 || ctx.Err() != nil {
			break
		}
		text, err := m.ReadAll(maxSource)
		if err != nil {
			continue
		}
		for _, match := range importStatement().FindAllSubmatch(text, -1) {
			if name := string(match[1]); imports[name] == "" {
				imports[name] = m.Name()
			}
		}
	}
	return imports
}
