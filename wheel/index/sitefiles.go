package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/wheeltag/wheeltag/internal/filestamp"
	"github.com/wheeltag/wheeltag/tags"
)

// siteWriter writes the directory of a new site.
type siteWriter struct {
	ctx        context.Context
	site       *Site // with what was written before
	collection *Collection
	folder     string   // the directory of the new site
	root       *os.Root // the same; everything but links to files is written through it
	written    Written
}

// metadataSuffix is the extension of the file with a wheel's METADATA (PEP 658).
const metadataSuffix = ".metadata"

// maxName is the longest file name in bytes on common file systems.
const maxName = 255

// hasMetadata reports whether METADATA is offered with the file.
func (i *Item) hasMetadata() bool {
	return i.IsWheel && i.facts.Metadata != "" && len(i.Name)+len(metadataSuffix) <= maxName
}

// all writes the files, the pages and the manifest.
func (w *siteWriter) all(views []*tags.Target) error {
	var err error
	if w.root, err = os.OpenRoot(w.folder); err != nil {
		return err
	}
	defer w.root.Close()
	if err := w.root.Mkdir(filesFolder, 0o755); err != nil {
		return err
	}
	for _, i := range w.collection.Items {
		if !i.Offered {
			continue
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.file(i); err != nil {
			return fmt.Errorf("%s: %w", i.Path, err)
		}
		w.written.Files++
	}
	for _, r := range w.collection.releases {
		if err := w.root.WriteFile(filesFolder+"/"+r.name, r.text, 0o644); err != nil {
			return err
		}
	}
	if err := w.pages(views); err != nil {
		return err
	}
	return w.writeJSON(ManifestName, newManifest(w.collection, w.folders()))
}

// restamp writes the manifest again with the stamps that the files have now: a link to
// a file, and one less, change the time of its inode. Without it the next run would
// read all files again.
func (w *siteWriter) restamp() error {
	for _, i := range w.collection.Items {
		if !i.checked {
			continue
		}
		if info, err := os.Stat(i.Path); err == nil {
			if now := filestamp.Of(info); now.SameContent(i.facts.Stamp) && now.Inode == i.facts.Inode {
				i.facts.Stamp = now
			}
		}
	}
	root, err := os.OpenRoot(w.site.path)
	if err != nil {
		return err
	}
	defer root.Close()
	w.root = root
	if err := w.writeJSON(nextManifest, newManifest(w.collection, w.folders())); err != nil {
		return err
	}
	return root.Rename(nextManifest, ManifestName)
}

// folders lists the directories of the views.
func (w *siteWriter) folders() (folders []string) {
	for _, v := range w.written.Views {
		folders = append(folders, v.Folder)
	}
	return folders
}

// file adds one file and its metadata to the site.
func (w *siteWriter) file(i *Item) error {
	name := filesFolder + "/" + i.Name
	if !w.link(i, name) {
		if err := w.copy(i, name); err != nil {
			return err
		}
		w.written.Copied++
	}
	if i.provenance != nil {
		if err := w.root.WriteFile(name+provenanceSuffix, i.provenance, 0o644); err != nil {
			return err
		}
	}
	if !i.hasMetadata() {
		return nil
	}
	text, err := w.oldMetadata(i)
	if err != nil {
		if text, err = i.readMetadata(); err != nil {
			return err
		}
	}
	return w.root.WriteFile(name+metadataSuffix, text, 0o644)
}

// link tries a hard link to the input, or to the old site's copy of it. The linked
// file must have the size and time of the file that was read.
func (w *siteWriter) link(i *Item, name string) bool {
	// What a symbolic link leads to is copied: its owner may not know that it is served.
	if !i.isLink && w.linkTo(i, i.Path, name) {
		return true
	}
	if !i.Known {
		return false
	}
	return w.linkTo(i, filepath.Join(w.site.path, filesFolder, i.Name), name)
}

func (w *siteWriter) linkTo(i *Item, path, name string) bool {
	if os.Link(path, filepath.Join(w.folder, filepath.FromSlash(name))) != nil {
		return false
	}
	info, err := w.root.Lstat(name)
	if err == nil && info.Mode().IsRegular() && filestamp.Of(info).SameContent(i.facts.Stamp) && (path != i.Path || filestamp.Of(info).Inode == i.facts.Inode) {
		return true
	}
	w.root.Remove(name)
	return false
}

// copy copies the input and checks that it has not changed.
func (w *siteWriter) copy(i *Item, name string) error {
	in, err := i.open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, hash), &stoppable{w.ctx, in})
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != i.facts.SHA256 {
		return errChanged
	}
	// The next run recognises the copy by its time.
	when := time.Unix(0, i.facts.Modified)
	return w.root.Chtimes(name, when, when)
}

// oldMetadata reads METADATA from the old site, if it is there and unchanged.
func (w *siteWriter) oldMetadata(i *Item) ([]byte, error) {
	root, err := os.OpenRoot(w.site.path)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name := filesFolder + "/" + i.Name + metadataSuffix
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxMetadata {
		return nil, errNotRegular
	}
	text, err := root.ReadFile(name)
	if err == nil && digest(text) != i.facts.Metadata {
		err = errChanged
	}
	return text, err
}
