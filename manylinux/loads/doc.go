// Package loads answers whether the native code of a wheel loads somewhere:
// [OnRelease] on a release of a distribution, by what was measured there;
// [Releases] on every release that is known; [InRoot] in a real root file system,
// by the libraries that lie in it. [Bundled] loads the files of a wheel as a
// dynamic loader would, to see whether they find each other.
//
// No answer runs anything, and any host can answer for any machine.
//
// The package is experimental: it may change in a minor release.
package loads
