package elfaudit

import (
	"bufio"
	"bytes"
	"debug/elf"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var everything = flag.Bool("everything", false, "read all wheels and compare with readelf on all system libraries, which takes minutes")

// TestReadelf compares every fact with GNU readelf's reading of the section
// headers, on the test data and on the libraries of this machine.
func TestReadelf(t *testing.T) {
	if _, err := exec.LookPath("readelf"); err != nil {
		t.Skip("no readelf on this machine")
	}
	t.Run("fixtures", func(t *testing.T) {
		compareWithReadelf(t, fixtureSamples(t))
		compareRelocations(t, fixtureSamples(t))
	})
	t.Run("system", func(t *testing.T) {
		limit := 200
		switch {
		case testing.Short():
			limit = 20
		case *everything:
			limit = 4000
		}
		files := systemSamples(t, limit)
		compareRelocations(t, smaller(files, 512<<10, 40))
		for len(files) > 0 {
			n := min(len(files), 20)
			compareWithReadelf(t, files[:n])
			files = files[n:]
		}
	})
}

// compareWithReadelf compares what readelf prints about files, but for their
// relocations.
func compareWithReadelf(t *testing.T, files []sample) {
	t.Helper()
	readelf(t, files, []string{"--dyn-syms", "-d", "-V", "-l", "-n"}, func(name string, f *File, want *printed) {
		sameFacts(t, name, append(staticFacts(f), dynamicFacts(f)...), append(staticFacts(want.file), want.lines()...))
	})
}

// smaller returns at most n of files, none larger than size bytes.
func smaller(files []sample, size, n int) (some []sample) {
	for _, s := range files {
		if len(s.data) <= size && len(some) < n {
			some = append(some, s)
		}
	}
	return some
}

// compareRelocations compares what rests on relocations, of which readelf prints
// a line each.
func compareRelocations(t *testing.T, files []sample) {
	t.Helper()
	readelf(t, files, []string{"--dyn-syms", "-d", "-l", "-r"}, func(name string, f *File, want *printed) {
		sameFacts(t, name, relocationFacts(f), relocationFacts(want.file))
	})
}

// readelf runs readelf once over files and calls compare for each that has
// section headers, by which readelf goes.
func readelf(t *testing.T, files []sample, args []string, compare func(name string, f *File, want *printed)) {
	t.Helper()
	dir := t.TempDir()
	args = append([]string{"-W"}, args...)
	var read []*File
	var names []string
	for i, s := range files {
		f, err := Read(bytes.NewReader(s.data), int64(len(s.data)))
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if f.Kind != KindExecutable && f.Kind != KindSharedObject || !hasSections(f, s.data) {
			continue
		}
		name := filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(name, s.data, 0o600); err != nil {
			t.Fatal(err)
		}
		args, read, names = append(args, name), append(read, f), append(names, s.name)
	}
	if len(read) == 0 {
		return
	}
	args = append(args, os.DevNull) // makes readelf name each file even if there is one only
	cmd := exec.Command("readelf", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, _ := cmd.Output() // fails for the empty file
	parts := bytes.Split(out, []byte("\nFile: "))
	if len(parts) < len(read)+1 {
		t.Fatalf("readelf printed %d parts for %d files", len(parts), len(read))
	}
	for i, f := range read {
		compare(names[i], f, parseReadelf(t, bytes.NewReader(parts[i+1])))
	}
	for i := range files {
		os.Remove(filepath.Join(dir, strconv.Itoa(i)))
	}
}

// hasSections says whether the header points to section headers.
func hasSections(f *File, data []byte) bool {
	at, size := 32, 4
	if f.Class == 64 {
		at, size = 40, 8
	}
	return slices.ContainsFunc(data[at:at+size], func(b byte) bool { return b != 0 })
}

// fixtureSamples returns the ELF files of the repository's test data.
func fixtureSamples(t *testing.T) []sample {
	names, _ := filepath.Glob(filepath.Join("..", "testdata", "elf", "*"))
	var found []sample
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err == nil && bytes.HasPrefix(data, []byte(elf.ELFMAG)) {
			found = append(found, sample{name, data})
		}
	}
	if len(found) == 0 {
		t.Skip("no ELF files in the test data")
	}
	return found
}

// printed is what readelf prints about a file.
type printed struct {
	file    *File // without symbols
	symbols []string
	defined map[string]bool // symbols of the file by name

	types   []string        // of the segments
	covered map[string]bool // sections of notes that a segment covers
	wide    bool            // 64-bit
	skip    bool            // the notes being printed are not covered
}

// lines writes the facts of the dynamic segment like dynamicFacts.
func (p *printed) lines() []string { return append(dynamicFacts(p.file), p.symbols...) }

var (
	loadLine = regexp.MustCompile(`^  ([A-Z]\S*) +(0x\w+) (0x\w+) 0x\w+ (0x\w+) (0x\w+) (...) (0x\w+|\d+)$`)
	relLine  = regexp.MustCompile(`^([0-9a-f]{8,}) +[0-9a-f]{8,} (R_\w+)(?: +[0-9a-f]{8,} +(\S+)|.*)`)
	// Not DTPOFF and DTPREL, which are distances in the storage of one file.
	threadOffset = regexp.MustCompile(`_(TLS_)?TP(OFF|REL)\d*(_[A-Z]+)?$`)

	dynLine  = regexp.MustCompile(`^ 0x[0-9a-f]+ \((\w+)\) +(.*)$`)
	bracket  = regexp.MustCompile(`\[(.*)\]`)
	mapLine  = regexp.MustCompile(`^   (\d\d) +(.*)$`)
	needFile = regexp.MustCompile(`^  \S+: Version: 1  File: (.*)  Cnt: \d+$`)
	needName = regexp.MustCompile(`^  0x\w+:   Name: (.*)  Flags: (.*)  Version: (\d+)$`)
	defLine  = regexp.MustCompile(`^  \S+: Rev: 1  Flags: (.*)  Index: (\d+)  Cnt: \d+  Name: (.*)$`)
	defUp    = regexp.MustCompile(`^  0x\w+: Parent \d+: (.*)$`)
	symLine  = regexp.MustCompile(`^ *(\d+): [0-9a-f]+ +\w+ (\S+|<\w+ specific>: \d+) +(\S+|<\w+ specific>: \d+) +([A-Z]+) (?: *\[.*?\])? +(\w+)(?: (.*))?$`)
)

// parseReadelf takes apart the output of readelf for one file.
func parseReadelf(t *testing.T, r io.Reader) *printed {
	p := &printed{file: &File{Entries: map[elf.DynTag]uint64{}}, covered: map[string]bool{}, defined: map[string]bool{}}
	var relocations [][]string
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		line := s.Text()
		if m := loadLine.FindStringSubmatch(line); m != nil {
			p.segment(m)
		} else if m := dynLine.FindStringSubmatch(line); m != nil {
			p.dynamic(m[1], m[2])
		} else if m := relLine.FindStringSubmatch(line); m != nil {
			relocations = append(relocations, m)
		} else if m := symLine.FindStringSubmatch(line); m != nil {
			if m[1] != "0" {
				p.symbols = append(p.symbols, p.symbol(m))
			}
		} else {
			p.cover(line)
			p.version(line)
			p.note(strings.TrimSpace(line))
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	for _, m := range relocations {
		p.relocation(m)
	}
	if size := map[bool]uint64{true: 8, false: 4}[p.wide]; p.file.InitArray > 0 {
		p.file.InitArray /= size
	}
	return p
}

// relocation takes a line of the relocations. Those of DT_RELR are printed in
// another form.
func (p *printed) relocation(m []string) {
	f := p.file
	addr, _ := strconv.ParseUint(m[1], 16, 64)
	for _, l := range f.Loads {
		if addr >= l.Addr && addr < l.Addr+l.MemSize && l.Flags&elf.PF_W == 0 && !strings.HasSuffix(m[2], "_NONE") {
			f.Relocations.Text = true
		}
	}
	if !threadOffset.MatchString(m[2]) {
		return
	}
	name, _, _ := strings.Cut(m[3], "@")
	switch {
	case name == "" || p.defined[name]:
		f.StaticTLS.Own = true
	case !slices.Contains(f.StaticTLS.Symbols, name):
		f.StaticTLS.Symbols = append(f.StaticTLS.Symbols, name)
	}
}

// cover takes a line that tells which sections a segment covers, or whose
// notes follow. readelf also prints notes that no loader sees: linkers that
// did not know .note.gnu.property left it outside the segments.
func (p *printed) cover(line string) {
	if m := mapLine.FindStringSubmatch(line); m != nil {
		if i, _ := strconv.Atoi(m[1]); i < len(p.types) && (p.types[i] == "NOTE" || p.types[i] == "GNU_PROPERTY") {
			for _, section := range strings.Fields(m[2]) {
				p.covered[section] = true
			}
		}
	}
	if section, ok := strings.CutPrefix(line, "Displaying notes found in: "); ok {
		p.skip = !p.covered[section]
	}
}

// segment takes a program header.
func (p *printed) segment(m []string) {
	f := p.file
	p.types = append(p.types, m[1])
	p.wide = len(m[3]) > 10
	switch m[1] {
	case "GNU_STACK":
		f.Stack = StackNoExec
		if strings.Contains(m[6], "E") {
			f.Stack = StackExec
		}
	case "GNU_RELRO":
		f.RELRO, f.RELROAddr, f.RELROSize = true, number(m[3]), number(m[5])
	case "TLS":
		f.TLS = &TLS{number(m[3]), number(m[4]), number(m[5]), number(m[7])}
	case "DYNAMIC":
		f.Dynamic, f.DynamicSize = true, number(m[4])
	case "LOAD":
		l := Load{Offset: number(m[2]), Addr: number(m[3]), FileSize: number(m[4]), MemSize: number(m[5]), Align: number(m[7])}
		for i, flag := range []elf.ProgFlag{elf.PF_R, elf.PF_W, elf.PF_X} {
			if m[6][i] != ' ' {
				l.Flags |= flag
			}
		}
		f.Loads = append(f.Loads, l)
		if l.MemSize == 0 {
			return
		}
		if align := max(l.Align, 1); f.LoadAlign == 0 || align < f.LoadAlign {
			f.LoadAlign = align
		}
		f.WritableExec = f.WritableExec || l.Flags&(elf.PF_W|elf.PF_X) == elf.PF_W|elf.PF_X
	}
}

// number reads a number in C's notation.
func number(s string) uint64 {
	n, _ := strconv.ParseUint(s, 0, 64)
	return n
}

// dynamic takes an entry of the dynamic table.
func (p *printed) dynamic(tag, text string) {
	f := p.file
	value := ""
	if m := bracket.FindStringSubmatch(text); m != nil {
		value = m[1]
	}
	switch tag {
	case "NEEDED":
		f.Needed = append(f.Needed, value)
	case "SONAME":
		f.Soname = value
	case "RPATH":
		f.RPath = strings.Split(value, ":")
	case "RUNPATH":
		f.RunPath = strings.Split(value, ":")
	case "BIND_NOW":
		f.BindNow = true
	case "TEXTREL":
		f.TextRel = true
	case "FILTER":
		f.Filters = append(f.Filters, value)
	case "AUXILIARY":
		f.Auxiliaries = append(f.Auxiliaries, value)
	case "RELR":
		f.Relr = true
	case "RELRSZ":
		f.Entries[DTRelrsz] = first(text)
	case "RELRENT":
		f.Entries[DTRelrent] = first(text)
	case "RELENT":
		f.Entries[elf.DT_RELENT] = first(text)
	case "RELAENT":
		f.Entries[elf.DT_RELAENT] = first(text)
	case "RELACOUNT":
		f.Entries[elf.DT_RELACOUNT] = first(text)
	case "PLTREL":
		f.Entries[elf.DT_PLTREL] = map[string]uint64{"REL": uint64(elf.DT_REL), "RELA": uint64(elf.DT_RELA)}[text]
	case "INIT":
		f.Init = true
	case "INIT_ARRAYSZ":
		f.InitArray = first(text) // in bytes
	case "FLAGS", "FLAGS_1":
		f.StaticTLS.Flag = f.StaticTLS.Flag || strings.Contains(text, "STATIC_TLS")
		f.PIE = f.PIE || strings.Contains(text, "PIE")
		f.NoOpen = f.NoOpen || strings.Contains(text, "NOOPEN")
		f.BindNow = f.BindNow || strings.Contains(text, "NOW")
		f.TextRel = f.TextRel || strings.Contains(text, "TEXTREL")
	}
}

// first reads the number before a blank, as in "24 (bytes)".
func first(text string) uint64 {
	text, _, _ = strings.Cut(text, " ")
	return number(text)
}

// version takes a line of the version tables.
func (p *printed) version(line string) {
	f := p.file
	index := func(s string) uint16 { n, _ := strconv.ParseUint(s, 10, 16); return uint16(n) }
	if m := needFile.FindStringSubmatch(line); m != nil {
		f.VersionNeeds = append(f.VersionNeeds, VersionNeed{Library: m[1]})
	} else if m := needName.FindStringSubmatch(line); m != nil {
		n := &f.VersionNeeds[len(f.VersionNeeds)-1]
		n.Versions = append(n.Versions, Version{m[1], strings.Contains(m[2], "WEAK"), index(m[3])})
	} else if m := defLine.FindStringSubmatch(line); m != nil {
		f.VersionDefs = append(f.VersionDefs, VersionDef{
			Name: m[3], Base: strings.Contains(m[1], "BASE"), Weak: strings.Contains(m[1], "WEAK"), Index: index(m[2])})
	} else if m := defUp.FindStringSubmatch(line); m != nil {
		d := &f.VersionDefs[len(f.VersionDefs)-1]
		d.Parents = append(d.Parents, m[1])
	}
}

// note takes a line of the notes, or the interpreter.
func (p *printed) note(line string) {
	f := p.file
	if p.skip {
		return
	}
	for _, label := range []string{"Build ID: ", "Properties: ", "OS: "} { // after the note's type, on the same line
		if i := strings.Index(line, "\t"); i >= 0 && strings.Contains(line, label) {
			line = line[strings.Index(line, label):]
		}
	}
	if path, ok := strings.CutPrefix(line, "[Requesting program interpreter: "); ok {
		f.Interpreter = strings.TrimSuffix(path, "]")
	} else if id, ok := strings.CutPrefix(line, "Build ID: "); ok && f.BuildID == nil {
		fmt.Sscanf(id, "%x", &f.BuildID)
	} else if list, ok := strings.CutPrefix(line, "Properties: "); ok {
		p.properties(list)
	} else if strings.HasPrefix(line, "OS: Linux, ABI: ") {
		f.ABITag = new(ABITag)
		k := &f.ABITag.Kernel
		fmt.Sscanf(line, "OS: Linux, ABI: %d.%d.%d", &k[0], &k[1], &k[2])
	}
}

// properties takes a list such as "x86 feature: IBT, SHSTK, x86 ISA used: x86-64-v2".
func (p *printed) properties(list string) {
	to := &p.file.Properties
	label := ""
	for _, item := range strings.Split(list, ", ") {
		if before, after, ok := strings.Cut(item, ": "); ok {
			label, item = before, after
		}
		level := map[string]X86ISA{"x86-64-baseline": X86Baseline, "x86-64-v2": X86V2, "x86-64-v3": X86V3, "x86-64-v4": X86V4}[item]
		switch label {
		case "x86 ISA needed":
			to.X86ISANeeded |= level
		case "x86 feature":
			to.IBT, to.SHSTK = to.IBT || item == "IBT", to.SHSTK || item == "SHSTK"
		case "AArch64 feature":
			to.BTI, to.PAC = to.BTI || item == "BTI", to.PAC || item == "PAC"
		}
	}
}

// symbol writes a line of the symbol table like symbolFact.
func (p *printed) symbol(m []string) string {
	s := Symbol{Name: m[6], Defined: m[5] != "UND"}
	for typ, name := range map[elf.SymType]string{elf.STT_OBJECT: "OBJECT", elf.STT_FUNC: "FUNC", elf.STT_SECTION: "SECTION",
		elf.STT_FILE: "FILE", elf.STT_COMMON: "COMMON", elf.STT_TLS: "TLS", elf.STT_GNU_IFUNC: "IFUNC"} {
		if m[2] == name {
			s.Type = typ
		}
	}
	s.Local, s.Weak, s.Unique = m[3] == "LOCAL", m[3] == "WEAK", m[3] == "UNIQUE" || m[3] == "<OS specific>: 10"
	for vis, name := range map[elf.SymVis]string{elf.STV_HIDDEN: "HIDDEN", elf.STV_INTERNAL: "INTERNAL", elf.STV_PROTECTED: "PROTECTED"} {
		if m[4] == name {
			s.Visibility = vis
		}
	}
	if name, version, ok := strings.Cut(s.Name, "@"); ok {
		s.Name, s.Hidden = name, true
		if version, ok = strings.CutPrefix(version, "@"); ok {
			s.Hidden = false
		}
		s.Version, _, _ = strings.Cut(version, " (")
	}
	p.defined[s.Name] = p.defined[s.Name] || s.Defined
	return symbolFact(s)
}
