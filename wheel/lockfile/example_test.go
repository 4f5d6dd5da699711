package lockfile_test

import (
	"fmt"
	"io"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/lockfile"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

const lockText = `version = 1
requires-python = ">=3.10"

[[package]]
name = "app"
version = "1.0"
source = { virtual = "." }
dependencies = [
    { name = "numpy" },
    { name = "pywin32", marker = "sys_platform == 'win32'" },
]

[package.optional-dependencies]
plot = [{ name = "pillow" }]

[[package]]
name = "numpy"
version = "2.1.0"
source = { registry = "https://index.example.org/simple" }
wheels = [
    { url = "https://files.example.org/numpy-2.1.0-cp311-cp311-win_amd64.whl", hash = "sha256:01", size = 12 },
    { url = "https://files.example.org/numpy-2.2.0-cp311-cp311-win_amd64.whl", hash = "sha256:02", size = 12 },
]

[[package]]
name = "pillow"
version = "11.0"
source = { registry = "https://index.example.org/simple" }
sdist = { url = "https://files.example.org/pillow-11.0.tar.gz", hash = "sha256:03" }

[[package]]
name = "pywin32"
version = "308"
source = { registry = "https://index.example.org/simple" }
wheels = [{ url = "https://files.example.org/pywin32-308-cp311-cp311-win_amd64.whl", hash = "sha256:04" }]
`

func ExampleRead() {
	lock, err := lockfile.Read(strings.NewReader(lockText), "uv.lock")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(lock.Format, lock.Version, lock.RequiresPython)
	for _, p := range lock.Packages {
		fmt.Println(p.Line, p.Name, p.Version, p.Source.Kind, len(p.Files))
	}
	fmt.Println(lock.Problems[0])
	_, err = lockfile.Read(strings.NewReader("version = 2\n"), "uv.lock")
	fmt.Println(err)
	// Output:
	// uv 1 >=3.10
	// 4 app 1.0 virtual 0
	// 16 numpy 2.1.0 index 2
	// 25 pillow 11.0 index 1
	// 31 pywin32 308 index 1
	// uv.lock:22: numpy: the file "numpy-2.2.0-cp311-cp311-win_amd64.whl" is not of numpy 2.1.0
	// uv.lock:1: unsupported lock version 2 of uv; supported: version 1
}

func ExampleLock_Needed() {
	lock, err := lockfile.Read(strings.NewReader(lockText), "uv.lock")
	if err != nil {
		fmt.Println(err)
		return
	}
	linux := &pep508.Environment{PythonFullVersion: "3.11.4", PythonVersion: "3.11", SysPlatform: "linux"}
	needed, err := lock.Needed(linux, lockfile.Selection{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range needed {
		fmt.Print(n.Package.Name, " ", n.State)
		if n.Reason.Code != "" {
			fmt.Print(": ", n.Reason)
		}
		fmt.Println()
	}
	// Output:
	// app required
	// numpy required
	// pillow excluded: not reachable without the extra plot
	// pywin32 excluded: the marker of a dependency of app is false: sys_platform == "win32"
}

func ExampleReadConstraints() {
	texts := map[string]string{
		"ours.txt":   "requests==2.32.0\n",
		"theirs.txt": "requests==2.31.0\nsix==1.17.0\n",
	}
	open := func(name string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(texts[name])), nil
	}
	c, err := lockfile.ReadConstraints(open, "ours.txt", "theirs.txt")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range c.Packages {
		fmt.Printf("%s:%d: %s %s\n", p.File, p.Line, p.Name, p.Version)
	}
	fmt.Println(c.Problems[0])
	// Output:
	// ours.txt:1: requests 2.32.0
	// theirs.txt:2: six 1.17.0
	// theirs.txt:1: requests: requests==2.31.0 is overridden by requests==2.32.0 in line 1 of ours.txt
}
