//go:build libdeflate

package compare

func init() {
	c := newCDecoder()
	others = append(others, contender{"libdeflate", func(dst []byte, m member) (int, error) {
		return c.decode(dst, m.raw)
	}})
}
