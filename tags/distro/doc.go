// Package distro turns the words that people use for a machine into a
// description that package tags can work with: "debian:11/arm64",
// "python:3.11-slim-bullseye", "3.12@manylinux_2_28_x86_64".
//
// Start with [Parse]. It gives a [Description] whose Python and Platform go to
// tags.New as they are. [Releases] and [Images] list what is known by name.
//
// # The words
//
// A target is [PYTHON@]PLATFORM. PYTHON is a version (3.11, 3.13t, 3.13d), a tag
// (cp311, pp310) or an ABI (cp27mu, pypy310_pp73, graalpy242_311_native), with
// or without the implementation's name (python3.11, pypy3.10). PLATFORM is one
// of
//
//	a release             debian:11  debian-11  bullseye  ubi9  alpine3.20
//	an image              python:3.11-slim-bullseye  pypa/manylinux_2_28_aarch64
//	a platform tag        manylinux_2_31_aarch64  macosx_14_0_arm64  win_amd64
//	a triple              aarch64-unknown-linux-gnu and uv's other names
//	a container platform  linux/arm64, which needs a libc from [Options]
//	a word for one        ubuntu-latest  alpine  lambda/python:3.12  linuxmint:22
//	an image of a release nvidia/cuda:12.4.1-base-ubuntu22.04, which needs a PYTHON
//
// or the whole is written with dashes, debian-11-py310-aarch64. Letter case does
// not matter. A machine follows after a slash or comes from [Options]; x86_64 is
// assumed otherwise, and [Description.AssumedArch] says so.
//
// # Python
//
// A release without PYTHON means its own python3, an image brings one, anything
// else must name one. A patch release (3.11.4) is kept in the Python's
// FullVersion; tags do not depend on it.
//
// # Libc
//
// One target has exactly one libc. [Options] may replace the version that a
// release or tag implies but not its family: alpine with a glibc is an error.
// Words that mean something else as time goes by (sid, debian:stable, alpine,
// python:3.13, ubuntu-latest) stand for what they meant at [Description.AsOf].
//
// # Machines
//
// Aliases become the name that platform tags use: amd64 is x86_64, arm64 is
// aarch64, armhf and arm/v7 are armv7l on every distribution (Alpine's own armhf
// is arm/v6). armel and arm/v5, the soft-float ports of Debian, become armv5tel:
// that is what Python reports on the oldest machine they run on, and hard-float
// armv7l wheels, which they cannot load, do not fit it. A 32-bit userland on a
// 64-bit ARM kernel is armv8l, available wherever armv7l is.
//
// # Errors
//
// A word that is not known gives an [UnknownError] with the nearest known ones,
// anything else that is wrong an [Error] with a code.
//
// The tables are embedded, read at the first use, and never changed; all
// functions are safe for concurrent use.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package distro
