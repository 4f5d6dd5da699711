package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said runs a command line and returns all that it says: results, messages behind a
// bar, and the exit status.
func said(line, stdin string) string {
	var out, messages bytes.Buffer
	status := run(context.Background(), strings.Fields(line), streams{in: strings.NewReader(stdin), out: &out, err: &messages})
	text := out.String()
	for m := range strings.Lines(messages.String()) {
		text += "| " + m
	}
	return text + fmt.Sprintf("exit %d\n", status)
}

// sayings compares what command lines say with what they should: blocks that begin with
// "$ ", below each the results, messages and status.
func sayings(t *testing.T, stdin, text string) {
	t.Helper()
	t.Chdir(fixtureFolder)
	for block := range strings.SplitSeq(strings.TrimPrefix(text, "$ "), "\n$ ") {
		line, want, _ := strings.Cut(block, "\n")
		want = strings.TrimSuffix(want, "\n") + "\n"
		if diff := cmp.Diff(want, said(line, stdin)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

func TestParseAnswers(t *testing.T) {
	sayings(t, "", `$ parse --expand Foo.Bar-1.0.0a-7x-py2.py3-none-any.whl
Foo.Bar-1.0.0a-7x-py2.py3-none-any.whl
  name      Foo.Bar (normal form foo-bar)
  version   1.0.0a (normal form 1.0.0a0)
  build     7x
  python    py2 py3
  abi       none
  platform  any
  tags      2
            py2-none-any
            py3-none-any
exit 0
$ parse demo-1.0-py3-none-any.whl
demo-1.0-py3-none-any.whl
  name      demo
  version   1.0
  python    py3
  abi       none
  platform  any
  tags      1
exit 0
$ parse --format json --expand demo-01.0-7x-py2.py3-none-any.whl
{"schema":"wheeltag.parse/v1","filename":"demo-01.0-7x-py2.py3-none-any.whl","name":"demo","normalized_name":"demo","version":"01.0","normalized_version":"1.0","build":{"number":7,"suffix":"x"},"python":["py2","py3"],"abi":["none"],"platform":["any"],"count":2,"tags":["py2-none-any","py3-none-any"]}
exit 0
$ parse --strict Foo.Bar-1.0-py3.py2-none-any.whl demo-1.0-py3-none-any.whl
demo-1.0-py3-none-any.whl
  name      demo
  version   1.0
  python    py3
  abi       none
  platform  any
  tags      1
| wheeltag: "Foo.Bar-1.0-py3.py2-none-any.whl": "Foo.Bar" at offset 0 is not in normal form: write foo_bar
| wheeltag: "Foo.Bar-1.0-py3.py2-none-any.whl": tag set "py3.py2" at offset 12 is not sorted: write py2.py3
exit 1
$ parse --strict --format json Foo.Bar-1.0-py3-none-any.whl
{"schema":"wheeltag.parse/v1","filename":"Foo.Bar-1.0-py3-none-any.whl","error":{"code":"name-form","message":"\"Foo.Bar-1.0-py3-none-any.whl\": \"Foo.Bar\" at offset 0 is not in normal form: write foo_bar"}}
| wheeltag: "Foo.Bar-1.0-py3-none-any.whl": "Foo.Bar" at offset 0 is not in normal form: write foo_bar
exit 1
$ parse x.txt nowhere/x.whl
| wheeltag: "x.txt": not a wheel: the name must end in .whl
| wheeltag: nowhere/x.whl: no such file or directory
exit 3
$ parse --format json x.txt nowhere/x.whl
{"schema":"wheeltag.parse/v1","filename":"x.txt","error":{"code":"extension","message":"\"x.txt\": not a wheel: the name must end in .whl"}}
{"schema":"wheeltag.parse/v1","filename":"nowhere/x.whl","error":{"code":"unreadable","message":"nowhere/x.whl: no such file or directory"}}
| wheeltag: "x.txt": not a wheel: the name must end in .whl
| wheeltag: nowhere/x.whl: no such file or directory
exit 3
$ parse --profile nix demo-1.0-py3-none-any.whl
| wheeltag: unknown profile "nix"; want packaging, pip, uv or uv+variants
| Run 'wheeltag help parse' for usage and examples.
exit 2
`)
	if got := said("parse nowhere/x.whl demo-1.0-py3-none-any.whl", ""); !strings.Contains(got, "  name      demo\n") {
		t.Errorf("after an error: %s", got)
	}
	if got := said("parse -x", ""); got != "| wheeltag: unknown shorthand flag: 'x' in -x\n| Run 'wheeltag help parse' for usage and examples.\nexit 2\n" {
		t.Errorf("%s", got)
	}
	var parts []string
	for i := range 101 {
		parts = append(parts, fmt.Sprintf("a%d", i))
	}
	hundred := strings.Join(parts[:100], ".")
	for tags, refused := range map[string]bool{hundred + "-" + strings.ReplaceAll(hundred, "a", "b") + "-any": false, strings.Join(parts, ".") + "-" + strings.ReplaceAll(hundred, "a", "b") + "-any": true} {
		got := said("parse --expand demo-1.0-"+tags+".whl", "")
		if strings.Contains(got, "10100 tags are too many for --expand, which lists up to 10000\nexit 3") != refused || strings.Contains(got, "            a0-b0-any") == refused {
			t.Errorf("refused %v: %.300s", refused, got)
		}
	}
}

func TestCompatAnswers(t *testing.T) {
	sayings(t, "demo-1.0-py3-none-any.whl\n", `$ compat -t 3.11@debian:11/arm64 demo-1.0-py3-none-any.whl demo-1.0-cp312-cp312-win32.whl demo-2.0-cp312-cp312-win32.whl
3.11@debian:11/aarch64: CPython 3.11, Linux aarch64, glibc 2.31
  yes  demo-1.0-py3-none-any.whl
  no   demo-1.0-cp312-cp312-win32.whl
       built for CPython 3.12 only; 3.11@debian:11/aarch64 has Python 3.11
       (python-version)
  no   demo-2.0-cp312-cp312-win32.whl
       built for CPython 3.12 only; 3.11@debian:11/aarch64 has Python 3.11
       (python-version)
| wheeltag: 3.11@debian:11/aarch64 takes 1 of 3 wheels
exit 1
$ compat -t 3.11@debian:11/arm64 -
3.11@debian:11/aarch64: CPython 3.11, Linux aarch64, glibc 2.31
  yes  demo-1.0-py3-none-any.whl
exit 0
$ compat -t 3.11@debian:11/arm64 -t 3.12@alpine:3.20/arm64 demo-1.0-cp312-cp312-musllinux_1_2_aarch64.whl -
demo-1.0-cp312-cp312-musllinux_1_2_aarch64.whl
  no   3.11@debian:11/aarch64
       built for CPython 3.12 only; 3.11@debian:11/aarch64 has Python 3.11
       (python-version)
  yes  3.12@alpine:3.20/aarch64
       by cp312-cp312-musllinux_1_2_aarch64
demo-1.0-py3-none-any.whl
  yes  3.11@debian:11/aarch64
       by py3-none-any
  yes  3.12@alpine:3.20/aarch64
       by py3-none-any
| wheeltag: 3.11@debian:11/aarch64 takes 1 of 2 wheels
| wheeltag: 3.12@alpine:3.20/aarch64 takes 2 of 2 wheels
exit 1
$ compat --format json -t 3.11@debian:11/arm64 demo-1.0-py3-none-any.whl demo-1.0-cp312-cp312-win32.whl x.txt
{"schema":"wheeltag.compat/v1","file":"demo-1.0-py3-none-any.whl","target":"3.11@debian:11/aarch64","compatible":true,"tag":"py3-none-any","rank":427}
{"schema":"wheeltag.compat/v1","file":"demo-1.0-cp312-cp312-win32.whl","target":"3.11@debian:11/aarch64","compatible":false,"reason":{"code":"python-version","message":"built for CPython 3.12 only; 3.11@debian:11/aarch64 has Python 3.11","need":"3.12","have":"3.11"}}
{"schema":"wheeltag.compat/v1","file":"x.txt","error":{"code":"extension","message":"\"x.txt\": not a wheel: the name must end in .whl"}}
| wheeltag: "x.txt": not a wheel: the name must end in .whl; no such file or directory either
exit 3
$ compat -t 2.7@debian:11/arm64 wheels/demo_pure-1.0-py3-none-any.whl demo_pure-1.0-py2-none-any.whl
2.7@debian:11/aarch64: CPython 2.7, Linux aarch64, glibc 2.31
  no   demo_pure-1.0-py3-none-any.whl
       needs Python 3; 2.7@debian:11/aarch64 has Python 2.7 (python-version)
  yes  demo_pure-1.0-py2-none-any.whl
| wheeltag: 2.7@debian:11/aarch64 takes 1 of 2 wheels
exit 1
`)
}

func TestSelectAnswers(t *testing.T) {
	sayings(t, "", `$ select -t 3.11@debian:12/arm64 demo-1.0-py3-none-any.whl demo-1.1-py3-none-any.whl demo-2.0-cp312-cp312-win32.whl other-1.0-cp312-cp312-win32.whl
demo on 3.11@debian:12/aarch64
  take demo-1.1-py3-none-any.whl
       by py3-none-any
  not  demo-1.0-py3-none-any.whl
       version 1.1 is newer than 1.0 and fits (older-version)
  not  demo-2.0-cp312-cp312-win32.whl
       built for CPython 3.12 only; 3.11@debian:12/aarch64 has Python 3.11
       (python-version)
other on 3.11@debian:12/aarch64
  none fits
  not  other-1.0-cp312-cp312-win32.whl
       built for CPython 3.12 only; 3.11@debian:12/aarch64 has Python 3.11
       (python-version)
exit 1
$ select --pre -t 3.11@debian:12/arm64 demo-1.0-py3-none-any.whl demo-1.1a1-py3-none-any.whl x
demo on 3.11@debian:12/aarch64
  take demo-1.1a1-py3-none-any.whl
       by py3-none-any
  not  demo-1.0-py3-none-any.whl
       version 1.1a1 is newer than 1.0 and fits (older-version)
| wheeltag: "x": not a wheel: the name must end in .whl; no such file or directory either
exit 3
$ select --format json -t 3.11@debian:12/arm64 demo-1.0-py3-none-any.whl demo-2.0-cp312-cp312-win32.whl
{"schema":"wheeltag.select/v1","target":"3.11@debian:12/aarch64","project":"demo","file":"demo-1.0-py3-none-any.whl","version":"1.0","tag":"py3-none-any","rank":552,"rejected":[{"file":"demo-2.0-cp312-cp312-win32.whl","reason":{"code":"python-version","message":"built for CPython 3.12 only; 3.11@debian:12/aarch64 has Python 3.11","need":"3.12","have":"3.11"}}]}
exit 0
`)
}

func TestTagsAnswers(t *testing.T) {
	sayings(t, "", `$ tags -t 3.11@debian:12/arm64 -t 3.12@alpine:3.20/arm64 --limit 2
3.11@debian:12/aarch64:
cp311-cp311-linux_aarch64
cp311-cp311-manylinux_2_36_aarch64

3.12@alpine:3.20/aarch64:
cp312-cp312-linux_aarch64
cp312-cp312-musllinux_1_2_aarch64
exit 0
$ tags --format json -t 3.11@debian:12/arm64 --limit 1
{"schema":"wheeltag.tags/v1","target":{"name":"3.11@debian:12/aarch64","implementation":"cpython","python":"3.11","os":"linux","arch":"aarch64","libc":"glibc","libc_version":"2.36"},"profile":"packaging","count":564,"tags":["cp311-cp311-linux_aarch64"]}
exit 0
$ tags -t 3.11@debian:12/arm64 --limit -1
| wheeltag: --limit must be 0 or more; 0 shows all
| Run 'wheeltag help tags' for usage and examples.
exit 2
$ tags debian:12
| wheeltag: tags takes no arguments; name the target with --target debian:12
| Run 'wheeltag help tags' for usage and examples.
exit 2
`)
	for _, c := range []struct{ target, want string }{
		{"pypy3.10@debian:12/arm64", `{"name":"pypy3.10@debian:12/aarch64","implementation":"pypy","python":"3.10","os":"linux","arch":"aarch64","libc":"glibc","libc_version":"2.36"}`},
		{"3.12@macosx_11_0_arm64", `{"name":"3.12@macosx_11_0_arm64","implementation":"cpython","python":"3.12","os":"macos","arch":"arm64","version":"11.0"}`},
		{"3.13@ios_13_0_arm64_iphoneos", `{"name":"3.13@ios_13_0_arm64_iphoneos","implementation":"cpython","python":"3.13","os":"ios","arch":"arm64_iphoneos","version":"13.0"}`},
		{"3.13@android_24_arm64_v8a", `{"name":"3.13@android_24_arm64_v8a","implementation":"cpython","python":"3.13","os":"android","arch":"arm64_v8a","version":"24"}`},
		{"3.12@win_amd64", `{"name":"3.12@win_amd64","implementation":"cpython","python":"3.12","os":"windows","arch":"amd64"}`},
		{"3.12@pyodide_2024_0_wasm32", `{"name":"3.12@pyemscripten_2024_0_wasm32","implementation":"cpython","python":"3.12","os":"emscripten","arch":"wasm32","version":"2024_0"}`},
	} {
		if got := said("tags --format json --limit 1 -t "+c.target, ""); !strings.Contains(got, `"target":`+c.want) {
			t.Errorf("%s: %s", c.target, got)
		}
	}
	all, one := said("tags -t 3.11@debian:12/arm64", ""), said("tags -t 3.11@debian:12/arm64 --limit 1", "")
	if strings.Count(all, "\n") != 565 || one != "cp311-cp311-linux_aarch64\nexit 0\n" {
		t.Errorf("%d lines of all, %q of one", strings.Count(all, "\n"), one)
	}
}

func TestRulesAnswers(t *testing.T) {
	sayings(t, "", `$ rules WT209
WT209 (error): native code in a wheel tagged any, or under purelib
  What it means: The wheel claims to run everywhere, or installs native code
  where only pure Python belongs.
  How to fix: Build a platform wheel, and set Root-Is-Purelib to false.
exit 0
$ rules --format json WT209
{"schema":"wheeltag.rules/v1","id":"WT209","severity":"error","title":"native code in a wheel tagged any, or under purelib","means":"The wheel claims to run everywhere, or installs native code where only pure Python belongs.","mend":"Build a platform wheel, and set Root-Is-Purelib to false."}
exit 0
$ rules WT999
| wheeltag: unknown rule WT999; 'wheeltag rules' lists all rules
| Run 'wheeltag help rules' for usage and examples.
exit 2
`)
	all := said("rules", "")
	if !strings.Contains(all, "\nWT209  error    native code in a wheel tagged any, or under purelib\n") || !strings.Contains(all, "\nWT210  note     ") || strings.Count(all, "\nWT") < 40 {
		t.Errorf("%s", all)
	}
}

// TestTargetsAnswers: rows of the file, sets, releases and images, and what narrows them.
func TestTargetsAnswers(t *testing.T) {
	sayings(t, "", `$ targets centos:7
TARGET    LIBC        PYTHON  SUPPORT TO  MACHINES
centos:7  glibc 2.17  3.6     2024-06-30  aarch64 armv7l i686 ppc64le x86_64
exit 0
$ targets @opendev arm64 CENTOS
TARGET                  LIBC        PYTHON  SUPPORT TO  MACHINES
centos:7/aarch64        glibc 2.17  3.6     2024-06-30  aarch64
centos:stream8/aarch64  glibc 2.28  3.6     2024-05-31  aarch64
centos:stream9/aarch64  glibc 2.34  3.9     2027-05-31  aarch64
exit 0
$ targets nonesuch either
| wheeltag: no target matches nonesuch and either
exit 1
$ targets --format json api
{"schema":"wheeltag.targets/v1","name":"api","kind":"fleet","target":"python:3.11-bullseye/aarch64","line":3,"libc":"glibc 2.31","python":"3.11","machines":["aarch64"],"end_of_life":"2024-08-14","end_of_lts":"2026-08-31"}
exit 0
$ targets --config nowhere.toml
| wheeltag: --config: stat nowhere.toml: no such file or directory
| Run 'wheeltag help targets' for usage and examples.
exit 2
`)
	for line, wants := range map[string][]string{
		"targets @nonesuch": {"exit 2"}, "targets --format json opendev": {`"kind":"set"`, `"name":"@opendev"`, `"count":`, `"machines":[]`}, "targets opendev": {"@opendev", " targets: "},
		"targets --format json python:3.11-bullseye": {`"name":"python:3.11-bullseye","kind":"image"`, `"python":"3.11"`}, "targets --format json noble": {`"kind":"release","codename":"noble","libc":"glibc 2.39"`},
		"targets --format json alpine:edge": {`"rolling":true`, `"as_of":"`, `"machines":[]`}, "targets --format json @fleet edge": {`"kind":"target"`, `"libc":"musl 1.2.5"`},
		"targets haiku": {"exit 1"},
	} {
		got := said(line, "")
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %s in %s", line, want, got)
			}
		}
	}
}
