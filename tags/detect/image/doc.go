// Package image reads a container image file as a file system, without a
// container runtime: nothing is unpacked to disk and nothing is run.
//
// Start with [Open], choose one of [File.Platforms], and take its [File.Root],
// which implements [io/fs.ReadLinkFS].
//
// # What is read
//
//	docker save, podman save   a tar with manifest.json, old or new
//	an OCI layout              a directory, or a tar of one
//	docker export              a tar of a root file system
//
// Each tar may be compressed as a whole, and each layer by itself, with gzip, zstd,
// bzip2 or xz. Other compressions are refused by name.
//
// # Layers
//
// An image is a stack of tars, of which each adds to, replaces or hides what
// the ones below it hold. [File.Root] applies them as a runtime would: a
// directory joins a directory, anything else replaces what is there, hard links
// share content, and files below a symbolic link land where it leads. Hidden is
// what whiteouts name: ".wh.x" hides x, ".wh..wh..opq" hides a whole directory,
// and both hide only what lower layers have, whatever the order in the tar.
//
// Names are clamped into the root: "/x", "../x" and "a/../../x" are all "x".
// What no runtime could unpack is an error rather than a guess: a file below a
// file, a hard link without a target, names longer than Linux allows. Devices and
// pipes are listed and cannot be opened. The content of sparse files cannot be
// read. A layer that is listed more than once is applied each time and read once.
//
// # Speed
//
// Content that is not compressed is skipped: an image of any size is indexed in
// the time it takes to read its headers, and a file is read when it is opened.
// Compressed layers have to be read whole, once. The caller says beforehand which
// of their files to retain in memory; any other costs another decompression of
// its layer when it is opened.
//
// # Memory
//
// A [Root] holds at most 96 MiB: its index, of some 150 bytes a file, and at most
// 32 MiB of retained content. An image of more than about 600,000 files is refused.
// While layers are read a decoder takes as much as the data may refer back to, at
// most 32 MiB for zstd and 64 MiB for xz; for a layer in a file that is compressed
// as a whole another decoder takes at most 8 MiB. No other size, count or offset
// in the file leads to an allocation before the bytes have been read.
//
// # Trust
//
// Manifests, indexes and configs of OCI layouts must have their digests, and
// layers their sizes. A layer that is compressed, or in a file that is, is read
// whole and must have the digest that the manifest gives, or with docker save the
// digest of its content that the config gives. The digest of a layer that can be
// read where it is, uncompressed in an uncompressed file, is not checked: that
// would mean to read it whole.
//
// # Errors
//
// Every error is an [*Error], or an [io/fs.PathError] around one where a method
// of io/fs failed, but for paths that do not exist or are malformed, which have
// the usual [io/fs.ErrNotExist] and [io/fs.ErrInvalid].
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package image
