package remote_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// exampleServer serves a wheel with an extension module and a large data file, and
// counts the requests.
func exampleServer(requests *atomic.Int64) *httptest.Server {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, file := range []struct{ name, content string }{
		{"demo/_core.so", "\x7fELF"},
		{"demo/data.bin", strings.Repeat("data", 250_000)},
		{"demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Store})
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
		requests.Add(1)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.Bytes()))
	}))
}

func ExampleOpen() {
	var requests atomic.Int64
	server := exampleServer(&requests)
	defer server.Close()

	url := server.URL + "/demo-1.0-cp311-cp311-linux_x86_64.whl"
	f, err := remote.Open(context.Background(), url, remote.Options{Timeout: time.Minute})
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
	fmt.Println(requests.Load(), "request")
	// Output:
	// demo-1.0-cp311-cp311-linux_x86_64.whl
	// demo 1.0
	// 1 request
}

// Fetch the members that are about to be read in as few requests as possible.
func ExampleFile_Prefetch() {
	var requests atomic.Int64
	server := exampleServer(&requests)
	defer server.Close()

	f, err := remote.Open(context.Background(), server.URL+"/demo-1.0-cp311-cp311-linux_x86_64.whl", remote.Options{})
	if err != nil {
		panic(err)
	}
	defer f.Close()
	if err := f.Prefetch(func(name string) bool { return strings.HasSuffix(name, ".so") }); err != nil {
		panic(err)
	}
	fmt.Println(requests.Load(), "requests")
	// Output:
	// 2 requests
}

// A service that takes URLs from strangers must not let them reach its own network,
// neither by a URL nor by a redirect or a host name that resolves to a local address.
// So the check is made when a connection is about to be opened. There must be no
// proxy, since the address would be that of the proxy.
func ExampleOptions_service() {
	local := []netip.Prefix{
		netip.MustParsePrefix("100.64.0.0/10"), // carriers
		netip.MustParsePrefix("192.0.0.0/24"),  // IETF assignments
		netip.MustParsePrefix("198.18.0.0/15"), // benchmarks
		netip.MustParsePrefix("64:ff9b::/96"),  // IPv4 behind NAT64
	}
	check := func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		ip := to.Addr().Unmap()
		public := ip.IsGlobalUnicast() && !ip.IsPrivate() // neither loopback nor link-local
		for _, prefix := range local {
			public = public && !prefix.Contains(ip)
		}
		if !public {
			return fmt.Errorf("local address %s: %w", ip, fs.ErrPermission)
		}
		return nil
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: check}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}

	options := remote.Options{Client: client, Timeout: 30 * time.Second}
	_, err := remote.Open(context.Background(), "http://127.0.0.1:8080/demo-1.0-py3-none-any.whl", options)
	fmt.Println(errors.Is(err, fs.ErrPermission))
	fmt.Println(err)
	// Output:
	// true
	// http://127.0.0.1:8080/demo-1.0-py3-none-any.whl: connection failed: dial tcp 127.0.0.1:8080: local address 127.0.0.1: permission denied
}
