package wheel

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"
)

// AddFS adds the files of a directory of fsys and of those below it, in lexical order, with
// their permissions. In the wheel they are below the directory dir, or at the top if dir is
// "". Links and other special files are errors; empty directories are left out.
func (w *Writer) AddFS(fsys fs.FS, dir string) error {
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
			return err
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s: is not a regular file: %v", name, entry.Type())
		}
		return w.addFile(fsys, name, path.Join(dir, name))
	})
	return w.fail(err)
}

func (w *Writer) addFile(fsys fs.FS, from, to string) error {
	f, err := fsys.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return w.AddFrom(to, info.Mode(), f)
}

// AddMetadata adds METADATA; see [Metadata.Text].
func (w *Writer) AddMetadata(m *Metadata) error { return w.addText("METADATA", m.Text) }

// AddInfo adds WHEEL; see [Info.Text].
func (w *Writer) AddInfo(info *Info) error { return w.addText("WHEEL", info.Text) }

// AddEntryPoints adds entry_points.txt: for each group, such as console_scripts, the
// objects by their names, such as "demo.cli:main" by "demo". Groups and names are sorted.
func (w *Writer) AddEntryPoints(groups map[string]map[string]string) error {
	return w.addText("entry_points.txt", func() ([]byte, error) {
		var b []byte
		for _, group := range slices.Sorted(maps.Keys(groups)) {
			if strings.ContainsFunc(group, endsEntry) || strings.ContainsAny(group, "[]") || group == "" {
				return nil, fmt.Errorf("%q is not the name of a group", clip(group))
			}
			if len(b) > 0 {
				b = append(b, '\n')
			}
			b = fmt.Appendf(b, "[%s]\n", group)
			for _, name := range slices.Sorted(maps.Keys(groups[group])) {
				object := groups[group][name]
				if !isEntry(name) || strings.ContainsRune(name, '=') || !isEntry(object) {
					return nil, fmt.Errorf("%q = %q is not an entry point", clip(name), clip(object))
				}
				b = fmt.Appendf(b, "%s = %s\n", name, object)
			}
		}
		return b, nil
	})
}

// isEntry reports whether a name or an object stays what it is in a line of
// entry_points.txt.
func isEntry(s string) bool {
	return s != "" && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, endsEntry) && !strings.ContainsAny(s[:1], "[#;")
}

func endsEntry(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// addText adds a file of the *.dist-info directory.
func (w *Writer) addText(name string, text func() ([]byte, error)) error {
	content, err := text()
	if err != nil {
		return w.fail(fmt.Errorf("%s: %w", name, err))
	}
	return w.Add(w.dir+"/"+name, 0o644, content)
}
