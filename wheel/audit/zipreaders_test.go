package audit

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel"
)

// extracted are the files that a reader gives, as name and content.
type extracted map[string]string

// ownReader extracts as package wheel does.
func ownReader(data []byte) (extracted, error) {
	a, err := wheel.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	files := extracted{}
	for m := range a.Members() {
		content, err := m.ReadAll(1 << 20)
		if err != nil {
			return nil, err
		}
		files[m.Name()] = string(content)
	}
	return files, nil
}

// streamReader extracts by the local headers alone, from the first byte on, as a reader
// does that cannot seek. It knows no data descriptors.
func streamReader(data []byte) (extracted, error) {
	files := extracted{}
	le := binary.LittleEndian
	for {
		if len(data) < 30 || string(data[:4]) != "PK\x03\x04" {
			if bytes.HasPrefix(data, []byte("PK\x01\x02")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) {
				return files, nil
			}
			return nil, errors.New("neither a local header nor the directory")
		}
		h, n, x := data[:30], int(le.Uint16(data[26:])), int(le.Uint16(data[28:]))
		packed, size := uint64(le.Uint32(h[18:])), uint64(le.Uint32(h[22:]))
		if len(data) < 30+n+x || le.Uint16(h[6:])&8 != 0 {
			return nil, errors.New("short, or with a data descriptor")
		}
		name, extra := string(data[30:30+n]), data[30+n:30+n+x]
		data = data[30+n+x:]
		for len(extra) >= 4 && 4+int(le.Uint16(extra[2:])) <= len(extra) {
			body := extra[4 : 4+int(le.Uint16(extra[2:]))]
			switch id := le.Uint16(extra); {
			case id == 1 && size == 1<<32-1 && packed == 1<<32-1 && len(body) >= 16:
				size, packed = le.Uint64(body), le.Uint64(body[8:])
			case id == 0x7075 && len(body) > 5 && le.Uint32(body[1:]) == crc32.ChecksumIEEE([]byte(name)):
				name = string(body[5:])
			}
			extra = extra[4+len(body):]
		}
		if packed > uint64(len(data)) {
			return nil, io.ErrUnexpectedEOF
		}
		content, rest := data[:packed], data[packed:]
		if method := le.Uint16(h[8:]); method == 8 {
			// The end of the deflated data is where the member ends.
			r := bytes.NewReader(data)
			var err error
			if content, err = io.ReadAll(io.LimitReader(flate.NewReader(r), 1<<20)); err != nil {
				return nil, err
			}
			rest = data[len(data)-r.Len():]
		} else if method != 0 {
			return nil, fmt.Errorf("method %d", method)
		}
		if uint64(len(content)) != size || crc32.ChecksumIEEE(content) != le.Uint32(h[14:]) {
			return nil, errors.New("the size or the checksum is wrong")
		}
		if data = rest; !strings.HasSuffix(name, "/") {
			files[name] = string(content)
		}
	}
}

// pythonProgram prints what zipfile extracts from each file of the list that it reads:
// names and contents in hexadecimal digits, or null.
const pythonProgram = `
import json, sys, warnings, zipfile
warnings.simplefilter("ignore")
for path in sys.stdin:
    try:
        with zipfile.ZipFile(path.rstrip("\n")) as z:
            answer = {i.filename: z.read(i).hex() for i in z.infolist() if not i.filename.endswith("/")}
    except Exception:
        answer = None
    print(json.dumps(answer))
`

// pythonReader extracts archives with Python's zipfile; nil is one that it refuses.
func pythonReader(t *testing.T, python string, paths []string) []extracted {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), python, "-I", "-c", pythonProgram)
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []extracted
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var files extracted
		if err := json.Unmarshal(lines.Bytes(), &files); err != nil {
			t.Fatal(err)
		}
		for name, digits := range files {
			content, err := hex.DecodeString(digits)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = string(content)
		}
		all = append(all, files)
	}
	if len(all) != len(paths) {
		t.Fatalf("%d answers about %d archives", len(all), len(paths))
	}
	return all
}

// unzipReader extracts with Info-ZIP's unzip into a new directory. Its exit status 1 is a
// warning.
func unzipReader(t *testing.T, unzip, path, dir string) (extracted, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), unzip, "-qq", "-o", "-d", dir, path)
	cmd.Env = []string{"LC_ALL=C.UTF-8"}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		return nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(out))
	}
	files := extracted{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if err := os.Chmod(path, 0o600); err != nil { // it may have come without any bit
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(content)
		return err
	})
	return files, err
}
