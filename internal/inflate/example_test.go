package inflate_test

import (
	"bytes"
	stdflate "compress/flate"
	"fmt"
	"io"
	"strings"

	"github.com/wheeltag/wheeltag/internal/inflate"
)

// compress does what archives do to their members.
func compress(text string) []byte {
	var b bytes.Buffer
	w, _ := stdflate.NewWriter(&b, stdflate.BestCompression)
	io.WriteString(w, text)
	w.Close()
	return b.Bytes()
}

func ExampleDecoder_Decode() {
	raw := compress("Tag: cp312-cp312-manylinux_2_17_x86_64\n")

	var d inflate.Decoder
	dst := make([]byte, 39) // the size in the archive's directory
	n, used, err := d.Decode(dst, raw)
	fmt.Println(n, used == len(raw), err)

	_, _, err = d.Decode(dst[:20], raw)
	fmt.Println(err == inflate.ErrTooLong)

	_, _, err = d.Decode(dst, raw[:10])
	fmt.Println(err)
	// Output:
	// 39 true <nil>
	// true
	// unexpected EOF
}

func ExampleReader() {
	raw := compress(strings.Repeat("skipped ", 100_000) + "wanted" + strings.Repeat(" unread", 100_000))

	var r inflate.Reader
	r.ResetAt(bytes.NewReader(raw), 0, int64(len(raw)))
	if _, err := r.Discard(800_000); err != nil {
		fmt.Println(err)
	}
	word := make([]byte, 6)
	_, err := io.ReadFull(&r, word)
	fmt.Printf("%s %v\n", word, err)
	// Output: wanted <nil>
}
