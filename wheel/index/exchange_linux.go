package index

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// exchange gives each of two directories the name of the other, in one step. Some file
// systems cannot.
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}

// lock waits until no other run writes a site in a directory, and keeps them waiting.
// It ends with the process, whatever happens to that.
func lock(ctx context.Context, dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err != unix.EWOULDBLOCK && err != unix.EINTR {
			return func() { f.Close() }, nil // a file system without locks does without
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
