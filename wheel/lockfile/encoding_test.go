package lockfile

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// encoded writes text in UTF-16 or UTF-32.
func encoded(mark, text string, width int, order binary.AppendByteOrder) string {
	b := []byte(mark)
	if width == 4 {
		for _, r := range text {
			b = order.AppendUint32(b, uint32(r))
		}
		return string(b)
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// TestEncodings: requirements in each encoding that pip reads, whether the name of
// the file or its content shows the format.
func TestEncodings(t *testing.T) {
	const text = "# \u00e4 \U0001f40d\r\na==1\r\nb==2; sys_platform == 'win32'\r\n"
	for name, data := range map[string]string{
		"UTF-8": text, "UTF-8 with a mark": "\ufeff" + text,
		"UTF-16LE": encoded("\xff\xfe", text, 2, binary.LittleEndian), "UTF-16BE": encoded("\xfe\xff", text, 2, binary.BigEndian),
		"UTF-32LE": encoded("\xff\xfe\x00\x00", text, 4, binary.LittleEndian), "UTF-32BE": encoded("\x00\x00\xfe\xff", text, 4, binary.BigEndian),
	} {
		if got, ok := decode([]byte(data)); got != text || !ok {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
		for _, file := range []string{"requirements.txt", "unnamed"} {
			l := must(t, file, data)
			if got, want := states(t, l, environment("3.11.1", "linux", "x86_64"), Selection{}), "a-1:r b-2:e(marker)"; got != want {
				t.Errorf("%s in %s: %s, want %s", name, file, got, want)
			}
		}
	}
	for _, data := range []string{
		encoded("\xff\xfe", text, 2, binary.LittleEndian) + "x",              // cut within a unit
		encoded("\xff\xfe\x00\x00", "a==1\n", 4, binary.LittleEndian) + "xy", // likewise
		encoded("", text, 2, binary.LittleEndian),                            // no mark
		encoded("\xff\xfe", "a==1\x00\n", 2, binary.LittleEndian),            // a zero character
	} {
		l, err := Read(strings.NewReader(data), "requirements.txt")
		if err != nil || len(l.Packages) > 0 || len(l.Problems) != 1 || l.Problems[0].Code != CodeLine {
			t.Errorf("%q: %v, %+v", data, err, l)
		}
	}
	// Invalid units become replacement characters.
	if got, ok := decode([]byte("\xff\xfe\x00\xd8a\x00")); got != "\ufffda" || !ok {
		t.Errorf("a lone surrogate: %q", got)
	}
	if got, ok := decode([]byte("\x00\x00\xfe\xff\x00\x11\x00\x00\xff\xff\xff\xff")); got != "\ufffd\ufffd" || !ok {
		t.Errorf("beyond Unicode: %q", got)
	}
}

// TestUVDistribution: uv called the list of packages distribution at first.
func TestUVDistribution(t *testing.T) {
	const text = "version = 1\n[[KEY]]\nname = 'top'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'a' }]\n[[KEY]]\nname = 'a'\nversion = '1'\n" +
		"source = { registry = 'https://h' }\nsdist = { url = 'https://h/a-1.tar.gz', hash = 'sha256:aa' }\n[[KEY]]\nname = 'b'\nversion = '1'\nsource = { registry = 'https://h' }\nsdist = { url = 'https://h/b-1.tar.gz', hash = 'sha256:aa' }\n"
	for _, key := range []string{"package", "distribution"} {
		for _, file := range []string{"uv.lock", "unnamed"} {
			l := must(t, file, strings.ReplaceAll(text, "KEY", key))
			if got, want := states(t, l, environment("3.11.1", "linux", "x86_64"), Selection{}), "top-1:r a-1:r b-1:e(unreachable)"; got != want || l.Format != UV {
				t.Errorf("%s in %s: %s of %s, want %s", key, file, got, l.Format, want)
			}
		}
	}
}
