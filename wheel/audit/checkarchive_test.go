package audit

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// unicodePath is an extra field with another name for a member.
func unicodePath(of, name string) string {
	sum := plainEntry("", of, false).local.crc
	body := string([]byte{1, byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)}) + name
	return "up" + string([]byte{byte(len(body)), 0}) + body
}

// TestArchiveRules changes one thing of a wheel in which nothing is wrong. Where what
// is found is nothing, the change is the nearest that is allowed.
func TestArchiveRules(t *testing.T) {
	first := func(change func(e *entry)) func(*archive) {
		return func(a *archive) { change(&a.entries[0]) }
	}
	named := func(name string) func(*archive) {
		return first(func(e *entry) { e.both(func(h *header) { h.name = name }) })
	}
	add := func(e entry) func(*archive) {
		return func(a *archive) { a.entries = append(a.entries, e) }
	}
	moded := func(mode uint32) func(*archive) { return first(func(e *entry) { e.mode = mode }) }
	zeros := func(mib int) func(*archive) {
		return add(plainEntry("demo/zeros", strings.Repeat("\x00", mib<<20), true))
	}
	for _, c := range []struct {
		what   string
		change func(*archive)
		want   string // of the first finding, or ""
	}{
		{"nothing", func(*archive) {}, ""},
		{"a comment of the archive", func(a *archive) { a.comment = "hello" }, ""},

		{"a gap", func(a *archive) { a.gap = "gap" }, "WT407 : 3 bytes at offset 665"},
		{"a gap between members", func(a *archive) { a.entries[1].before = "x" }, "WT407 : 1 bytes at offset 5"},
		{"a member that is not listed", first(func(e *entry) { e.unlisted = true }), "WT406 : 58 bytes at offset 0 are a member that the directory does not list"},

		{"another method in front", first(func(e *entry) { e.local.method = 0 }), "WT408 demo/__init__.py: method 0 in the local header, 8 in the directory"},
		{"another size in front", first(func(e *entry) { e.local.size++ }), "WT408 demo/__init__.py: 7 bytes packed to 12 in the local header"},
		{"another checksum in front", first(func(e *entry) { e.local.crc++ }), "WT408 demo/__init__.py: CRC-32 "},
		{"another flag in front", first(func(e *entry) { e.local.flags = 2 }), "WT408 demo/__init__.py: flags 0x2 in the local header"},
		{"no local header", first(func(e *entry) { e.ghost = true }), "WT406 demo/__init__.py: "},
		{"another name in front", first(func(e *entry) { e.local.name = "demo/__init__.pz" }), `WT406 demo/__init__.py: the local header names "demo/__init__.pz"`},
		{"a flag in both headers", first(func(e *entry) { e.both(func(h *header) { h.flags = 2 }) }), ""},
		{"another version in front", first(func(e *entry) { e.local.version = 10 }), ""},

		{"a prefix", func(a *archive) { a.prefix = "#!" }, "WT409 : offsets are wrong by 2 bytes"},
		{"a wrong offset of the directory", func(a *archive) { a.offset = 2 }, "WT409 : offsets are wrong by -2 bytes"},
		{"a byte behind", func(a *archive) { a.after = "x" }, "WT411 : 1 bytes follow the archive"},
		{"sizes behind the data", first(func(e *entry) {
			e.both(func(h *header) { h.flags = 8 })
			e.after = string([]byte{byte(e.local.crc), byte(e.local.crc >> 8), byte(e.local.crc >> 16), byte(e.local.crc >> 24), 8, 0, 0, 0, 6, 0, 0, 0})
			e.local.crc, e.local.packed, e.local.size = 0, 0, 0
		}), "WT412 demo/__init__.py: the sizes and the checksum follow the data"},
		{"wrong sizes behind the data", first(func(e *entry) {
			e.both(func(h *header) { h.flags = 8 })
			e.after = "PK\x07\x08" + strings.Repeat("x", 12)
		}), "WT408 demo/__init__.py: the data descriptor is missing or differs"},

		{"too many entries stated", func(a *archive) { a.count = 1 }, "WT406 : the directory has 5 entries; 6 are stated"},
		{"a comment that is cut short", func(a *archive) { a.commentSize = 1 }, "WT413 : the comment of the archive lacks 1 of 1 bytes"},
		{"a part of an archive", func(a *archive) { a.disk = 1 }, "WT413 : the archive states that it is part 1"},
		{"a name twice", func(a *archive) { a.entries = append(a.entries, a.entries[0]) }, "WT414 demo/__init__.py: another member"},
		{"a comment of a member", first(func(e *entry) { e.comment = "hello" }), "WT415 demo/__init__.py: the member has a comment of 5 bytes"},
		{"an extra field that is cut short", first(func(e *entry) { e.central.extra = "zz\x09\x00x" }), "WT416 demo/__init__.py: an extra field is longer"},
		{"an extra field", first(func(e *entry) { e.both(func(h *header) { h.extra = "zz\x01\x00x" }) }), ""},
		{"another name in an extra field", first(func(e *entry) { e.central.extra = unicodePath("demo/__init__.py", "demo/other.py") }), `WT406 demo/other.py: a Unicode path field gives this name to the member "demo/__init__.py"`},
		{"the same name in an extra field", first(func(e *entry) { e.central.extra = unicodePath("demo/__init__.py", "demo/__init__.py") }), ""},
		{"an extra field for another name", first(func(e *entry) { e.central.extra = unicodePath("demo/__init__.px", "demo/other.py") }), ""},

		{"a path that leads up", named("../__init__.py"), `WT417 ../__init__.py: the path has ".."`},
		{"a path that leads up in between", named("demo/../../__init__.py"), `WT417 demo/../../__init__.py: the path has ".."`},
		{"a path that leads up with a backslash", named(`demo\..\x.py`), `WT417 demo\..\x.py: the path has ".."`},
		{"an absolute path", named("/__init__.py"), "WT417 /__init__.py: the path is absolute"},
		{"a drive", named("c:/__init__.py"), "WT417 c:/__init__.py: the path is absolute"},
		{"dots in a name", named("demo/..init__.py"), ""},
		{"a control character", named("demo/a\x1bb.py"), "WT418 demo/a\x1bb.py: the path has the control character 0x1b"},
		{"a name in an unknown encoding", named("demo/\xe9.py"), "WT418 demo/Θ.py: the name is neither ASCII"},
		{"a name in UTF-8", first(func(e *entry) { e.both(func(h *header) { h.name, h.flags = "demo/é.py", 1<<11 }) }), ""},
		{"a name that is flagged and not UTF-8", first(func(e *entry) { e.both(func(h *header) { h.name, h.flags = "demo/\xe9.py", 1<<11 }) }), "WT418 demo/\xe9.py: the name is flagged to be UTF-8 and is not"},
		{"a backslash", named(`demo\x.py`), `WT419 demo\x.py: the path has a backslash`},
		{"two slashes", named("demo//x.py"), `WT419 demo//x.py: the path has an element that is ""`},
		{"a dot", named("./demo/x.py"), `WT419 ./demo/x.py: the path has an element that is "."`},
		{"a hidden file", named("demo/.x.py"), ""},
		{"a version of VMS", named("demo/x.py;1"), `WT419 demo/x.py;1: the path ends in a version number of VMS, which unzip drops`},
		{"a version of VMS without a number", named("demo/x.py;"), `WT419 demo/x.py;: the path ends`},
		{"a semicolon", named("demo/x;1.py"), ""},

		{"bzip2", first(func(e *entry) { e.both(func(h *header) { h.method = 12 }) }), "WT422 demo/__init__.py: is compressed with bzip2"},
		{"Zstandard", first(func(e *entry) { e.both(func(h *header) { h.method = 93 }) }), "WT422 demo/__init__.py: is compressed with Zstandard"},
		{"patch data", first(func(e *entry) { e.both(func(h *header) { h.flags = 1 << 5 }) }), "WT422 demo/__init__.py: is compressed patch data"},
		{"encryption", first(func(e *entry) { e.both(func(h *header) { h.flags = 1 }) }), "WT423 demo/__init__.py: is encrypted"},
		{"a new version", first(func(e *entry) { e.both(func(h *header) { h.version = 47 }) }), "WT424 demo/__init__.py: needs version 4.7"},
		{"the newest version", first(func(e *entry) { e.both(func(h *header) { h.version = 46 }) }), ""},
		{"a symbolic link", moded(0o120777), "WT425 demo/__init__.py: is a symbolic link"},
		{"a device", moded(0o020666), "WT425 demo/__init__.py: is a device"},
		{"a pipe", moded(0o010666), "WT425 demo/__init__.py: is a pipe"},
		{"a socket", moded(0o140666), "WT425 demo/__init__.py: is a socket"},
		{"a directory without a slash", moded(0o040755), "WT425 demo/__init__.py: is marked as a directory"},
		{"no mode", moded(0), ""},
		{"a set-user-ID bit", moded(0o104755), "WT426 demo/__init__.py: has a set-user-ID"},
		{"a set-group-ID bit", moded(0o102755), "WT426 demo/__init__.py: has a set-user-ID"},
		{"a sticky bit", moded(0o101755), ""},

		{"65 MiB of zeros", zeros(65), "WT427 : unpacks to 68157"},
		{"64 MiB of zeros", zeros(63), ""},
		{"a size that cannot be", first(func(e *entry) { e.both(func(h *header) { h.size = 9000 * h.packed }) }), "WT431 demo/__init__.py: states a size of 108000 bytes, which 12 deflated bytes cannot have"},
		{"a stored member with two sizes", func(a *archive) { a.entries[1].both(func(h *header) { h.size++ }) }, "WT431 demo/data.txt: states a size of 26 bytes, which 25 stored bytes"},

		{"a directory with content", add(plainEntry("demo/sub/", "x", false)), "WT431 demo/sub/: is a directory and states content: 1 bytes packed to 1"},
		{"a directory with a checksum", func(a *archive) {
			e := plainEntry("demo/sub/", "", false)
			e.both(func(h *header) { h.crc = 1 })
			a.entries = append(a.entries, e)
		}, "WT431 demo/sub/: is a directory and states content: 0 bytes packed to 0, with the CRC-32 00000001"},
		{"a directory with packed bytes", func(a *archive) {
			e := plainEntry("demo/sub/", "", false)
			e.data = []byte{3, 0, 0}
			e.both(func(h *header) { h.method, h.packed = 8, 3 })
			a.entries = append(a.entries, e)
		}, "WT431 demo/sub/: is a directory and states content: 0 bytes packed to 3"},
		{"a directory that is deflated", func(a *archive) {
			e := plainEntry("demo/sub/", "", false)
			e.data = []byte{3, 0}
			e.both(func(h *header) { h.method, h.packed = 8, 2 })
			a.entries = append(a.entries, e)
		}, ""},

		{"letter case", add(plainEntry("demo/__INIT__.py", "", false)), `WT428 demo/__INIT__.py: differs from "demo/__init__.py" by letter case alone`},
		{"letter case in different directories", add(plainEntry("demo/sub/__INIT__.py", "", false)), ""},
		{"a file and a directory", add(plainEntry("demo/data.txt/x.py", "", false)), "WT429 demo/data.txt: is a file, and other members have it as their directory"},
		{"a directory", add(plainEntry("demo/sub/", "", false)), ""},
		{"a device of Windows", named("demo/con.py"), `WT430 demo/con.py: Windows cannot have a file called "con.py"`},
		{"a serial port", named("demo/COM7"), `WT430 demo/COM7: Windows`},
		{"a dot at the end", named("demo/x."), `WT430 demo/x.: Windows`},
		{"a question", named("demo/why?"), `WT430 demo/why?: Windows`},
		{"a name that begins like a device", named("demo/console.py"), ""},
		{"no serial port", named("demo/COM0"), ""},
	} {
		a := demoArchive()
		c.change(&a)
		for _, verify := range []bool{false, true} {
			got := archiveFindings(t, a.bytes(), verify)
			// Other findings about the same change may follow, as for a name in RECORD.
			if c.want == "" && len(got) > 0 || c.want != "" && !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
				t.Errorf("%s, verify %v: %q, want %q", c.what, verify, got, c.want)
			}
		}
	}
}

// TestSharedArchives: each archive that is wrong in one way has a finding about that and
// about what follows from it, and those that are odd but legal have none. Only the one that must be unpacked to see
// needs --verify.
func TestSharedArchives(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "cases", "archives", "*", "*.whl"))
	if len(paths) == 0 {
		t.Skip("the archives are not there")
	}
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path))
		r, err := New(Options{Selection: finding.Selection{Ignore: []string{"WT48", "WT49"}}}).File(t.Context(), path)
		var got []string
		if err != nil {
			got = append(got, "WT410")
		} else {
			for _, f := range r.Findings {
				got = append(got, f.Rule)
			}
		}
		want, known := sharedFindings[name]
		if legal := strings.HasPrefix(name, "a_"); legal == known {
			t.Errorf("%s: no rule is listed for it", name)
		}
		if all := strings.Join(got, " "); all != want {
			t.Errorf("%s: %q, want %q", name, all, want)
		}
	}
}

// sharedFindings are the rules of all findings about each archive, in the order of the
// report.
var sharedFindings = map[string]string{
	"m_absolute": "WT417", "m_bz2_all": "WT422 WT404 WT447 WT442 WT206", "m_cd_count_less": "WT406 WT201", "m_cd_in_middle": "WT410", "m_csize_short_elf": "WT407 WT206",
	"m_device_name": "WT430", "m_distinfo_wrong_name": "WT446 WT420", "m_dot_pth": "WT476", "m_dotdot_elf": "WT417 WT214 WT214 WT231 WT231", "m_empty": "WT446 WT235",
	"m_encrypted_all": "WT423 WT404 WT447 WT442 WT206", "m_fake_eocd_comment_len": "WT409 WT411 WT406 WT406 WT446 WT235", "m_file_and_dir": "WT429", "m_local_method_differs": "WT408",
	"m_local_name_longer_hides": "WT401", "m_lzma_elf": "WT422 WT206", "m_meta_empty": "WT450 WT452", "m_meta_long_requires": "WT442",
	"m_method99_aes": "WT422 WT206", "m_no_metadata": "WT442 WT437", "m_nul_name": "WT406 WT201", "m_overlap_members": "WT406 WT406", "m_record_bad_csv": "WT433 WT437 WT401 WT401",
	"m_record_dir_row": "WT432", "m_record_dup_row_differs": "WT403 WT405", "m_record_huge_size": "WT433", "m_record_missing_row": "WT401",
	"m_record_no_hash": "WT405", "m_record_ten_cols": "WT433", "m_record_upper_alg": "WT433", "m_record_wrong_size": "WT403",
	"m_strong_encryption": "WT423 WT206", "m_symlink_so": "WT425", "m_usize_long": "WT403", "m_usize_zero_elf_central_only": "WT408 WT229 WT403",
	"m_wheel_purelib_true": "WT109", "m_zstd93_elf": "WT422 WT206", "r_8bitcomment": "WT410", "r_cd_missing_entry": "WT406",
	"r_data_descriptor_bad_crc": "WT412 WT408", "r_data_descriptor_nosig": "WT412", "r_dup_local_rev": "WT414 WT403 WT201", "r_dupe_eocd": "WT410",
	"r_eocd64_confusion2": "WT406 WT406 WT406 WT408 WT407 WT206 WT206 WT206 WT206 WT206", "r_eocd64_non_locator": "WT410", "r_missing_local": "WT406 WT408 WT406 WT206", "r_prefix": "WT409",
	"r_second_unicode_extra": "WT406 WT416 WT416", "r_trailing_zip": "WT411", "r_unicode_extra_hides_elf": "WT406 WT201", "r_zip64_extra_too_long": "WT416",
	"r_zipinzip": "WT408 WT219 WT401",
}
