package wheel

import (
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
)

// Hash is the hash of a file in RECORD.
type Hash struct {
	Algorithm string // in lower case, such as "sha256"
	Text      string // the digest in URL-safe base64 without padding
}

// ErrWeakHash reports an algorithm that RECORD must not use: sha224 or a weaker one
// (PEP 427).
var ErrWeakHash = errors.New("too weak for RECORD, which needs sha256 or better")

// ErrUnknownHash reports an algorithm that cannot be verified here. Python's hashlib
// has the two BLAKE2, which the standard library of Go has not.
var ErrUnknownHash = errors.New("not a supported hash")

// maxDigest is the size of the longest digest, in bytes.
const maxDigest = 64

// ParseHash reads ALGORITHM=DIGEST. The algorithm may be in any case and the digest may
// be padded. Whether the algorithm is known is for [Hash.New].
func ParseHash(s string) (Hash, error) {
	algorithm, text, ok := strings.Cut(s, "=")
	h := Hash{strings.ToLower(algorithm), strings.TrimRight(text, "=")}
	var digest [maxDigest]byte
	if !ok || h.Algorithm == "" || h.Text == "" || len(h.Text) > base64.RawURLEncoding.EncodedLen(maxDigest) {
		return Hash{}, fmt.Errorf("%q is not a hash; want ALGORITHM=DIGEST", clip(s))
	}
	if _, err := base64.RawURLEncoding.Decode(digest[:], []byte(h.Text)); err != nil {
		return Hash{}, fmt.Errorf("%q is not a hash: the digest is not URL-safe base64", clip(s))
	}
	return h, nil
}

// checkLength reports a digest that is not as long as those of its algorithm.
func (h Hash) checkLength() error {
	sum, err := h.New()
	if err != nil {
		return nil // it is not computed
	}
	if n := base64.RawURLEncoding.DecodedLen(len(h.Text)); n != sum.Size() {
		return fmt.Errorf("a digest of %s has %d bytes, not %d", h.Algorithm, sum.Size(), n)
	}
	return nil
}

// String gives the hash as RECORD has it, or "" for none.
func (h Hash) String() string {
	if h == (Hash{}) {
		return ""
	}
	return h.Algorithm + "=" + h.Text
}

// New gives what computes such a hash. The error wraps [ErrWeakHash] or
// [ErrUnknownHash].
func (h Hash) New() (hash.Hash, error) {
	switch h.Algorithm {
	case "sha256":
		return sha256.New(), nil
	case "sha384":
		return sha512.New384(), nil
	case "sha512":
		return sha512.New(), nil
	case "sha3_256":
		return sha3.New256(), nil
	case "sha3_384":
		return sha3.New384(), nil
	case "sha3_512":
		return sha3.New512(), nil
	case "md5", "sha1", "sha224", "sha3_224":
		return nil, fmt.Errorf("%s is %w", h.Algorithm, ErrWeakHash)
	}
	return nil, fmt.Errorf("%s is %w", clip(h.Algorithm), ErrUnknownHash)
}

// Matches reports whether the sum of a hash that [Hash.New] gave is this one.
func (h Hash) Matches(sum []byte) bool {
	return base64.RawURLEncoding.EncodeToString(sum) == h.Text
}
