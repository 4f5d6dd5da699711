package elftest

import (
	"bytes"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// TestBytes: elfaudit reads what was asked for.
func TestBytes(t *testing.T) {
	data := Spec{
		Soname: "libx.so.1", Needed: []string{"liby.so", "libz.so"}, RunPath: "$ORIGIN", BindNow: true,
		Undefined: []string{"puts@Y_1", "maybe?", "plain"}, Exported: []string{"open@X_2", "close"}, Defines: []string{"X_1", "X_2"},
		Needs: []Need{{"liby.so", []string{"Y_1", "Y_2"}}, {"libz.so", []string{"Z_1"}}},
	}.Bytes()
	f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if f.Soname != "libx.so.1" || !slices.Equal(f.Needed, []string{"liby.so", "libz.so"}) || !slices.Equal(f.RunPath, []string{"$ORIGIN"}) || !f.BindNow || f.Kind != elfaudit.KindSharedObject {
		t.Errorf("%+v", f)
	}
	var got []string
	for s := range f.Undefined() {
		weak := ""
		if s.Weak {
			weak = "?"
		}
		got = append(got, s.Name+"@"+s.Version+weak)
	}
	for s := range f.Exported() {
		got = append(got, s.Name+"@"+s.Version)
	}
	if want := []string{"puts@Y_1", "maybe@?", "plain@", "open@X_2", "close@"}; !slices.Equal(got, want) {
		t.Errorf("symbols %q, want %q", got, want)
	}
	if len(f.VersionDefs) != 2 || len(f.VersionNeeds) != 2 || len(f.VersionNeeds[0].Versions) != 2 || f.VersionNeeds[1].Versions[0].Name != "Z_1" {
		t.Errorf("%+v, %+v", f.VersionDefs, f.VersionNeeds)
	}
	data = Spec{Loader: "/lib/ld.so"}.Bytes()
	if f, err = elfaudit.Read(bytes.NewReader(data), int64(len(data))); err != nil || f.Kind != elfaudit.KindExecutable || f.Interpreter != "/lib/ld.so" {
		t.Errorf("%+v, %v", f, err)
	}
}
