package remote_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// TestMembersOfWholeFile: a file that was taken whole has members too, and looking
// for them asks for nothing.
func TestMembersOfWholeFile(t *testing.T) {
	content := archive(t, 5, 2000, 30_000)
	for _, options := range []remote.Options{quick, {}} { // larger and smaller than the tail
		o := serve(t, content, noRanges)
		f := open(t, o, options)
		before := o.number()
		members, err := f.Members()
		if err != nil || len(members) != 8 || !f.Stats().Whole {
			t.Fatalf("%d members, stats %+v, error %v", len(members), f.Stats(), err)
		}
		for _, m := range members {
			if err := f.Prefetch(m.Span); err != nil {
				t.Fatal(err)
			}
		}
		if o.number() != before {
			t.Errorf("%d requests to open it, then %s", before, o.ranges())
		}
	}
}

// TestLongComment: the longest comment that an archive may have moves the end
// record out of the tail.
func TestLongComment(t *testing.T) {
	for _, comment := range []int{1<<16 - 22, 1<<16 - 21, 1<<16 - 1} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateHeader(&zip.FileHeader{Name: "data", Method: zip.Store})
		if err == nil {
			_, err = w.Write(noise(1, 100_000))
		}
		if err == nil {
			err = z.SetComment(strings.Repeat("c", comment))
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		o := serve(t, b.Bytes(), nil)
		f := open(t, o, remote.Options{})
		if _, err := wheel.Open(f, f.Size()); err != nil {
			t.Fatal(err)
		}
		members, err := f.Members()
		if err != nil || len(members) != 1 || members[0].Name != "data" {
			t.Errorf("comment of %d bytes: %v, error %v", comment, members, err)
		}
	}
}
