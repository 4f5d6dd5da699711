package elfaudit

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// File holds the facts of one ELF file. It is immutable once read.
type File struct {
	Class      int              // 32 or 64, the width of addresses
	Order      binary.ByteOrder // [binary.LittleEndian] or [binary.BigEndian]
	Type       elf.Type
	Kind       Kind
	Machine    elf.Machine
	OSABI      elf.OSABI
	ABIVersion uint8
	Padded     bool   // a byte of e_ident after EI_ABIVERSION is not zero
	Flags      uint32 // e_flags, raw; see ARM, RISCV and LoongArch

	Interpreter string   // PT_INTERP, the path of the dynamic loader, or ""
	Static      bool     // an executable that needs no dynamic loader
	Soname      string   // DT_SONAME, or ""
	Needed      []string // DT_NEEDED in order, as written
	RPath       []string // DT_RPATH split at colons, empty elements kept; nil when absent
	RunPath     []string // DT_RUNPATH, likewise
	Filters     []string // DT_FILTER in order: glibc loads these like those of Needed, musl ignores them
	Auxiliaries []string // DT_AUXILIARY in order: the same, but they may be missing

	VersionNeeds []VersionNeed // one for each record of DT_VERNEED, in order
	VersionDefs  []VersionDef  // one for each record of DT_VERDEF, in order

	Dynamic      bool         // has PT_DYNAMIC; glibc refuses a library without it
	DynamicSize  uint64       // its p_filesz in bytes; glibc refuses 0, the mark of a file of debug information
	DynamicFlags elf.ProgFlag // its p_flags; from 2.35 on glibc does not write to it where they do not allow that
	// DynamicReadOnly reports that the loadable segment of the dynamic table is not writable.
	DynamicReadOnly bool
	// Entries are the dynamic entries that locate or describe tables and those of flags
	// and initialisation functions, by their tags. Of several with one tag it is the
	// last, which is the one that loaders take. What names a library is in Needed,
	// Filters and Auxiliaries.
	Entries map[elf.DynTag]uint64
	// Unreadable names the first table in a segment that may not be read, or is "".
	Unreadable string
	PIE        bool   // DF_1_PIE: a program, which glibc refuses as a library
	NoOpen     bool   // DF_1_NOOPEN: glibc refuses to load the file with dlopen
	Init       bool   // has DT_INIT, a function that runs when the file is loaded
	InitArray  uint64 // the number of such functions in DT_INIT_ARRAY
	// Misplaced are the entries of functions that loaders call by themselves, such as
	// DT_INIT and DT_FINI_ARRAY, of which one is in no executable segment, in ascending
	// order. Of libraries only.
	Misplaced []elf.DynTag
	// NarrowHash reports that DT_HASH is in words of 32 bits on s390x, where the ABI and
	// the loaders have 64. LLVM's linker writes it like this.
	NarrowHash bool

	SymbolsFrom SymbolSource // how the number of dynamic symbols was found

	Stack        Stack
	RELRO        bool   // has PT_GNU_RELRO
	RELROAddr    uint64 // where the part of memory begins that the loader makes read-only
	RELROSize    uint64 // its bytes
	BindNow      bool   // DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW
	TextRel      bool   // DT_TEXTREL or DF_TEXTREL; see Relocations.Text
	WritableExec bool   // a loadable segment is both writable and executable
	Relr         bool   // has DT_RELR, packed relative relocations
	LoadAlign    uint64 // smallest p_align of the loadable segments, in bytes; 1 means unaligned
	Loads        []Load // the loadable segments in the order of their headers

	// HeadersElsewhere reports that PT_PHDR leads to other bytes than e_phoff. glibc and
	// unwinders look for program headers there.
	HeadersElsewhere bool

	Relocations Relocations
	TLS         *TLS // PT_TLS, or nil
	StaticTLS   StaticTLS

	Properties  Properties // .note.gnu.property
	ABITag      *ABITag    // .note.ABI-tag, or nil
	Android     *Android   // .note.android.ident, or nil
	BuildID     []byte     // .note.gnu.build-id, or nil
	NotesBroken bool       // a note segment is not a list of notes throughout

	ARM       *ARM       // only for EM_ARM
	RISCV     *RISCV     // only for EM_RISCV
	LoongArch *LoongArch // only for EM_LOONGARCH

	syms symbolTable
}

// Footprint returns roughly how many bytes of memory the tables of f use, for
// programs that keep many Files.
func (f *File) Footprint() int64 {
	const header, record = 16, 40 // of a string, and of a version with its place in the index
	n := int64(len(f.syms.names.text)+len(f.syms.data)+len(f.syms.versym)) + header*int64(len(f.Needed)+len(f.RPath)+len(f.RunPath)+len(f.Filters)+len(f.Auxiliaries)+len(f.StaticTLS.Symbols))
	n += record * int64(len(f.VersionNeeds)+len(f.VersionDefs)+len(f.syms.versions)+len(f.Loads))
	return n
}

// Kind is the kind of an ELF file.
type Kind uint8

// The kinds of ELF files.
const (
	// KindOther is a type that an operating system or processor supplement
	// defines. Only the header has been read.
	KindOther Kind = iota
	// KindExecutable is a program: ET_EXEC, or ET_DYN marked DF_1_PIE, or
	// ET_DYN that names an interpreter and has no soname, or ET_DYN without
	// a dynamic segment.
	KindExecutable
	// KindSharedObject is any other ET_DYN: a library or an extension module.
	KindSharedObject
	// KindRelocatable is an object file for the linker (ET_REL). It has no
	// dynamic information; only the header has been read.
	KindRelocatable
	// KindCore is a core dump. Only the header has been read.
	KindCore
)

// String returns a short lower-case name.
func (k Kind) String() string {
	switch k {
	case KindExecutable:
		return "executable"
	case KindSharedObject:
		return "shared object"
	case KindRelocatable:
		return "relocatable object"
	case KindCore:
		return "core dump"
	}
	return "other"
}

// Stack is what PT_GNU_STACK asks for.
type Stack uint8

// The kinds of stack that a file may ask for.
const (
	StackDefault Stack = iota // no PT_GNU_STACK: the loader uses the machine's default
	StackNoExec               // not executable
	StackExec                 // executable
)

// String returns a short lower-case name.
func (s Stack) String() string {
	switch s {
	case StackNoExec:
		return "no-exec"
	case StackExec:
		return "exec"
	}
	return "default"
}

// ReadFile reads the facts of the file at path. Errors carry the path and wrap
// what [Read] returns.
func ReadFile(path string) (*File, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return nil, err
	}
	f, err := Read(r, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// Read reads the facts of the ELF file in the first size bytes of r. It reads
// only the ranges that hold them, in windows of 4 KiB or whole tables. The
// error is [ErrNotELF] or a [*FormatError], and then the File is nil.
func Read(r io.ReaderAt, size int64) (*File, error) {
	p := &parser{image: image{r: r, size: size}, f: new(File)}
	if err := p.read(); err != nil {
		return nil, err
	}
	return p.f, nil
}

// parser carries what one Read needs beyond its result.
type parser struct {
	image
	f    *File
	hdr  header
	segs []segment
	dyn  dynamic
	strs stringTable

	hashed hashed
	called []array
	slots  []slot
}

// read runs the steps in order; each relies on those before it.
func (p *parser) read() error {
	if err := p.readHeader(); err != nil {
		return err
	}
	switch p.f.Type {
	case elf.ET_REL:
		p.f.Kind = KindRelocatable
		return nil
	case elf.ET_CORE:
		p.f.Kind = KindCore
		return nil
	case elf.ET_EXEC, elf.ET_DYN:
	default:
		return nil
	}
	for _, step := range [...]func() error{
		p.readSegments,
		p.readNotes,
		p.readAttributes,
		p.readDynamic,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
