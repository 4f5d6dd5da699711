//go:build libdeflate

package compare

// #cgo LDFLAGS: -ldeflate
// #include <libdeflate.h>
import "C"

import (
	"errors"
	"unsafe"
)

type cDecoder struct {
	d *C.struct_libdeflate_decompressor
}

func newCDecoder() cDecoder { return cDecoder{C.libdeflate_alloc_decompressor()} }

func (c cDecoder) decode(dst, src []byte) (int, error) {
	var n C.size_t
	r := C.libdeflate_deflate_decompress(c.d, unsafe.Pointer(unsafe.SliceData(src)), C.size_t(len(src)),
		unsafe.Pointer(unsafe.SliceData(dst)), C.size_t(len(dst)), &n)
	if r != 0 {
		return int(n), errors.New("libdeflate failed")
	}
	return int(n), nil
}
