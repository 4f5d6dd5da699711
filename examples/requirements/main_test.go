package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

func Example() {
	files := `{"schema":"wheeltag.select/v1","target":"3.11@debian:12/x86_64","project":"demo","file":"demo-1.0-py3-none-any.whl","version":"1.0","url":"https://host.example/demo-1.0-py3-none-any.whl","hashes":{"sha256":"ab","md5":"cd"},"rejected":[]}
{"schema":"wheeltag.select/v1","target":"3.11@debian:12/x86_64","project":"other","file":"other-2.0.tar.gz","version":"2.0","hashes":{"sha256":"ef"},"rejected":[]}
`
	if err := run(os.Stdout, strings.NewReader(files)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// demo @ https://host.example/demo-1.0-py3-none-any.whl --hash=md5:cd --hash=sha256:ab
	// other==2.0 --hash=sha256:ef
}

func TestRefusals(t *testing.T) {
	for line, want := range map[string]string{
		`{"project":"demo","reason":{"message":"needs glibc 2.34"}}`: "demo has no file: needs glibc 2.34",
		`{"project":"demo","file":"demo-1.0.tar.gz"}`:                "demo-1.0.tar.gz has no hash",
		`{`: "unexpected end",
		`{"target":"a","project":"p","file":"f","hashes":{"sha256":"0"}}` + "\n" + `{"target":"b","project":"p","file":"f","hashes":{"sha256":"0"}}`: "requirements are for one",
	} {
		if err := run(io.Discard, strings.NewReader(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}
