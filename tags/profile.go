package tags

import "fmt"

// Profile is an installer whose ordered list of tags is meant.
type Profile uint8

const (
	// Packaging is packaging 26.3: linux_* before manylinux, macOS fat3.
	Packaging Profile = iota
	// Packaging262 is packaging 26.2 and older: linux_* last, macOS fat32.
	Packaging262
	// Pip is pip 26.3: packaging 26.3, but PyPy gets ppXY-none-any where
	// packaging has pp3-none-any.
	Pip
	// UV is uv 0.13: linux_* last, higher glibc floors on riscv64 and
	// loongarch64, no untyped tags for PyPy and GraalPy.
	UV
	// UVVariants is uv 0.13.9 with --preview-features wheel-variants: the tags of UV,
	// and variant wheels (PEP 825), which every other profile ignores.
	UVVariants
)

var profileNames = [...]string{Packaging: "packaging", Packaging262: "packaging@26.2", Pip: "pip", UV: "uv", UVVariants: "uv+variants"}

// String gives the name as users write it, such as "packaging@26.2".
func (p Profile) String() string {
	if int(p) < len(profileNames) {
		return profileNames[p]
	}
	return fmt.Sprintf("Profile(%d)", uint8(p))
}

// Tool is the installer without regard to its preview features: UV for UVVariants,
// any other profile itself.
func (p Profile) Tool() Profile {
	if p == UVVariants {
		return UV
	}
	return p
}

// Variants reports whether the installer takes variant wheels.
func (p Profile) Variants() bool { return p == UVVariants }

// linuxLast reports whether linux_* comes after the manylinux and musllinux
// tags. Until packaging 26.3 every installer had it so.
func (p Profile) linuxLast() bool { return p == Packaging262 || p.Tool() == UV }

// fat3 is the three-way fat macOS format. It was misspelt before 26.3.
func (p Profile) fat3() arch {
	if p == Packaging262 || p.Tool() == UV {
		return archFat32
	}
	return archFat3
}
