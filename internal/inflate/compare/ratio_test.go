package compare

import (
	"bytes"
	stdflate "compress/flate"
	"io"
	"os"
	"testing"
	"time"

	kpflate "github.com/klauspost/compress/flate"

	"github.com/wheeltag/wheeltag/internal/inflate"
)

// A contender decodes a member into dst, which has its size, and returns the
// number of bytes of output.
type contender struct {
	name   string
	decode func(dst []byte, m member) (int, error)
}

var others []contender // with build tags

func contenders() []contender {
	var whole inflate.Decoder
	var stream inflate.Reader
	std := stdflate.NewReader(bytes.NewReader(nil))
	kp := kpflate.NewReader(bytes.NewReader(nil))
	var src bytes.Reader
	return append([]contender{
		{"whole", func(dst []byte, m member) (int, error) {
			n, _, err := whole.Decode(dst, m.raw)
			return n, err
		}},
		{"streaming", func(dst []byte, m member) (int, error) {
			src.Reset(m.raw)
			stream.Reset(&src)
			return io.ReadFull(&stream, dst)
		}},
		{"discarding", func(dst []byte, m member) (int, error) {
			src.Reset(m.raw)
			stream.Reset(&src)
			n, err := stream.Discard(int64(m.size))
			return int(n), err
		}},
		{"compress/flate", func(dst []byte, m member) (int, error) {
			src.Reset(m.raw)
			std.(stdflate.Resetter).Reset(&src, nil)
			return io.ReadFull(std, dst)
		}},
		{"klauspost", func(dst []byte, m member) (int, error) {
			src.Reset(m.raw)
			kp.(kpflate.Resetter).Reset(&src, nil)
			return io.ReadFull(kp, dst)
		}},
	}, others...)
}

// TestRatios decodes every member with every contender in turn, so that other
// load on the machine affects all of them alike, and logs the sums.
func TestRatios(t *testing.T) {
	if os.Getenv("FLATE_RATIOS") == "" {
		t.Skip("takes a minute: set FLATE_RATIOS to run")
	}
	members, size := elfMembers(t)
	rounds := 3
	list := contenders()
	sum := make([]time.Duration, len(list))
	best := make([]time.Duration, len(list))
	buf := make([]byte, 64<<20)
	for _, m := range members {
		per := make([]time.Duration, len(list))
		for range rounds {
			for i, c := range list {
				start := time.Now()
				n, err := c.decode(buf[:m.size], m)
				d := time.Since(start)
				if err != nil || n != m.size {
					t.Fatalf("%s: %d bytes of %d: %v", c.name, n, m.size, err)
				}
				sum[i] += d
				if per[i] == 0 || d < per[i] {
					per[i] = d
				}
			}
		}
		for i := range per {
			best[i] += per[i]
		}
	}
	t.Logf("%d members, %d bytes, %d rounds", len(members), size, rounds)
	for i, c := range list {
		t.Logf("%-16s %6.0f MB/s all rounds, %6.0f MB/s best round; ours is %.2fx, %.2fx", c.name,
			float64(size)*float64(rounds)/sum[i].Seconds()/1e6, float64(size)/best[i].Seconds()/1e6,
			sum[i].Seconds()/sum[0].Seconds(), best[i].Seconds()/best[0].Seconds())
	}
}
