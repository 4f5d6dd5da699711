// Package repository reads the pages of a package index over HTTP: those of a simple
// repository in JSON (PEP 691) or HTML (PEP 503).
//
// [Open] an index by its URL, such as https://host/simple, and ask [Repository.Files] for
// each project; [Repository.Close] ends it. Pages are parsed by [index.ReadPage] and
// downloaded by [remote.Get], with its attempts, redirects and treatment of credentials.
// Links come out absolute, without user and password. Files are never downloaded. No
// configuration of pip or uv and no environment is read.
//
// # Cache
//
// With a cache directory, a page that has an ETag is kept. It is asked for again each
// time, and downloaded only if it has changed. The cache holds no credentials, and a
// server that wants some decides each time who may see the page.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package repository
