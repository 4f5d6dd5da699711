package distro

import (
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// TestUV checks each name of uv 0.13.9's --python-platform against what uv takes it
// to mean when its environment variables are unset.
func TestUV(t *testing.T) {
	glibc := func(arch string, minor int) tags.Platform {
		return tags.Platform{OS: tags.Linux, Arch: arch, Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: minor}}
	}
	musl := func(arch string) tags.Platform {
		return tags.Platform{OS: tags.Linux, Arch: arch, Libc: tags.Libc{Family: tags.Musl, Major: 1, Minor: 2}}
	}
	apple := func(os tags.OS, arch string) tags.Platform { return tags.Platform{OS: os, Arch: arch, Major: 13} }
	windows := func(arch string) tags.Platform { return tags.Platform{OS: tags.Windows, Arch: arch} }
	android := func(arch string) tags.Platform { return tags.Platform{OS: tags.Android, Arch: arch, Major: 24} }
	pyodide := func(version string) tags.Platform {
		return tags.Platform{OS: tags.Emscripten, Arch: "wasm32", PyEmscripten: version}
	}
	names := map[string]tags.Platform{
		"linux": glibc("x86_64", 28), "x86_64-unknown-linux-gnu": glibc("x86_64", 28), "aarch64-unknown-linux-gnu": glibc("aarch64", 28),
		"riscv64-unknown-linux":   glibc("riscv64", 39),
		"s390x-unknown-linux-gnu": glibc("s390x", 28), "powerpc64le-unknown-linux-gnu": glibc("ppc64le", 28), "loongarch64-unknown-linux-gnu": glibc("loongarch64", 36),
		"s390x-manylinux_2_31": glibc("s390x", 31), "powerpc64le-manylinux2014": glibc("ppc64le", 17), "loongarch64-manylinux_2_38": glibc("loongarch64", 38),
		"x86_64-unknown-linux-musl": musl("x86_64"), "aarch64-unknown-linux-musl": musl("aarch64"),
		"macos": apple(tags.MacOS, "arm64"), "aarch64-apple-darwin": apple(tags.MacOS, "arm64"), "x86_64-apple-darwin": apple(tags.MacOS, "x86_64"),
		"windows": windows("amd64"), "x86_64-pc-windows-msvc": windows("amd64"), "aarch64-pc-windows-msvc": windows("arm64"), "i686-pc-windows-msvc": windows("x86"),
		"aarch64-linux-android": android("arm64_v8a"), "x86_64-linux-android": android("x86_64"),
		"arm64-apple-ios":            apple(tags.IOS, "arm64_iphoneos"),
		"arm64-apple-ios-simulator":  apple(tags.IOS, "arm64_iphonesimulator"),
		"x86_64-apple-ios-simulator": apple(tags.IOS, "x86_64_iphonesimulator"),
		"wasm32-pyodide2024":         pyodide("2024_0"), "wasm32-pyodide2025": pyodide("2025_0"),
	}
	minors := map[string]int{"2014": 17, "_2_17": 17, "_2_28": 28}
	for minor := 31; minor <= 40; minor++ {
		minors["_2_"+string(rune('0'+minor/10))+string(rune('0'+minor%10))] = minor
	}
	for _, arch := range []string{"x86_64", "aarch64"} {
		for suffix, minor := range minors {
			names[arch+"-manylinux"+suffix] = glibc(arch, minor)
			names["manylinux"+suffix+"_"+arch] = glibc(arch, minor) // uv's alias
		}
	}
	for name, want := range names {
		d, err := Parse("3.12@"+name, none)
		if err != nil || d.Platform != want {
			t.Errorf("%s: %+v, %v; want %+v", name, d.Platform, err, want)
			continue
		}
		if d.Name != "3.12@"+name {
			t.Errorf("%s: named %s", name, d.Name)
		}
		if bare := name == "linux" || name == "macos" || name == "windows"; d.AssumedArch != bare {
			t.Errorf("%s: AssumedArch %v", name, d.AssumedArch)
		}
		sameAgain(t, d)
	}
}

// TestOtherTriples are of machines that uv has no name for: the libc's version
// is then not implied.
func TestOtherTriples(t *testing.T) {
	for word, arch := range map[string]string{
		"i686-unknown-linux-gnu": "i686", "armv7-unknown-linux-gnueabihf": "armv7l", "riscv64gc-unknown-linux-gnu": "riscv64", "mips64el-unknown-linux-gnu": "mips64",
	} {
		d, err := Parse("3.12@"+word, Options{Glibc: "2.36"})
		if err != nil || d.Platform.Arch != arch || d.Platform.Libc.Minor != 36 || !d.GivenLibc {
			t.Errorf("%s: %+v, %v; want %s", word, d, err, arch)
		}
	}
	for _, word := range []string{"x86_64-linux-gnu", "x86_64-unknown-freebsd", "sparc64-unknown-linux-gnu", "x86_64-", "-unknown-linux-gnu", "x86_64-manylinux", "x86_64-manylinux_2_28_aarch64", "x86_64-manylinux_2_28-x"} {
		if d, err := Parse("3.12@"+word, none); err == nil {
			t.Errorf("%s: %+v; want an error", word, d)
		}
	}
}
