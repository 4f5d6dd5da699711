package detect

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// buildDetails reads the file of PEP 739.
func (r *reader) buildDetails(b *build) {
	name := path.Join(b.library, "build-details.json")
	text, ok := r.root.text(name)
	if !ok {
		return
	}
	var details struct {
		Language struct {
			Version string `json:"version"`
		} `json:"language"`
		Implementation struct {
			Name    string `json:"name"`
			Version struct {
				Major, Minor, Micro int
				ReleaseLevel        string `json:"releaselevel"`
				Serial              int
			} `json:"version"`
		} `json:"implementation"`
		ABI struct {
			Flags           []string `json:"flags"`
			ExtensionSuffix string   `json:"extension_suffix"`
		} `json:"abi"`
	}
	if err := json.Unmarshal([]byte(text), &details); err != nil {
		r.root.warn(CodeDamaged, name, "is not the JSON of PEP 739: %v", err)
		return
	}
	if !b.is(details.Language.Version) {
		return
	}
	b.takeVersion(details.Language.Version)
	if i := details.Implementation.Name; i != "" {
		b.implementation = strings.ToLower(i)
	}
	if v := details.Implementation.Version; b.implementation == "cpython" && v.Major == b.major && v.Minor == b.minor {
		b.version = fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Micro)
		if short, ok := map[string]string{"alpha": "a", "beta": "b", "candidate": "rc"}[v.ReleaseLevel]; ok {
			b.version += fmt.Sprintf("%s%d", short, v.Serial)
		}
		b.fact("version", b.version, name)
	}
	soabi := strings.TrimSuffix(strings.TrimPrefix(details.ABI.ExtensionSuffix, "."), ".so")
	if machineMatches(soabi, b.file) {
		b.takeFlags(strings.Join(details.ABI.Flags, ""), name)
		b.takeSOABI(soabi, name)
	}
}

// takeVersion accepts a language version such as "3.14" where none is known.
func (b *build) takeVersion(text string) {
	major, minor, ok := strings.Cut(text, ".")
	x, err := strconv.Atoi(major)
	y, err2 := strconv.Atoi(minor)
	if ok && b.minor < 0 && err == nil && err2 == nil && x >= 2 && x <= 9 && y >= 0 && y < 100 {
		b.major, b.minor = x, y
	}
}

// takeFlags accepts ABI flags where none are known. The older "m" and "u" of
// Python 2 and 3.7 follow from the version.
func (b *build) takeFlags(flags, from string) {
	if b.flagsKnown {
		return
	}
	b.flags, b.flagsKnown = flags, true
	b.fact("abi flags", strconv.Quote(flags), from)
}

func (b *build) takeSOABI(soabi, from string) {
	if b.soabi == "" && soabi != "" {
		b.soabi = soabi
		b.fact("soabi", soabi, from)
	}
}

// assignment is one entry of the dictionary in a _sysconfigdata module.
var assignment = lazy(`(?m)^(?:build_time_vars = )?[ {]*'(ABIFLAGS|EXT_SUFFIX|Py_DEBUG|Py_GIL_DISABLED|SOABI|VERSION)':\s*(?:'([^'\n]*)'|"([^"\n]*)"|(\d+))`)

// sysconfig reads the _sysconfigdata module of the interpreter. A library shared
// by several builds has one for each.
func (r *reader) sysconfig(b *build) {
	for _, file := range r.root.names(b.library) {
		if !strings.HasPrefix(file, "_sysconfigdata") || !strings.HasSuffix(file, ".py") {
			continue
		}
		name := path.Join(b.library, file)
		text, ok := r.root.text(name)
		if !ok {
			continue
		}
		vars := map[string]string{}
		for _, m := range assignment().FindAllStringSubmatch(text, -1) {
			vars[m[1]] = m[2] + m[3] + m[4]
		}
		soabi := vars["SOABI"]
		if soabi == "" {
			soabi = strings.TrimSuffix(strings.TrimPrefix(vars["EXT_SUFFIX"], "."), ".so")
		}
		flags := buildFlags(vars)
		if len(vars) == 0 || !b.is(vars["VERSION"]) || !machineMatches(soabi, b.file) || b.flagsKnown && flags != b.flags {
			continue
		}
		if !b.flagsKnown && flags != "" && r.sharedLibrary(b) {
			continue // the plain build is the one whose name says nothing
		}
		b.takeVersion(vars["VERSION"])
		b.takeFlags(flags, name)
		b.takeSOABI(soabi, name)
		return
	}
}

// buildFlags gives the ABI flags of today's tags: t and d.
func buildFlags(vars map[string]string) string {
	flags := ""
	if vars["Py_GIL_DISABLED"] == "1" || strings.Contains(vars["ABIFLAGS"], "t") {
		flags += "t"
	}
	if vars["Py_DEBUG"] == "1" || strings.Contains(vars["ABIFLAGS"], "d") {
		flags += "d"
	}
	return flags
}

// sharedLibrary reports whether a plain build uses the same library.
func (r *reader) sharedLibrary(b *build) bool {
	for _, file := range r.root.names(b.library) {
		if strings.HasPrefix(file, "_sysconfigdata__") {
			return true
		}
	}
	return false
}

// extension is the suffix of an extension module.
var extension = lazy(`\.((?:cpython|pypy|graalpy)[0-9]*-[0-9a-z]+[0-9A-Za-z_-]*)\.so$`)

// cpythonSuffix takes a CPython suffix apart.
var cpythonSuffix = lazy(`^cpython-([23])(\d{1,2})(t?d?)m?u?(?:-|$)`)

// suffixes reads the names of the extension modules of the standard library.
func (r *reader) suffixes(b *build) {
	if b.soabi != "" {
		return
	}
	for _, dir := range []string{"lib-dynload", ".", "*"} {
		for _, name := range r.root.glob(path.Join(b.library, dir, "*.so")) {
			m := extension().FindStringSubmatch(name)
			if m == nil || !machineMatches(m[1], b.file) {
				continue
			}
			if c := cpythonSuffix().FindStringSubmatch(m[1]); c != nil {
				if !b.is(c[1]+"."+c[2]) || b.flagsKnown && b.flags != c[3] {
					continue
				}
				b.takeVersion(c[1] + "." + c[2])
				b.takeFlags(c[3], name)
			}
			b.takeSOABI(m[1], name)
			return
		}
	}
}

// headerVersion is the definition in patchlevel.h, which PyPy has as well.
var headerVersion = lazy(`(?m)^#define\s+PY_VERSION\s+"([23]\.\d{1,2}\.\d{1,2}[0-9a-z]*)\+?"`)

// patchRelease finds the whole version: in the header, or as a string in the
// program or its libpython.
func (r *reader) patchRelease(b *build) {
	if b.version != "" || b.minor < 0 {
		return
	}
	want := fmt.Sprintf("%d.%d.", b.major, b.minor)
	if b.library != "" {
		name := path.Base(b.library)
		for _, include := range []string{name, name + "m", name + b.flags} {
			header := path.Join(path.Dir(path.Dir(b.library)), "include", include, "patchlevel.h")
			text, ok := r.root.text(header)
			if m := headerVersion().FindStringSubmatch(text); ok && m != nil && strings.HasPrefix(m[1], want) {
				b.version = m[1]
				b.fact("version", b.version, header)
				return
			}
		}
	}
	if b.implementation == "" || b.implementation == "cpython" {
		r.versionInside(b, want)
	}
}

// versionInside looks for CPython's version as a whole string in the program.
func (r *reader) versionInside(b *build, want string) {
	programs := []string{b.program}
	for _, needed := range b.ownLibraries() {
		if lib, ok := r.find(r.loaderFor(b.file), needed, &loader.Object{Path: absolute(b.program), File: b.file}); ok {
			programs = []string{lib.Place}
		}
	}
	whole := regexp.MustCompile(`\x00(` + regexp.QuoteMeta(want) + `\d{1,2}(?:(?:a|b|rc)\d{1,2})?)\+?\x00`)
	for _, program := range programs {
		version, known := r.inside[want+" "+program]
		if !known {
			r.root.search(program, func(part []byte) bool {
				if m := whole.FindSubmatch(part); m != nil {
					version = string(m[1])
				}
				return version != ""
			})
			r.inside[want+" "+program] = version
		}
		if version != "" {
			b.version = version
			b.fact("version", version, program)
		}
	}
}
