//go:build !linux

package detect

import (
	"errors"
	"runtime"
)

// Host reads this machine, which must run Linux.
func Host(Options) (*System, error) {
	return nil, errors.New("this machine runs " + runtime.GOOS + "; only Linux can be read")
}
