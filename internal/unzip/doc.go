// Package unzip reads zip archives as Python's zipfile module does, and members of them
// without unpacking them whole. It writes archives too.
//
// [Read] gives the central [Directory] of an archive: raw headers, offsets, extra
// fields, and where the end records disagree. It judges nothing; package wheel does.
// [Entry.Source] locates the bytes of a member, and refuses one that reaches into
// another, so that the work for an archive is bounded by its size.
//
// A [Scanner] has the buffers for looking at many members: [Scanner.Head] gives the
// first bytes, by which the kind is recognised, and [Scanner.View] random access to the
// content, which is decoded only as far as it is asked for.
//
// [Writer] writes the records of an archive.
package unzip
