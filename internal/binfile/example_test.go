package binfile

import (
	"bytes"
	"fmt"
)

func ExampleRead() {
	content := fat(false, []uint32{cpuX86_64, cpuARM64}, bundle(cpuX86_64, 0xa0900), bundle(cpuARM64, 0xb0000))
	f, err := Read(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range f.Slices {
		fmt.Println(f.Format, s.Kind, s.Machine, s.Builds[0].Platform, s.Builds[0].Minimum, s.Needed)
	}
	// Output:
	// Mach-O bundle x86_64 macOS 10.9 [/usr/lib/libSystem.B.dylib]
	// Mach-O bundle arm64 macOS 11.0 [/usr/lib/libSystem.B.dylib]
}

func ExampleSniff() {
	fmt.Printf("%q %q\n", Sniff([]byte("MZ\x90\x00\x03\x00\x00\x00")), Sniff([]byte("\x7fELF\x02\x01\x01\x00")))
	// Output: "PE" ""
}
