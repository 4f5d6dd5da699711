package lockfile

// HashesRequired reports whether every requirement must have a hash: with the option
// --require-hashes, and for pip also if one of them has one. uv then checks those that
// there are.
//
// Source: pip's documentation, Secure installs; uv's documentation of --require-hashes
// and --verify-hashes.
func (l *Lock) HashesRequired(uv bool) bool {
	if l.Format != Requirements && l.Format != CondaEnvironment || l.RequireHashes || uv {
		return l.RequireHashes
	}
	for i := range l.Packages {
		if len(l.Packages[i].Hashes) > 0 {
			return true
		}
	}
	return false
}

// Hashed reports whether a requirement is one that may be installed where hashes are
// required: pinned by == with a hash, or a file by URL or path with one.
func (p *Package) Hashed() bool {
	switch p.Source.Kind {
	case FromIndex:
		return len(p.Hashes) > 0 && p.Version != ""
	case FromURL, FromPath:
		return len(p.Hashes) > 0 || len(p.Files) > 0 && len(p.Files[0].Hashes) > 0
	}
	return false
}
