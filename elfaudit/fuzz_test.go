package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// FuzzRead reads damaged files. Whatever the input: no panic, a File or an
// error of the documented types but not both, and results within the limits.
func FuzzRead(f *testing.F) {
	for _, m := range fuzzModels() {
		f.Add(m.build().data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			var format *FormatError
			if file != nil || err.Error() == "" || !errors.Is(err, ErrNotELF) && !errors.As(err, &format) {
				t.Fatalf("got %v and %v", file, err)
			}
			return
		}
		checkBounds(t, file, len(data))
	})
}

// fuzzModels are files of all classes and byte orders, each with other parts.
func fuzzModels() []*model {
	var models []*model
	for _, v := range variants {
		full := newModel(v.wide, v.big, v.machine)
		order := full.byteOrder()
		full.interp, full.rpath, full.relocate = "/lib/ld.so", "/a:/b", true
		full.notes = note(order, 4, "GNU", noteABITag, words(order, 0, 3, 2, 0))
		full.property = note(order, full.width(), "GNU", noteProperties, words(order, propX86ISANeeded, 4, 3, 0))
		layout := newModel(v.wide, v.big, v.machine)
		layout.gnuHash, layout.sysvHash = "empty", ""
		hole := newModel(v.wide, v.big, v.machine)
		hole.gnuHash, hole.sysvHash, hole.gap, hole.relocate = "", "", 64, true
		static := newModel(v.wide, v.big, v.machine)
		static.static, static.typ = true, elf.ET_EXEC
		models = append(models, full, layout, hole, static)
	}
	arm := newModel(false, false, elf.EM_ARM)
	arm.flags, arm.attributes = eabi5Hard, attributeBytes(arm.byteOrder(), "aeabi", 5, 'x', 0, 6, 6, 28, 1)
	riscv := newModel(true, false, elf.EM_RISCV)
	riscv.attributes, riscv.attrInSegment = attributeBytes(riscv.byteOrder(), "riscv", 5, 'r', 0), true
	s390x := newModel(true, true, elf.EM_S390)
	s390x.sysvHash = "wide"
	object := newModel(true, false, elf.EM_X86_64)
	object.typ = elf.ET_REL
	return append(models, arm, riscv, s390x, object)
}

// checkBounds calls everything there is and compares the sizes of the results
// with that of the file.
func checkBounds(t *testing.T, f *File, size int) {
	symbols := 0
	for s := range f.Symbols() {
		if len(s.Name) >= maxName {
			t.Fatalf("a name of %d bytes", len(s.Name))
		}
		symbols++
	}
	if symbols*16 > size || len(f.Needed)*8 > size || len(f.BuildID) > size || len(f.Interpreter) > size {
		t.Fatalf("%d symbols, %d needed in %d bytes", symbols, len(f.Needed), size)
	}
	versions := len(f.VersionDefs)
	for _, n := range f.VersionNeeds {
		versions += len(n.Versions)
	}
	if versions > 2*maxVersions {
		t.Fatalf("%d versions", versions)
	}
	for range f.Undefined() {
	}
	for range f.Exported() {
	}
	f.ExtensionInit()
	f.MachineTag()
	if libc, evidence := f.Libc(); evidence == "" {
		t.Fatalf("%v without evidence", libc)
	}
}

// TestMutations overwrites numbers in sound files with those that break
// bounds checks, which reaches further than changing bytes at random.
func TestMutations(t *testing.T) {
	rounds := 50_000
	if testing.Short() {
		rounds = 10_000
	}
	random := rand.New(rand.NewPCG(1, 2))
	models := fuzzModels()
	files := make([]built, len(models))
	for i, m := range models {
		files[i] = m.build()
	}
	codes := map[string]int{}
	for range rounds {
		i := random.IntN(len(models))
		b := built{data: slices.Clone(files[i].data)}
		for range 1 + random.IntN(3) {
			size := 2 << random.IntN(3)
			values := []uint64{0, 1, 2, 3, 4, 15, 16, 0xffff, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1<<63 - 1, 1 << 63, ^uint64(0),
				uint64(len(b.data)), textBase, dataBase, uint64(random.IntN(len(b.data))), textBase + uint64(random.IntN(len(b.data)))}
			models[i].put(b, random.IntN((len(b.data)-8)/2)*2, values[random.IntN(len(values))], size)
		}
		f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		switch {
		case err == nil:
			checkBounds(t, f, len(b.data))
			codes["none"]++
		case errors.As(err, &format):
			codes[format.Code]++
		case errors.Is(err, ErrNotELF):
			codes["not ELF"]++
		}
		if f != nil && err != nil || err != nil && format == nil && !errors.Is(err, ErrNotELF) {
			t.Fatalf("got %v and %v", f, err)
		}
	}
	t.Log(codes)
}
