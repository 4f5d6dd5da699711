// Package remote reads a wheel behind HTTP without downloading all of it.
package remote
