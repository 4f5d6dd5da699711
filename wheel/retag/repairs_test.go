package retag

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func cancelled(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

// with gives the files of the small wheel with another content of some.
func with(changes ...file) []file {
	files := demo()
	for _, c := range changes {
		i := slices.IndexFunc(files, func(f file) bool { return f.name == c.name })
		if i < 0 {
			files = slices.Insert(files, 0, c)
			continue
		}
		files[i].content = c.content
	}
	return files
}

// without removes a file.
func without(name string) []file {
	return slices.DeleteFunc(demo(), func(f file) bool { return f.name == name })
}

// streamed writes data descriptors.
func streamed(t *testing.T, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		if f.name == dir+"/RECORD" {
			f.content = record(files)
		}
		w, err := z.Create(f.name)
		if err == nil {
			_, err = w.Write([]byte(f.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRepairs: what is repaired, and how that is said.
func TestRepairs(t *testing.T) {
	sound := pack(t, demo(), nil, "")
	good := record(demo())
	first := row(demo()[0])
	withRecord := func(text string) []byte { return pack(t, with(file{dir + "/RECORD", text}), nil, "") }
	header := func(change func(*zip.FileHeader)) []byte { return pack(t, demo(), change, "") }
	for name, c := range map[string]struct {
		data []byte
		want []string
	}{
		"nothing":  {sound, nil},
		"prefix":   {slices.Concat([]byte("#!shell\n"), sound), []string{"archive corrects the offsets (offsets are wrong by 8 bytes: something was put before the archive or into it)", "archive drops hidden bytes (8 bytes at offset 0 belong to no member)"}},
		"trailing": {slices.Concat(sound, []byte("\n\n")), []string{"archive drops bytes after the archive (2 bytes follow the archive)"}},
		"comments": {pack(t, demo(), func(h *zip.FileHeader) {
			if strings.HasPrefix(h.Name, "demo/") {
				h.Comment = "hm"
			}
		}, ""), []string{"archive demo/__init__.py drops the comment of a member (the member has a comment of 2 bytes; 1 more like this)"}},
		"descriptors": {streamed(t, demo()), []string{
			"archive demo/__init__.py writes sizes and checksums before the data (the sizes and the checksum follow the data; 4 more like this)",
			"archive gives usual permissions to 5 members without any",
		}},
		"comment":       {pack(t, demo(), nil, "signed"), nil}, // every tool takes it
		"extra fields":  {header(func(h *zip.FileHeader) { h.Extra = []byte{0x55, 0x54, 1, 0, 0} }), nil},
		"comment, both": {slices.Concat(pack(t, demo(), nil, "signed"), []byte("\n")), []string{"archive drops bytes after the archive (1 bytes follow the archive)", "archive drops the comment of the archive (6 bytes)"}},
		"set-uid": {header(func(h *zip.FileHeader) {
			if h.Name == "demo/data.txt" {
				h.ExternalAttrs |= 0o4000 << 16
			}
		}), []string{"archive demo/data.txt clears the set-user-ID and set-group-ID bits (has a set-user-ID or set-group-ID bit)"}},
		"missing row":       {withRecord(strings.Replace(good, first, "", 1)), []string{"record demo/__init__.py adds a row"}},
		"two rows":          {withRecord(first + good), []string{"record demo/__init__.py has one row in place of 2"}},
		"other hash":        {withRecord(strings.Replace(good, first, strings.Replace(first, first[24:27], "abc", 1), 1)), []string{"record demo/__init__.py corrects the hash"}},
		"no hash":           {withRecord(strings.Replace(good, first, "demo/__init__.py,,594\n", 1)), []string{"record demo/__init__.py adds a hash"}},
		"weak hash":         {withRecord(strings.Replace(good, first, "demo/__init__.py,md5=AAAAAAAAAAAAAAAAAAAAAA,594\n", 1)), []string{"record demo/__init__.py writes a sha256 hash (md5 is too weak for RECORD, which needs sha256 or better)"}},
		"no size":           {withRecord(strings.Replace(good, ",594\n", ",\n", 1)), []string{"record demo/__init__.py adds the size"}},
		"other size":        {withRecord(strings.Replace(good, ",594\n", ",593\n", 1)), []string{"record demo/__init__.py corrects the size"}},
		"malformed size":    {withRecord(strings.Replace(good, ",594\n", ",x\n", 1)), []string{`record demo/__init__.py corrects the row (line 1: "x" is not a size)`}},
		"absent file":       {withRecord("gone.py,,\ngone.py,,\n" + good), []string{"record gone.py removes the row, as the wheel has no such file"}},
		"directory":         {withRecord("demo/,,\n" + good), []string{"record demo/ removes the row, as the wheel has no such file"}},
		"empty line":        {withRecord(good + "\n"), []string{"record " + dir + "/RECORD removes an empty row (line 6)"}},
		"own hash":          {withRecord(strings.Replace(good, "RECORD,,", "RECORD,,5", 1)), []string{"record " + dir + "/RECORD has one row, without hash and size"}},
		"no row of its own": {withRecord(strings.Replace(good, dir+"/RECORD,,\n", "", 1)), []string{"record " + dir + "/RECORD has one row, without hash and size"}},
		"no RECORD":         {pack(t, without(dir+"/RECORD"), nil, ""), []string{"record " + dir + "/RECORD writes RECORD anew (" + dir + "/RECORD: no such file in the archive)"}},
		"RECORD not UTF-8":  {withRecord(good + "\xff"), []string{"record " + dir + "/RECORD writes RECORD anew (" + dir + "/RECORD: is not UTF-8)"}},
		"signature": {pack(t, with(file{dir + "/RECORD.jws", "{}"}, file{dir + "/RECORD", record(demo())[1:]}), nil, ""), []string{
			"record demo/__init__.py adds a row", "record emo/__init__.py removes the row, as the wheel has no such file",
			"archive " + dir + "/RECORD.jws removes the signature, which is of the former RECORD",
		}},
		"tags": {pack(t, with(file{dir + "/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py2-none-any\nBuild: 1\n"}), nil, ""), []string{
			"wheel " + dir + "/WHEEL removes Tag: py2-none-any", "wheel " + dir + "/WHEEL adds Tag: py3-none-any", "wheel " + dir + "/WHEEL removes Build: 1",
		}},
		"no tags":        {pack(t, with(file{dir + "/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"}), nil, ""), []string{"wheel " + dir + "/WHEEL adds Tag: py3-none-any"}},
		"tags with sets": {pack(t, with(file{dir + "/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: PY3-none-any\n"}), nil, ""), nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, out, err := retagged(t, c.data, pure, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, lines(r.Changes), cmp.Transformer("nil", func(l []string) []string { return append([]string{}, l...) })); d != "" {
				t.Error(d)
			}
			if c.want == nil && !bytes.Equal(out, c.data) {
				t.Error("other bytes")
			}
		})
	}
}

// TestStrongerHash: a sound row by another hash becomes one by sha256 when RECORD is
// written.
func TestStrongerHash(t *testing.T) {
	good := record(demo())
	const sum = "demo/data.txt,sha512=3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_BqDa6PCOj_uu9RU1EI2Q86A4qmslPpUyknw,3\n"
	for text, want := range map[string]string{
		sum:                                     "writes a sha256 hash in place of sha512",
		strings.Replace(sum, "3a81", "3a82", 1): "corrects the hash",
	} {
		data := pack(t, with(file{dir + "/RECORD", strings.Replace(good, row(demo()[1]), text, 1)}), nil, "")
		r, _, err := retagged(t, data, pure, Options{})
		if err != nil || len(r.Changes) != 1 || r.Changes[0].Message != want {
			t.Errorf("%v, %v; want %s", r, err, want)
		}
	}
}

// TestRefusals: what is not repaired, because it would be a guess.
func TestRefusals(t *testing.T) {
	sound := pack(t, demo(), nil, "")
	header := func(change func(*zip.FileHeader)) []byte {
		return pack(t, demo(), func(h *zip.FileHeader) {
			if h.Name == "demo/data.txt" {
				change(h)
			}
		}, "")
	}
	swapped := bytes.Replace(sound, []byte("demo/data.txt"), []byte("demo/date.txt"), 1)
	for name, c := range map[string]struct {
		data []byte
		code Code
		want string
	}{
		"two names":        {swapped, CodeArchive, "the local header names"},
		"two archives":     {slices.Concat(sound, sound[:60]), CodeArchive, "a member of another archive is among them"},
		"archive in front": {slices.Concat([]byte("x"), sound[:60], sound), CodeArchive, "a member of another archive is among them"},
		"hidden member":    {slices.Concat(sound[:60], sound), CodeArchive, "a member that the directory does not list"},
		"link":             {header(func(h *zip.FileHeader) { h.SetMode(os.ModeSymlink | 0o777) }), CodeArchive, "is a symbolic link"},
		"bzip2":            {header(func(h *zip.FileHeader) { h.Method = 12 }), CodeArchive, "is compressed with bzip2"},
		"encrypted":        {header(func(h *zip.FileHeader) { h.Flags |= 1 }), CodeArchive, "is encrypted"},
		"checksum":         {header(func(h *zip.FileHeader) { h.CRC32++ }), CodeArchive, "its length or CRC-32"},
		"Unicode path":     {header(func(h *zip.FileHeader) { h.Extra = []byte("\x75\x70\x09\x00\x01\x9b\x0d\x1b\x5dname") }), "", ""},
		"no WHEEL":         {pack(t, without(dir+"/WHEEL"), nil, ""), CodeWheel, "no such file in the archive"},
		"no METADATA":      {pack(t, without(dir+"/METADATA"), nil, ""), CodeArchive, "METADATA: no such file in the archive"},
		"malformed WHEEL":  {pack(t, with(file{dir + "/WHEEL", "Wheel-Version: 1.0\nnonsense\nTag: x\n"}), nil, ""), CodeWheel, "a line is no field"},
		"two dist-infos":   {pack(t, with(file{"other-1.dist-info/METADATA", ""}), nil, ""), CodeArchive, "two .dist-info directories"},
		"no dist-info":     {pack(t, []file{{"a", "b"}}, nil, ""), CodeArchive, "no .dist-info directory"},
		"windows":          {pack(t, with(file{"demo/con.py", ""}), nil, ""), "", ""},
		"metadata":         {pack(t, with(file{dir + "/METADATA", "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"}), nil, ""), CodeAudit, "WT420"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := retagged(t, c.data, pure, Options{})
			var refusal *Refusal
			if c.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.As(err, &refusal) || refusal.Code != c.code || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want %s: %s", err, c.code, c.want)
			}
			if _, _, err := retagged(t, c.data, pure, Options{Force: true}); (err == nil) != (c.code == CodeAudit) {
				t.Errorf("forced: %v", err)
			}
		})
	}
	if _, err := New(t.Context(), bytes.NewReader(sound), int64(len(sound)), "demo.whl", Options{}); err == nil || errors.As(err, new(*Refusal)) {
		t.Error(err)
	}
}

// TestHiddenBehindData: bytes behind the deflated data of a member are copied, and refused
// by the audit, also by force.
func TestHiddenBehindData(t *testing.T) {
	data := pack(t, demo(), func(h *zip.FileHeader) {
		if h.Name == "demo/__init__.py" {
			h.CompressedSize64++ // pack writes a byte too few
		}
	}, "")
	at := bytes.Index(data, []byte("demo/data.txt")) - 30
	data = slices.Insert(data, at, 'x') // where it is missing
	for _, force := range []bool{false, true} {
		if _, _, err := retagged(t, data, pure, Options{Force: force, Python: "py312"}); err == nil {
			t.Error("written")
		}
	}
}

// cases are what becomes of the odd archives next to the checkout: "" for no error, or what
// the error says.
var cases = map[string]string{
	"a_comment": "", "a_stored": "", "a_zip64_eocd_sentinels": "", "m_device_name": "", "m_dot_pth": "", "m_local_name_longer_hides": "",
	"m_record_bad_csv": "", "m_record_dir_row": "", "m_record_dup_row_differs": "", "m_record_huge_size": "", "m_record_missing_row": "",
	"m_record_no_hash": "", "m_record_ten_cols": "", "m_record_upper_alg": "", "m_record_wrong_size": "", "m_wheel_purelib_true": "",
	"r_data_descriptor_nosig": "", "r_prefix": "",

	"m_absolute":                    "the path is absolute",
	"m_bz2_all":                     "is compressed with bzip2",
	"m_cd_count_less":               "the directory has 5 entries; 4 are stated",
	"m_cd_in_middle":                "the directory of the zip archive is malformed",
	"m_csize_short_elf":             "unexpected EOF",
	"m_distinfo_wrong_name":         "WT446",
	"m_dotdot_elf":                  `the path has ".."`,
	"m_empty":                       "no .dist-info directory",
	"m_encrypted_all":               "is encrypted",
	"m_fake_eocd_comment_len":       "another end record",
	"m_file_and_dir":                "is a file, and other members have it as their directory",
	"m_local_method_differs":        "method 0 in the local header, 8 in the directory",
	"m_lzma_elf":                    "is compressed with LZMA",
	"m_meta_empty":                  "WT450",
	"m_meta_long_requires":          "WT442",
	"m_method99_aes":                "is compressed with AES encryption",
	"m_no_metadata":                 "METADATA: no such file in the archive",
	"m_nul_name":                    "the name has a NUL",
	"m_overlap_members":             "reaches into another member",
	"m_strong_encryption":           "is encrypted",
	"m_symlink_so":                  "is a symbolic link",
	"m_usize_long":                  "its length or CRC-32 is not the one",
	"m_usize_zero_elf_central_only": "in the local header, 0 to 939 in the directory",
	"m_zstd93_elf":                  "is compressed with Zstandard",
	"r_8bitcomment":                 "the directory of the zip archive is malformed",
	"r_cd_missing_entry":            "a member that the directory does not list",
	"r_data_descriptor_bad_crc":     "the data descriptor is missing or differs",
	"r_dup_local_rev":               "another member of the archive has this name",
	"r_dupe_eocd":                   "the directory of the zip archive is malformed",
	"r_eocd64_confusion2":           "is not the one before its end record",
	"r_eocd64_non_locator":          "the directory of the zip archive is malformed",
	"r_missing_local":               "reaches into another member",
	"r_second_unicode_extra":        "a Unicode path field",
	"r_trailing_zip":                "a member of another archive is among them",
	"r_unicode_extra_hides_elf":     "a Unicode path field",
	"r_zip64_extra_too_long":        "the ZIP64 field has more numbers",
	"r_zipinzip":                    "0 bytes packed to 0 in the local header",
}

// TestCases: the odd archives have the outcome that is listed, and refusals name the cause.
func TestCases(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "cases", "archives", "*", "*.whl"))
	if len(paths) == 0 {
		t.Skip("the odd archives are not there")
	}
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = retagged(t, data, filepath.Base(path), Options{})
		want, ok := cases[name]
		switch {
		case !ok:
			t.Errorf("%q: %q,", name, err)
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v; want %q", name, err, want)
		}
	}
}
