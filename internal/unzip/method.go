package unzip

import (
	"errors"
	"fmt"
)

// Other methods of compression that programs make (APPNOTE.TXT 4.4.5).
const (
	bzip2     = 12
	lzma      = 14
	zstandard = 93
	aes       = 99 // encrypted; the method is in an extra field
)

// MethodName names a method of compression.
func MethodName(method uint16) string {
	switch method {
	case Stored:
		return "stored"
	case Deflated:
		return "deflated"
	case bzip2:
		return "bzip2"
	case lzma:
		return "LZMA"
	case zstandard:
		return "Zstandard"
	case aes:
		return "AES encryption"
	}
	return fmt.Sprintf("method %d", method)
}

// ErrMethod reports a member that is neither stored nor deflated, or encrypted.
var ErrMethod = errors.New("cannot be unpacked")

// methodError says why a member is not unpacked, and who would.
func (m *Source) methodError() error {
	switch {
	case m.Flags&(FlagEncrypted|FlagStrong) != 0 || m.Method == aes:
		return fmt.Errorf("%w: it is encrypted", ErrMethod)
	case m.Flags&FlagPatched != 0:
		return fmt.Errorf("%w: it is patch data", ErrMethod)
	case m.Method == bzip2, m.Method == lzma:
		return fmt.Errorf("%w: it is compressed with %s, which pip accepts and uv and PyPI do not", ErrMethod, MethodName(m.Method))
	}
	return fmt.Errorf("%w: it is compressed with %s; wheels use stored and deflated", ErrMethod, MethodName(m.Method))
}
