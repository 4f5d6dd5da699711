package audit

import (
	"path"
	"strings"
)

// textual are the extensions of files that hold no machine code in any wheel
// that was ever looked at: source, text, data for the web, typing stubs.
var textual = map[string]bool{
	".py": true, ".pyi": true, ".pyx": true, ".pxd": true, ".pxi": true, ".pyc": true, ".typed": true, ".txt": true, ".md": true, ".rst": true,
	".json": true, ".toml": true, ".yaml": true, ".yml": true, ".cfg": true, ".ini": true, ".xml": true, ".csv": true, ".tsv": true,
	".html": true, ".htm": true, ".css": true, ".js": true, ".map": true, ".ts": true, ".svg": true, ".png": true, ".gif": true, ".jpg": true, ".jpeg": true,
	".c": true, ".cc": true, ".cpp": true, ".cu": true, ".cuh": true, ".h": true, ".hh": true, ".hpp": true, ".f": true, ".f90": true, ".rs": true, ".go": true,
	".in": true, ".tmpl": true, ".j2": true, ".po": true, ".mo": true, ".pot": true, ".tex": true, ".ipynb": true, ".sql": true, ".cmake": true, ".pem": true,
}

// MayContainCode reports whether a member's name leaves open that it is machine code.
// It is for wheels that are read over a network, where looking into every file
// would fetch the whole; see [Options].
func MayContainCode(name string) bool {
	if dir, base := path.Split(name); strings.HasSuffix(dir, ".dist-info/") || strings.Contains(dir, ".dist-info/licenses/") {
		return strings.Contains(base, ".so")
	}
	return !textual[strings.ToLower(path.Ext(name))]
}
