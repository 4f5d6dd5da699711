package tags

import (
	"fmt"
	"strings"
)

// explainPair says why an interpreter and ABI do not fit; a candidate without
// a code means that they do, on the right platform.
func (t *Target) explainPair(interpreter, abi string) candidate {
	set := Set{text: [3]string{interpreter, abi, ""}, count: [3]uint32{1, 1, 0}}
	for c, read := range []func(string) member{interpreterMember, abiMember} {
		if set.inline[c] = read(set.text[c]); set.inline[c] == 0 {
			set.inline[c] = otherMember(0, len(set.text[c]))
		}
	}
	if block, tail := t.firstBlock(&set); block != noMatch || tail != noMatch {
		return candidate{}
	}
	m, a := set.inline[0], set.inline[1]
	switch m.kind() {
	case kindPy:
		return t.explainPy(m, interpreter, abi)
	case kindCPython:
		if !t.python.isCPython() {
			return t.otherImplementation("CPython", interpreter)
		}
		return t.explainCPython(m, a, interpreter, abi)
	}
	return t.explainOther(interpreter, abi)
}

// explainPy serves py3 and py311, which fit every implementation.
func (t *Target) explainPy(m member, interpreter, abi string) candidate {
	if abi != "none" {
		return never("no installer accepts %s-%s: a generic Python tag goes with ABI none only", interpreter, abi)
	}
	if m.minor() == noMinor {
		return t.otherVersion(m, fmt.Sprintf("needs Python %d", m.major()))
	}
	if m.major() != t.python.Major {
		return t.otherVersion(m, fmt.Sprintf("needs Python %d.%d or newer within Python %d", m.major(), m.minor(), m.major()))
	}
	return t.otherVersion(m, fmt.Sprintf("needs Python %d.%d or newer", m.major(), m.minor()))
}

func (t *Target) explainCPython(m, a member, interpreter, abi string) candidate {
	if m.minor() == noMinor {
		return never("no installer accepts the interpreter tag %s: CPython's tags name the minor version", interpreter)
	}
	version := fmt.Sprintf("%d.%d", m.major(), m.minor())
	same := m.major() == t.python.Major && m.minor() == t.python.Minor
	switch a.kind() {
	case kindABI3, kindABI3T:
		switch {
		case m.major() < 3 || m.major() == 3 && m.minor() < 2:
			return never("no installer accepts %s-%s: the stable ABI began with CPython 3.2", interpreter, abi)
		case m.major() != t.python.Major || m.minor() > t.python.Minor:
			return t.otherVersion(m, "needs CPython "+version+" or newer")
		}
		return t.otherStable(abi)
	case kindCPythonABI:
		if a.major() != m.major() || a.minor() != m.minor() {
			return never("no installer accepts %s-%s: the ABI is that of another Python than the tag says", interpreter, abi)
		}
	}
	if !same {
		return t.otherVersion(m, "built for CPython "+version+" only")
	}
	if a.kind() == kindCPythonABI {
		return t.otherFlags(a, abi)
	}
	return t.otherABI(abi)
}

// otherStable tells abi3 from abi3t.
func (t *Target) otherStable(abi string) candidate {
	c := candidate{near: nearABI, Reason: Reason{Code: ReasonFreeThreading, Need: abi}}
	if abi == "abi3" {
		c.Have = "abi3t"
		c.Message = fmt.Sprintf("free-threaded Python cannot load abi3 wheels; %s is free-threaded", t.describe())
		return c
	}
	c.Have = "abi3"
	c.Message = fmt.Sprintf("abi3t alone is for free-threaded Python; %s has a GIL and needs abi3 as well", t.describe())
	return c
}

// otherFlags tells CPython ABIs of one version apart.
func (t *Target) otherFlags(a member, abi string) candidate {
	free := a.arch()&flagThreaded != 0
	if free == threaded(t.abis) {
		return t.otherABI(abi)
	}
	c := candidate{near: nearABI, Reason: Reason{Code: ReasonFreeThreading, Need: abi, Have: strings.Join(t.abis, ", ")}}
	if free {
		c.Message = fmt.Sprintf("built for free-threaded Python (%s); %s has a GIL", abi, t.describe())
	} else {
		c.Message = fmt.Sprintf("built for Python with a GIL (%s); %s is free-threaded", abi, t.describe())
	}
	return c
}

func (t *Target) otherABI(abi string) candidate {
	have := strings.Join(t.abis, ", ")
	if have == "" {
		have = "none"
	}
	return candidate{near: nearABI, Reason: Reason{
		Code: ReasonABI, Need: abi, Have: have,
		Message: fmt.Sprintf("needs the ABI %s; %s has %s", abi, t.describe(), have),
	}}
}

// otherVersion tells of the version of the Python language.
func (t *Target) otherVersion(m member, need string) candidate {
	have := versionText(t.python.Major, t.python.Minor)
	minor := m.minor()
	if minor == noMinor {
		minor = -1
	}
	c := candidate{near: nearPython, Reason: Reason{
		Code: ReasonPythonVersion, Need: versionText(m.major(), minor), Have: have,
		Message: fmt.Sprintf("%s; %s", need, t.has("Python "+have)),
	}}
	c.distance = 1000*abs(m.major()-t.python.Major) + abs(max(minor, 0)-t.python.Minor)
	return c
}

// has says what the target has: "debian:11 has 3.9" or "the target is 3.9".
func (t *Target) has(what string) string {
	if t.name == "" {
		return "the target is " + what
	}
	return t.name + " has " + what
}

func (t *Target) otherImplementation(name, need string) candidate {
	return candidate{near: nearImplementation, Reason: Reason{
		Code: ReasonImplementation, Need: need, Have: t.interpreterTag,
		Message: fmt.Sprintf("built for %s only; %s", name, t.has(t.python.String())),
	}}
}

// explainOther serves interpreter tags outside CPython: pp310, graalpy311, and
// spellings that mean nothing.
func (t *Target) explainOther(interpreter, abi string) candidate {
	name := strings.TrimRight(interpreter, "0123456789")
	own := strings.TrimRight(t.interpreterTag, "0123456789")
	if t.python.isCPython() && strings.HasPrefix(name, "cp") && name != "cp" {
		return never("no interpreter has the tag %s: flags such as t belong to the ABI, not to the interpreter", interpreter)
	}
	if name != own {
		known := map[string]string{"pp": "PyPy", "graalpy": "GraalPy", "ip": "IronPython", "jy": "Jython", "pyston": "Pyston"}
		if long, ok := known[name]; ok {
			return t.otherImplementation(long, interpreter)
		}
		return t.otherImplementation("the interpreter "+interpreter, interpreter)
	}
	if interpreter != t.interpreterTag {
		if major, minor, ok := versionNoDot(interpreter[len(name):]); ok {
			return t.otherVersion(pack(kindPyPy, 0, major, minor), "built for "+interpreter+" only")
		}
		return t.otherImplementation("the interpreter "+interpreter, interpreter)
	}
	return t.otherABI(abi)
}

func versionText(major, minor int) string {
	if minor < 0 {
		return fmt.Sprint(major)
	}
	return fmt.Sprintf("%d.%d", major, minor)
}

func abs(n int) int { return max(n, -n) }
