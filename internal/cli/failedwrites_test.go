package cli

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

// fullDisk takes so many bytes, and then no more.
type fullDisk struct {
	bytes.Buffer
	room int
}

var errFull = errors.New("write: no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) <= d.room {
		d.room -= len(p)
		return d.Buffer.Write(p)
	}
	n, _ := d.Buffer.Write(p[:d.room])
	d.room = 0
	return n, errFull
}

// TestNothingAfterFailedWrite: inputs after a failed write are not looked at.
func TestNothingAfterFailedWrite(t *testing.T) {
	for command, last := range map[string]string{"compat": "b.txt", "select": "b.txt", "parse": "b.txt", "explain": "a.txt", "tree": "a.txt"} {
		var messages bytes.Buffer
		args := []string{command, "--format", "json", "a.txt", "b.txt", "c.txt", "d.txt"}
		if command == "compat" || command == "select" {
			args = append(args, "-t", "3.11@debian:12/arm64")
		}
		status := run(context.Background(), args, streams{in: strings.NewReader(""), out: &fullDisk{}, err: &messages})
		if text := messages.String(); status != exitNoAnswer || !strings.Contains(text, last) || strings.Contains(text, "c.txt") || last == "a.txt" && strings.Contains(text, "b.txt") || !strings.HasSuffix(text, errFull.Error()+"\n") {
			t.Errorf("%s: exit %d, says %s", command, status, text)
		}
	}
}

// TestFailedWrites: a result that cannot be written is an error, wherever the disk is
// full and whatever the answer is.
func TestFailedWrites(t *testing.T) {
	t.Chdir(fixtureFolder)
	const names = "demo-1.0-py3-none-any.whl demo-1.0-cp312-cp312-win32.whl x.txt"
	for _, line := range []string{
		"audit wheels-bad", "audit --format json wheels-bad", "audit --format json nowhere",
		"explain wheels", "explain --format json wheels nowhere",
		"index -t 3.11@win_amd64 wheels", "index --format json wheels-differ",
		"rules", "rules WT201 WT209", "rules --format json",
		"tree wheels", "tree --format json wheels nowhere",
		"compat -t 3.11@debian:11/arm64 " + names, "compat --format json -t 3.11@debian:11/arm64 " + names,
		"coverage -t api locks/uv.lock", "coverage -t api --format json locks/uv.lock", "coverage -t api --format html locks/uv.lock", "coverage -t api --format markdown locks/uv.lock", "coverage -t api --format csv locks/uv.lock",
		"coverage -t api --build-list locks/uv.lock", "coverage -t api --explain newdemo locks/uv.lock",
		"coverage -t 3.12@alpine:3.20/amd64 --baseline-target 3.12@debian:12/amd64 locks/uv.lock", "coverage --format json -t 3.12@alpine:3.20/amd64 --baseline-target 3.12@debian:12/amd64 locks/uv.lock",
		"parse " + names, "parse --format json " + names,
		"select -t 3.11@debian:11/arm64 " + names, "select --format json -t 3.11@debian:11/arm64 " + names,
		"select -t api locks/uv.lock", "select --format json -t api locks/uv.lock",
		"tags -t 3.11@debian:11/arm64", "tags -t 3.11@debian:11/arm64 -t debian:12/arm64 --format json",
		"detect --root roots/debian --root roots/alpine", "detect --format json --root roots/debian --root roots/alpine",
		"targets", "targets --format json", "targets --format json @opendev",
		"completion bash", "completion fish", "help", "help audit", "audit --help", "version", "version --format json", "--version", "__complete tags --target deb",
	} {
		full := fullDisk{room: 1 << 30}
		status := run(context.Background(), strings.Fields(line), streams{in: strings.NewReader(""), out: &full, err: &bytes.Buffer{}})
		whole := full.String()
		if whole == "" || status == exitUsage {
			t.Errorf("%s: exit %d, %d bytes", line, status, len(whole))
			continue
		}
		for _, room := range []int{0, 1, len(whole) / 2, len(whole) - 1} {
			var messages bytes.Buffer
			disk := fullDisk{room: room}
			status := run(context.Background(), strings.Fields(line), streams{in: strings.NewReader(""), out: &disk, err: &messages})
			if status != exitNoAnswer || !strings.HasSuffix(messages.String(), errFull.Error()+"\n") || strings.Count(messages.String(), errFull.Error()) != 1 {
				t.Errorf("%s, %d of %d bytes: exit %d, says %s", line, room, len(whole), status, messages.String())
			}
			if got := disk.String(); !strings.HasPrefix(whole, got) {
				t.Errorf("%s, %d of %d bytes: wrote %q", line, room, len(whole), got)
			}
		}
	}
}
