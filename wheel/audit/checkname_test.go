package audit

import (
	"debug/elf"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/metadata"
)

// nameFindings are the findings about the name of a wheel without native code.
func nameFindings(t *testing.T, filename, requires string) string {
	t.Helper()
	name, err := wheel.ParseName(filename)
	if err != nil {
		t.Fatal(err)
	}
	s := &Subject{Filename: filename, name: name, ELF: linkset.New(nil)}
	for tag := range name.Tags.Members(tags.PartPlatform) {
		s.Claims = append(s.Claims, tags.ParsePlatformTag(tag))
	}
	s.dist.metadata, _ = metadata.Read("METADATA", &wheel.Metadata{RequiresPython: requires})
	var lines []string
	report := func(rule string, f finding.Finding) {
		f.Set(rule)
		lines = append(lines, strings.TrimSpace(f.Rule+" "+f.Need)+": "+strings.TrimPrefix(f.Message, `"`+filename+`": `))
	}
	for _, check := range []func(*Subject, reporter){checkImpossibleTags, checkNameForm, checkAliases} {
		check(s, report)
	}
	return strings.Join(lines, "\n")
}

// TestNameForm: names that are not in normal form, and what common build tools write.
func TestNameForm(t *testing.T) {
	for name, want := range map[string]string{
		"demo-1.0-py3-none-any.whl": "", "demo_x-1.0-py2.py3-none-any.whl": "", "demo-1.0-1-cp39.cp310-abi3-win_amd64.whl": "WT110: tag set \"cp39.cp310\" at offset 11 is not sorted: write cp310.cp39",
		"Demo-1.0-py3-none-any.whl":                                            `WT102: "Demo" at offset 0 is not in normal form: write demo`,
		"demo.x-1.0-py3-none-any.whl":                                          `WT102: "demo.x" at offset 0 is not in normal form: write demo_x`,
		"demo-1.00-py3-none-any.whl":                                           `WT102: "1.00" at offset 5 is not in normal form: write 1.0`,
		"demo-1.0-PY3-none-any.whl":                                            `WT102: tag "PY3" at offset 9 has capital letters`,
		"demo-1.0-py3.py3-none-any.whl":                                        `WT102: tag set "py3.py3" at offset 9 names a member twice`,
		"demo-1.0-py3.py2-none-any.whl":                                        `WT110: tag set "py3.py2" at offset 9 is not sorted: write py2.py3`,
		"demo-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl":  "",
		"demo-1.0-cp312-cp312-musllinux_1_2_x86_64.manylinux_2_28_x86_64.whl":  "",
		"demo-1.0-cp312-cp312-win_amd64.win32.whl":                             `WT110: tag set "win_amd64.win32" at offset 21 is not sorted: write win32.win_amd64`,
		"demo-1.0-cp312-cp312-musllinux_1_2_x86_64.linux_x86_64.whl":           `WT110: tag set "musllinux_1_2_x86_64.linux_x86_64" at offset 21 is not sorted: write linux_x86_64.musllinux_1_2_x86_64`,
		"demo-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux_2_17_x86_64.whl": `WT102: tag set "manylinux_2_17_x86_64.manylinux_2_17_x86_64" at offset 21 names a member twice`,
	} {
		if got := nameFindings(t, name, ""); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}

// TestImpossibleTags: a name with nothing but tags that no installer takes.
func TestImpossibleTags(t *testing.T) {
	const minor = ": no installer accepts %s: from macOS 11 on the minor number of a tag is 0; write "
	for tag, want := range map[string]string{
		"py3-none-macosx_14_4_arm64":  "WT103 macosx_14_0_arm64" + strings.Replace(minor, "%s", "macosx_14_4_arm64", 1) + "macosx_14_0_arm64",
		"py3-none-macosx_11_3_x86_64": "WT103 macosx_11_0_x86_64" + strings.Replace(minor, "%s", "macosx_11_3_x86_64", 1) + "macosx_11_0_x86_64",
		"py3-none-macosx_11_0_arm64":  "", "py3-none-macosx_10_9_x86_64": "", "py3-none-win_amd64": "",
		"py3-none-macosx_14_0_arm64.macosx_14_4_arm64": "",
		"py3-none-linux_arm64":                         "WT103: no installer accepts linux_arm64; write linux_aarch64",
		"py3-abi3-any":                                 "WT103: no installer accepts py3-abi3: a generic Python tag goes with ABI none only",
		"cp312-abi3-any":                               "WT103: no installer accepts cp312-abi3-any: a wheel bound to an ABI must name its platform",
	} {
		if got := nameFindings(t, "demo-1.0-"+tag+".whl", ""); got != want {
			t.Errorf("%s: %s\nwant %s", tag, got, want)
		}
	}
}

// TestAliases: the older name of a policy is missing, and some Python that the wheel is for
// came with an installer that knows no other.
func TestAliases(t *testing.T) {
	lacks := func(alias string) string {
		return "WT104 " + alias + ": lacks the tag " + alias + ", by which pip before 20.3 knows the policy"
	}
	for _, c := range []struct{ tags, requires, want string }{
		{"cp39-cp39-manylinux_2_17_x86_64", "", lacks("manylinux2014_x86_64")},
		{"cp37-abi3-manylinux_2_12_i686", "", lacks("manylinux2010_i686")},
		{"py3-none-manylinux_2_5_x86_64", "", lacks("manylinux1_x86_64")},
		{"py3-none-manylinux_2_12_x86_64.manylinux_2_17_x86_64", "", lacks("manylinux2010_x86_64, manylinux2014_x86_64")},
		{"py2.cp312-none-manylinux_2_17_aarch64", "", `WT110: tag set "py2.cp312" at offset 9 is not sorted: write cp312.py2` + "\n" + lacks("manylinux2014_aarch64")},
		{"py3-none-manylinux_2_17_x86_64", ">=3.9", lacks("manylinux2014_x86_64")},
		{"py3-none-manylinux_2_17_x86_64", ">=3.9.7", lacks("manylinux2014_x86_64")},
		{"py3-none-manylinux_2_17_x86_64", ">=3.10", ""},
		{"py2.py3-none-manylinux_2_17_x86_64", "==2.7.*", lacks("manylinux2014_x86_64")},
		{"cp310-abi3-manylinux_2_17_x86_64", "", ""},
		{"cp312-cp312-manylinux_2_17_x86_64", "", ""},
		{"cp39-cp39-manylinux2014_x86_64.manylinux_2_17_x86_64", "", ""},
		{"cp39-cp39-manylinux2014_x86_64", "", ""},
		{"cp39-cp39-manylinux_2_28_x86_64", "", ""},
		{"cp39-cp39-musllinux_1_2_x86_64", "", ""},
		{"cp39-cp39-manylinux_2_17_riscv64", "", ""}, // no older name has the machine
	} {
		if got := nameFindings(t, "demo-1.0-"+c.tags+".whl", c.requires); got != c.want {
			t.Errorf("%s, %s: %s\nwant %s", c.tags, c.requires, got, c.want)
		}
	}
}

// TestOlderName: the machines that the policies had before PEP 600.
func TestOlderName(t *testing.T) {
	for _, c := range []struct {
		glibc         int
		machine, want string
	}{
		{5, "i686", "manylinux1_i686"}, {12, "x86_64", "manylinux2010_x86_64"}, {17, "s390x", "manylinux2014_s390x"}, {17, "x86_64", "manylinux2014_x86_64"},
		{5, "aarch64", ""}, {12, "aarch64", ""}, {17, "riscv64", ""}, {28, "x86_64", ""},
	} {
		if got := olderName(c.glibc, c.machine); got != c.want {
			t.Errorf("2.%d on %s: %q", c.glibc, c.machine, got)
		}
	}
}

// TestForgottenRepair: a linux_* wheel that qualifies for a policy has the name it could
// have, once.
func TestForgottenRepair(t *testing.T) {
	const glibc = "libc.so.6"
	one := func(content []byte) map[string][]byte { return map[string][]byte{"m.so": content} }
	at := func(platform string) string { return "demo-1.0-cp311-cp311-" + platform + ".whl" }
	for _, c := range []struct {
		what, claim string
		files       map[string][]byte
		want        string
	}{
		{"old code", "linux_x86_64", one(module(0, glibc, "GLIBC_2.17")), at("manylinux2014_x86_64.manylinux_2_17_x86_64")},
		{"two machines", "linux_aarch64.linux_x86_64", map[string][]byte{"a.so": module(0, glibc, "GLIBC_2.28"), "b.so": module(elf.EM_AARCH64, glibc, "GLIBC_2.34")}, at("manylinux_2_28_x86_64.manylinux_2_34_aarch64")},
		{"for another machine", "linux_aarch64", one(module(0, glibc, "GLIBC_2.17")), ""},
		{"for one machine of two", "linux_aarch64.linux_x86_64", one(module(0, glibc, "GLIBC_2.17")), ""},
		{"ARMv6 too", "linux_armv6l.linux_armv7l", one(fixture(t, "arch-armv6l.so")), ""},
		{"a library from outside", "linux_x86_64", one(module(0, "libcurl.so.4")), ""},
		{"repaired", "manylinux_2_28_x86_64", one(module(0, glibc, "GLIBC_2.17")), ""},
		{"in part", "linux_x86_64.manylinux_2_28_x86_64", one(module(0, glibc, "GLIBC_2.17")), ""},
		{"unreadable code", "linux_x86_64", map[string][]byte{"a.so": module(0, glibc), "cut.so": []byte("\x7fELF")}, ""},
		{"no code", "linux_x86_64", map[string][]byte{"a.py": nil}, ""},
	} {
		var names []string
		r := audited(t, c.claim, Options{Selection: finding.Selection{Select: []string{"WT107"}}}, c.files)
		for _, f := range r.Findings {
			if f.Rule == "WT107" {
				names = append(names, f.Suggest)
				if f.Severity != finding.Warning || f.Message != "its native code qualifies for the name "+f.Suggest || f.Need != r.PlatformTag {
					t.Errorf("%s: %+v", c.what, f)
				}
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
