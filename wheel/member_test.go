package wheel

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// only gives the only member of an archive.
func only(t *testing.T, a *Archive) Member {
	t.Helper()
	if len(a.dir.Entries) != 1 {
		t.Fatalf("%d members", len(a.dir.Entries))
	}
	return Member{&a.dir.Entries[0], a.r}
}

// single makes an archive of one member.
func single(t *testing.T, content []byte, method uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "member", Method: method})
	if err == nil {
		_, err = w.Write(content)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestMemberContent: the content comes whole or as a stream, and is compared with the
// length and the checksum of the directory.
func TestMemberContent(t *testing.T) {
	content := bytes.Repeat([]byte("some content "), 20_000)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		data := single(t, content, method)
		packed := only(t, open(t, data)).PackedSize()
		for name, c := range map[string]struct {
			data []byte
			ok   bool
		}{
			"good":            {data, true},
			"checksum":        {patch(data, sigCentral, 0, 16, 1), false},
			"size one more":   {patch(data, sigCentral, 0, 24, byte(len(content)+1)), false},
			"size one less":   {patch(data, sigCentral, 0, 24, byte(len(content)-1)), false},
			"packed one less": {patch(data, sigCentral, 0, 20, byte(packed-1)), false},
			"encrypted":       {patch(data, sigCentral, 0, 8, 9), false},
			"patched":         {patch(data, sigCentral, 0, 8, 0x28), false},
			"bzip2":           {patch(data, sigCentral, 0, 10, 12), false},
			"no local header": {patch(data, sigLocal, 0, 0, 0), false},
		} {
			m := only(t, open(t, c.data))
			got, err := m.ReadAll(1 << 20)
			var fault *Error
			if (err == nil) != c.ok || c.ok && !bytes.Equal(got, content) || err != nil && (!errors.As(err, &fault) || fault.Path != "member") {
				t.Errorf("method %d, %s: %v", method, name, err)
			}
			r, err := m.Open()
			if err == nil {
				got, err = io.ReadAll(r)
			}
			if (err == nil) != c.ok || c.ok && !bytes.Equal(got, content) {
				t.Errorf("method %d, %s: as a stream: %v", method, name, err)
			}
		}
		m := only(t, open(t, data))
		for limit, ok := range map[int]bool{len(content): true, len(content) - 1: false} {
			if _, err := m.ReadAll(int64(limit)); (err == nil) != ok {
				t.Errorf("method %d, limit %d: %v", method, limit, err)
			}
		}
	}
}

// TestMemberRaw: the packed bytes, and why there are none.
func TestMemberRaw(t *testing.T) {
	content := []byte("content")
	data := single(t, content, zip.Store)
	raw, err := only(t, open(t, data)).Raw()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(raw); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%q, %v", got, err)
	}
	for _, c := range []struct {
		data []byte
		code Code
	}{
		{patch(data, sigLocal, 0, 0, 0), CodeLocalMissing},
		{patch(data, sigLocal, 0, 26, 0, 1), CodeOverlap},
		{patch(data, sigLocal, 0, 28, 0, 1), CodeOverlap},
		{patch(data, sigCentral, 0, 42, 0xff, 0xff, 0xff, 0x7f), CodeLocalMissing},
		{patch(data, sigCentral, 0, 20, 0xff, 0xff, 0xff, 0x7f), CodeOverlap},
		{patch(single(t, content, zip.Store), sigCentral, 0, 20, 7+16+1), CodeOverlap}, // 16 bytes of a data descriptor
	} {
		var fault *Error
		if _, err := only(t, open(t, c.data)).Raw(); !errors.As(err, &fault) || fault.Code != c.code {
			t.Errorf("%v, want %s", err, c.code)
		}
	}
}

// TestClose: an archive in memory has nothing to close, a file is closed.
func TestClose(t *testing.T) {
	if err := open(t, single(t, nil, zip.Store)).Close(); err != nil {
		t.Error(err)
	}
	path := filepath.Join(t.TempDir(), "a.whl")
	if err := os.WriteFile(path, single(t, []byte("x"), zip.Store), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := only(t, a).ReadAll(1); err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if _, err := only(t, a).ReadAll(1); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a closed file: %v", err)
	}
	for _, bad := range []string{path + "x", t.TempDir()} {
		if _, err := OpenFile(bad); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFile(path); !errors.Is(err, ErrNotZip) || !strings.HasPrefix(err.Error(), path+": ") {
		t.Error(err)
	}
}

// TestEmptyMember: no content may be no bytes, also if they are said to be deflated.
func TestEmptyMember(t *testing.T) {
	data := patch(patch(single(t, nil, zip.Store), sigCentral, 0, 10, 8), sigLocal, 0, 8, 8)
	m := only(t, open(t, data))
	if got, err := m.ReadAll(0); err != nil || len(got) != 0 || m.PackedSize() != 0 || m.Method() != 8 {
		t.Errorf("%q, %v, %d bytes by method %d", got, err, m.PackedSize(), m.Method())
	}
	r, err := m.Open()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || len(got) != 0 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestMemberMode(t *testing.T) {
	for unix, want := range map[uint32]fs.FileMode{
		0: 0, 0o100644: 0o644, 0o100755: 0o755, 0o120777: fs.ModeSymlink | 0o777, 0o040755: fs.ModeDir | 0o755, 0o644: 0o644,
		0o020600: fs.ModeDevice | fs.ModeCharDevice | 0o600, 0o060600: fs.ModeDevice | 0o600, 0o010600: fs.ModeNamedPipe | 0o600,
		0o140600: fs.ModeSocket | 0o600, 0o104755: fs.ModeSetuid | 0o755, 0o102755: fs.ModeSetgid | 0o755, 0o101777: fs.ModeSticky | 0o777,
	} {
		data := patch(single(t, nil, zip.Store), sigCentral, 0, 38, 0x10, 0, byte(unix), byte(unix>>8))
		if got := only(t, open(t, data)).Mode(); got != want {
			t.Errorf("%o: %v, want %v", unix, got, want)
		}
	}
}
