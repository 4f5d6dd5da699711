// Package resolver turns a word that people use for a machine into targets that
// package tags can work with, whatever the word is. The command's flag --target
// uses it.
//
// Start with a [Resolver], whose zero value works, and [Resolver.Resolve]. A
// [Target] is a tags.Target with what the word says beyond tags: the release, the
// root file system that it was read from, and what was assumed.
//
// # The words
//
//	debian:12/arm64        a word of package tags/distro: a release, an image,
//	3.12.7@ubuntu:24.04    a platform tag or a triple, with or without a Python
//	root:DIR               the Python of a root file system, read and never run
//	image:FILE             of a container image in a file, for each of its platforms
//	host                   of this machine
//	3.12@root:DIR          one Python of a root; described if the root lacks it
//	api, @fleet            names of a configuration, and all of it
//	@docker-python/arm64   a built-in set of package tags/fleet
//
// A configuration is given as data, see [Resolver.Fleet]: this package reads no
// configuration, no environment and no flag. It reads the files of root:, image:
// and host. For words without files alone, package tags/distro is enough and
// links much less.
//
// # What was assumed
//
// A word may leave something out: debian:12 names no machine, debian:stable means
// another release some day. The target has then an [Assumption] for it, to be
// shown to whoever wrote the word.
//
// # Errors
//
// A word that means no target is an [*Error], which wraps the error of the
// package that knows more. A root or image that cannot be read is an error of
// tags/detect, of tags/detect/image or of package os.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package resolver
