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
// Each tar may be compressed with gzip or zstd as a whole, and each layer on
// its own account. Other compressions are refused by name.
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
// file, a hard link to nothing, names longer than Linux allows. Devices and
// pipes are listed and cannot be opened. The content of sparse files cannot be
// read.
//
// # Speed
//
// Content that lies uncompressed in the image file is passed over, not read: an
// image of any size is indexed in the time it takes to read its headers, and a
// file is read when it is opened. Compressed layers have to be read whole,
// once. The caller says beforehand which of their files to keep in memory; any
// other costs another decompression of its layer when it is opened.
//
// # Memory
//
// A [Root] holds at most 52 MiB, and so does the making of one: the index, the
// decoders and the content that is kept together. An index takes some 70 bytes
// a file; an image of more than about 700,000 files is refused. No size, count or offset that
// the file claims leads to an allocation before the file has shown the bytes.
//
// # Trust
//
// Manifests, indexes and configs of OCI layouts are held against their digests,
// layers only against their sizes: hashing them would mean to read them whole.
//
// # Errors
//
// Every error is an [*Error], or an [io/fs.PathError] around one where a method
// of io/fs failed, but for paths that do not exist or are malformed, which have
// the usual [io/fs.ErrNotExist] and [io/fs.ErrInvalid].
package image
