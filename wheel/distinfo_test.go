package wheel

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestDistInfo(t *testing.T) {
	d := distInfo(t, file{"a.py", ""}, file{"a-1.dist-info/", ""}, file{"a-1.dist-info/RECORD", "old"}, file{"a-1.dist-info/licenses/", ""},
		file{"a-1.dist-info/licenses/MIT", "m"}, file{"a-1.dist-info/RECORD", "new"}, file{"x/b-1.dist-info/METADATA", ""})
	if got := slices.Collect(d.Files()); d.Dir != "a-1.dist-info" || !slices.Equal(got, []string{"RECORD", "licenses/MIT"}) {
		t.Errorf("%s: %v", d.Dir, got)
	}
	if text, err := d.ReadFile("RECORD"); string(text) != "new" || err != nil {
		t.Errorf("of two members with one name: %q, %v", text, err)
	}
	var e *Error
	if _, err := d.Metadata(); !errors.Is(err, ErrNoMember) || !errors.As(err, &e) || e.Code != CodeMissing || e.Path != "a-1.dist-info/METADATA" {
		t.Errorf("no METADATA: %v", err)
	}
	if _, err := d.Info(); !errors.Is(err, ErrNoMember) {
		t.Errorf("no WHEEL: %v", err)
	}
}

// TestDistInfoNone: pip refuses an archive without the directory and one with two, also
// if the second has no file in it or is one.
func TestDistInfoNone(t *testing.T) {
	for _, c := range []struct {
		name string
		code Code
	}{
		{"a.py", ""}, {"b-1.dist-info/", CodeTwoDistInfo}, {"b.dist-info", CodeTwoDistInfo}, {"b-1.dist-info/METADATA", CodeTwoDistInfo}, {"x/b-1.dist-info/METADATA", ""},
	} {
		_, err := open(t, pack(t, file{"a-1.dist-info/METADATA", "Name: a\n"}, file{c.name, ""})).DistInfo()
		var e *Error
		if errors.As(err, &e) != (c.code != "") || e != nil && e.Code != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, err := open(t, pack(t, file{"a.py", ""})).Metadata()
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeNoDistInfo {
		t.Errorf("no directory: %v", err)
	}
}

// TestRecordKeepsItsError: whatever is wrong with RECORD, there is a Record that says so.
func TestRecordKeepsItsError(t *testing.T) {
	big := strings.Repeat(" ", maxText+1)
	for _, c := range []struct {
		files []file
		code  Code
	}{
		{[]file{{"a-1.dist-info/RECORD", "a,,\n"}}, ""},
		{[]file{{"a-1.dist-info/METADATA", ""}}, CodeMissing},
		{[]file{{"a-1.dist-info/RECORD", big}}, CodeUnreadable},
		{[]file{{"a-1.dist-info/RECORD", "\xff"}}, CodeRecordText},
	} {
		r := distInfo(t, c.files...).Record()
		var e *Error
		if errors.As(r.Err, &e) != (c.code != "") || e != nil && (e.Code != c.code || e.Path != "a-1.dist-info/RECORD") {
			t.Errorf("%v: want %q", r.Err, c.code)
		}
	}
}
