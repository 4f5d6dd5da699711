// Package unzip reads members of zip archives without unpacking all of them.
//
// A [Scanner] has the buffers: [Scanner.Head] gives the first bytes of a member, by
// which its kind is recognised, and [Scanner.View] random access to its content, which
// is decoded only as far as it is asked for.
package unzip
