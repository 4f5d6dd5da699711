package tags

import (
	"iter"
	"slices"
	"strconv"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// Target is a described interpreter on a described platform, ready to be asked
// about wheels as one installer would. Make one with [New].
type Target struct {
	python   Python
	platform Platform
	profile  Profile
	name     string
	features []VariantFeature

	platforms platformList

	// Blocks of the ordered list, each as long as the platform list. A block
	// that the list lacks is -1.
	interpreterTag string   // "cp311"
	interpreter    member   // 0 when the tag has no packed form
	abis           []string // a block each, from block 0
	packedABIs     []member
	stable         member // abi3 or abi3t; 0 when no stable ABI applies
	stableAt       int    // the interpreter's own block of the stable ABI
	noneAt         int    // the interpreter's own block of ABI none
	olderABI3At    int    // stable ABI of older CPythons, newest first
	olderABI3      int    // how many of them
	pyAt           int    // py311, py3, py310 ... py30, ABI none
	blocks         int

	// The tail of the list: ABI none on platform any.
	anyTag    string // "cp311", "pp3" or "" for none
	anyPacked member
}

// New readies a target for one installer. The error says which part of the
// description no tag can express.
func New(python Python, platform Platform, profile Profile) (*Target, error) {
	if err := python.check(); err != nil {
		return nil, err
	}
	if err := platform.check(); err != nil {
		return nil, err
	}
	t := &Target{python: python, platform: platform, profile: profile}
	t.platforms = newPlatformList(platform, profile)
	t.interpreterTag = pystr.Lower(python.tag())
	t.interpreter = interpreterMember(t.interpreterTag)
	abis := python.abis(profile, platform.OS == Linux)
	if python.isCPython() {
		t.layCPython(abis)
	} else {
		t.layGeneric(abis)
	}
	t.pyAt = t.blocks
	t.blocks += t.pyTags()
	t.layAny()
	return t, nil
}

// layCPython lays the blocks of packaging's cpython_tags.
func (t *Target) layCPython(abis []string) {
	threading := threaded(abis)
	explicit := []string{"abi3", "none"}
	if threading && t.profile != Packaging262 {
		explicit = []string{"abi3", "abi3t", "none"}
	}
	for _, abi := range explicit {
		if i := slices.Index(abis, abi); i >= 0 {
			abis = slices.Delete(abis, i, i+1)
		}
	}
	t.setABIs(abis)
	t.stableAt, t.noneAt = -1, -1
	uv := t.profile.Tool() == UV
	hasStable := t.python.Minor >= 0 && t.python.atLeast(3, 2)
	if uv {
		hasStable = t.python.Minor >= 2 // whatever the major version
	}
	if hasStable {
		t.stable = pack(kindABI3, 0, 0, 0)
		if threading {
			t.stable = pack(kindABI3T, 0, 0, 0)
		}
		t.stableAt = t.take(1)
	}
	// uv reaches this block only inside its loop over minor versions from 2.
	if !uv || t.python.Minor >= 2 {
		t.noneAt = t.take(1)
	}
	if t.stable != 0 {
		t.olderABI3 = max(t.python.Minor-2, 0)
		t.olderABI3At = t.take(t.olderABI3)
	}
}

// layGeneric lays the blocks of packaging's generic_tags: ABI none keeps an
// explicit place and otherwise comes last. uv has no none block here.
func (t *Target) layGeneric(abis []string) {
	t.stableAt, t.noneAt = -1, -1
	if !slices.Contains(abis, "none") && t.profile.Tool() != UV {
		abis = append(abis, "none")
	}
	t.setABIs(abis)
}

func (t *Target) setABIs(abis []string) {
	t.abis = abis
	t.packedABIs = make([]member, len(abis))
	for i, abi := range abis {
		t.packedABIs[i] = abiMember(abi)
	}
	t.blocks = len(abis)
}

func (t *Target) take(n int) int {
	at := t.blocks
	t.blocks += n
	return at
}

// layAny chooses the interpreter tag of the one <interpreter>-none-any.
func (t *Target) layAny() {
	switch {
	case t.python.isCPython():
		t.anyTag = t.interpreterTag
	case t.profile.Tool() == UV:
	case t.profile == Pip:
		t.anyTag = t.interpreterTag
	case t.python.Implementation == "pypy":
		t.anyTag = "pp3"
	}
	t.anyPacked = interpreterMember(t.anyTag)
}

// pyTags is how many of py311, py3, py310 ... py30 there are.
func (t *Target) pyTags() int {
	if t.python.Minor < 0 {
		return 1
	}
	return t.python.Minor + 2
}

// anyTags is the length of the list's tail.
func (t *Target) anyTags() int {
	return t.pyTags() + t.anyOwn()
}

// anyOwn is 1 when the tail begins with the one <interpreter>-none-any.
func (t *Target) anyOwn() int {
	if t.anyTag == "" {
		return 0
	}
	return 1
}

// WithName gives the same target with a name for messages, such as
// "debian:11/arm64".
func (t *Target) WithName(name string) *Target {
	named := *t
	named.name = name
	return &named
}

// Name is what [Target.WithName] set, otherwise a description in words.
func (t *Target) Name() string {
	if t.name != "" {
		return t.name
	}
	return t.python.String() + " on " + t.platform.String()
}

// Python gives the interpreter as described.
func (t *Target) Python() Python { return t.python }

// Platform gives the platform as described.
func (t *Target) Platform() Platform { return t.platform }

// Profile gives the installer whose list this is.
func (t *Target) Profile() Profile { return t.profile }

// Len is the number of tags in the ordered list.
func (t *Target) Len() int { return t.blocks*t.platforms.n + t.anyTags() }

// Platforms gives the platform tags, most preferred first.
func (t *Target) Platforms() []string {
	list := make([]string, t.platforms.n)
	var buf []byte
	for _, r := range t.platforms.spans {
		for step := 0; step <= r.steps && !r.alias; step++ {
			text := r.text
			if text == "" {
				buf = appendPlatform(buf[:0], r.low+member(r.steps-step)<<r.shift)
				text = string(buf)
			}
			list[r.at+step*r.stride] = text
		}
	}
	return list
}

// Tags yields the compatible tags, most preferred first. A tag may come twice
// when the description repeats an ABI, as it does in the tool's own list.
func (t *Target) Tags() iter.Seq[Tag] {
	return func(yield func(Tag) bool) {
		platforms := t.Platforms()
		for interpreter, abi := range t.pairs() {
			for _, p := range platforms {
				if !yield(Tag{interpreter, abi, p}) {
					return
				}
			}
		}
		if t.anyTag != "" && !yield(Tag{t.anyTag, "none", "any"}) {
			return
		}
		for i := range t.pyTags() {
			if !yield(Tag{t.pyTag(i), "none", "any"}) {
				return
			}
		}
	}
}

// pairs yields the interpreter and ABI of each block in order.
func (t *Target) pairs() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, abi := range t.abis {
			if !yield(t.interpreterTag, abi) {
				return
			}
		}
		stable := "abi3"
		if t.stable.kind() == kindABI3T {
			stable = "abi3t"
		}
		if t.stableAt >= 0 && !yield(t.interpreterTag, stable) {
			return
		}
		if t.noneAt >= 0 && !yield(t.interpreterTag, "none") {
			return
		}
		for i := range t.olderABI3 {
			older := "cp" + strconv.Itoa(t.python.Major) + strconv.Itoa(t.python.Minor-1-i)
			if !yield(older, stable) {
				return
			}
		}
		for i := range t.pyTags() {
			if !yield(t.pyTag(i), "none") {
				return
			}
		}
	}
}

// pyTag is the i-th of py311, py3, py310, py39 ... py30.
func (t *Target) pyTag(i int) string {
	major := "py" + strconv.Itoa(t.python.Major)
	switch {
	case t.python.Minor < 0 || i == 1:
		return major
	case i == 0:
		return major + strconv.Itoa(t.python.Minor)
	}
	return major + strconv.Itoa(t.python.Minor+1-i)
}
