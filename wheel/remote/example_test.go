package remote_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"time"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// exampleServer offers a wheel with an extension module and a large data file.
func exampleServer() *httptest.Server {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, file := range []struct{ name, content string }{
		{"demo/_core.so", "\x7fELF"},
		{"demo/data.bin", string(noise(1, 500_000))},
		{"demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"},
	} {
		w, err := z.Create(file.name)
		if err == nil {
			_, err = w.Write([]byte(file.content))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.Bytes()))
	}))
}

func ExampleOpen() {
	server := exampleServer()
	defer server.Close()

	f, err := remote.Open(context.Background(), server.URL+"/demo-1.0-cp311-cp311-linux_x86_64.whl", remote.Options{})
	if err != nil {
		panic(err)
	}
	defer f.Close()
	archive, err := wheel.Open(f, f.Size())
	if err != nil {
		panic(err)
	}
	metadata, err := archive.Metadata()
	if err != nil {
		panic(err)
	}
	fmt.Println(f.Name())
	fmt.Println(metadata.Name, metadata.Version)
	fmt.Println(f.Stats().Requests, "request,", f.Stats().Bytes, "bytes")
	// Output:
	// demo-1.0-cp311-cp311-linux_x86_64.whl
	// demo 1.0
	// 1 request, 65536 bytes
}

// Fetch what is going to be read in as few requests as there are places.
func ExampleFile_Prefetch() {
	server := exampleServer()
	defer server.Close()

	f, err := remote.Open(context.Background(), server.URL+"/demo-1.0-cp311-cp311-linux_x86_64.whl", remote.Options{})
	if err != nil {
		panic(err)
	}
	defer f.Close()
	members, err := f.Members()
	if err != nil {
		panic(err)
	}
	var spans []remote.Span
	for _, m := range members {
		if strings.HasSuffix(m.Name, ".so") {
			spans = append(spans, m.Span)
		}
	}
	if err := f.Prefetch(spans...); err != nil {
		panic(err)
	}
	fmt.Println(len(spans), "member,", f.Stats().Requests, "requests")
	// Output:
	// 1 member, 2 requests
}
