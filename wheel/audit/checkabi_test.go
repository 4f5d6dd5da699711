package audit

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// abiFindings audits a wheel of files and gives what the rules of the ABI say.
func abiFindings(t *testing.T, filename string, files map[string][]byte) []string {
	t.Helper()
	w := wheelOf(t, files)
	o := Options{Selection: finding.Selection{Select: []string{"WT301", "WT302", "WT303", "WT305"}}}
	r, err := New(o).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), filename)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Rule+" "+f.File+" "+f.Message)
	}
	return got
}

// importing makes a module of a name that takes symbols from Python.
func importing(name string, symbols ...string) []byte {
	return elftest.Spec{
		Needed: []string{"libc.so.6"}, Undefined: symbols, Exported: []string{"PyInit_" + name}, BindNow: true,
		Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.2.5"}}},
	}.Bytes()
}

// TestSuffixes: which modules the Pythons of a wheel look for.
func TestSuffixes(t *testing.T) {
	code := importing("m")
	musl := elftest.Spec{Needed: []string{"libc.musl-x86_64.so.1"}, Exported: []string{"PyInit_m"}, BindNow: true}.Bytes()
	bare := elftest.Spec{Exported: []string{"PyInit_m"}, BindNow: true}.Bytes()
	const gnu = "-x86_64-linux-gnu.so"
	for _, c := range []struct {
		tags string
		path string
		code []byte
		want string
	}{
		{"cp312-cp312-manylinux_2_17_x86_64", "m.cpython-312" + gnu, code, ""},
		{"cp312-cp312-manylinux_2_17_x86_64", "m.cpython-311" + gnu, code, "is for cp311 by its name; the wheel is for cp312"},
		{"cp312-cp312-manylinux_2_17_x86_64", "m.cpython-312t" + gnu, code, "is for cp312t by its name; the wheel is for cp312"},
		{"cp313-cp313t-manylinux_2_17_x86_64", "m.cpython-313t" + gnu, code, ""},
		{"cp313-cp313t-manylinux_2_17_x86_64", "m.cpython-313" + gnu, code, "is for cp313 by its name; the wheel is for cp313t"},
		{"cp313-cp313t-manylinux_2_17_x86_64", "m.abi3.so", code, "is for abi3 by its name; the wheel is for cp313t"},
		{"cp312-cp312-manylinux_2_17_x86_64", "m.abi3.so", code, ""},
		{"cp312-cp312-manylinux_2_17_x86_64", "m.so", code, ""},
		{"cp39-abi3-manylinux_2_17_x86_64", "m.abi3.so", code, ""},
		{"cp39-abi3-manylinux_2_17_x86_64", "m.cpython-39" + gnu, code, "is for cp39 by its name; the wheel is for abi3"},
		{"cp315-abi3.abi3t-manylinux_2_17_x86_64", "m.abi3t.so", code, ""},
		{"cp312-cp312-manylinux_2_17_x86_64", "m.abi3t.so", code, "is for abi3t by its name; the wheel is for cp312"},
		{"cp37-cp37m-manylinux_2_17_x86_64", "m.cpython-37m" + gnu, code, ""},
		{"pp310-pypy310_pp73-manylinux_2_17_x86_64", "m.pypy310-pp73" + gnu, code, ""},
		{"pp310-pypy310_pp73-manylinux_2_17_x86_64", "m.pypy39-pp73" + gnu, code, "is for pypy39_pp73 by its name; the wheel is for pypy310_pp73"},
		{"py3-none-manylinux_2_17_x86_64", "m.cpython-311" + gnu, code, ""},
		{"cp312-cp312-win_amd64", "m.cp311-win_amd64.pyd", nil, "is for cp311 by its name; the wheel is for cp312"},
		{"cp312-cp312-win_amd64", "m.cp312-win_amd64.pyd", nil, ""},
		{"cp312-cp312-manylinux_2_17_x86_64", "demo-1.0.data/data/m.cpython-311" + gnu, code, ""},
		{"cp312-cp312-manylinux_2_17_x86_64", "demo-1.0.data/platlib/m.cpython-311" + gnu, code, "is for cp311 by its name; the wheel is for cp312"},

		{"cp311-cp311-musllinux_1_2_x86_64", "m.cpython-311" + gnu, musl, "is for glibc by its name; Pythons for musl do not look for it"},
		{"cp310-cp310-musllinux_1_2_x86_64", "m.cpython-310" + gnu, musl, ""},
		{"cp311-cp311-musllinux_1_2_x86_64", "m.cpython-311-x86_64-linux-musl.so", musl, ""},
		{"cp311-cp311-manylinux_2_17_x86_64", "m.cpython-311-x86_64-linux-musl.so", code, "is for musl by its name; Pythons for glibc do not look for it"},
		{"cp311-cp311-musllinux_1_2_x86_64", "m.cpython-311" + gnu, code, ""}, // WT205 says it
		{"cp311-cp311-manylinux_2_17_x86_64.musllinux_1_2_x86_64", "m.cpython-311" + gnu, bare, ""},
	} {
		var want []string
		if c.want != "" {
			want = []string{"WT301 " + c.path + " " + c.want}
		}
		if got := abiFindings(t, "demo-1.0-"+c.tags+".whl", map[string][]byte{c.path: c.code}); !slices.Equal(got, want) {
			t.Errorf("%s in %s: %q, want %q", c.path, c.tags, got, want)
		}
	}
	// A wheel with a module for each of several Pythons has the one that is asked for.
	both := map[string][]byte{"m.cpython-311" + gnu: code, "m.cpython-312" + gnu: code}
	if got := abiFindings(t, "demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", both); len(got) > 0 {
		t.Errorf("%q", got)
	}
	if got := abiFindings(t, "demo-1.0-cp313-cp313-manylinux_2_17_x86_64.whl", both); len(got) != 1 || !strings.Contains(got[0], "(and 1 more like this)") {
		t.Errorf("%q", got)
	}
}

// TestStableABI: what a module of an abi3 wheel takes from Python.
func TestStableABI(t *testing.T) {
	const abi3 = "demo-1.0-cp39-abi3-manylinux_2_17_x86_64.whl"
	helper := elftest.Spec{Exported: []string{"PyHelper_New"}, BindNow: true, Soname: "libh.so"}.Bytes()
	for _, c := range []struct {
		what, filename string
		files          map[string][]byte
		want           []string
	}{
		{"the stable ABI", abi3, map[string][]byte{"m.abi3.so": importing("m", "PyLong_FromLong", "_Py_NoneStruct", "malloc", "Pyxis", "PyVectorcall_NARGS?")}, nil},
		{"a private function", abi3, map[string][]byte{"m.abi3.so": importing("m", "_PyLong_AsByteArray", "PyLong_FromLong")}, []string{"WT302 m.abi3.so takes _PyLong_AsByteArray from Python, outside the stable ABI"}},
		{"the same in a wheel for one version", "demo-1.0-cp39-cp39-manylinux_2_17_x86_64.whl", map[string][]byte{"m.so": importing("m", "_PyLong_AsByteArray")}, nil},
		{"a weak one", abi3, map[string][]byte{"m.abi3.so": importing("m", "_PyLong_AsByteArray?")}, nil},
		{"a later function", abi3, map[string][]byte{"m.abi3.so": importing("m", "PyType_FromMetaclass", "PyType_GetName")},
			[]string{"WT303 m.abi3.so takes PyType_GetName, which the stable ABI has from 3.11 on; the wheel is for 3.9 and later", "WT303 m.abi3.so takes PyType_FromMetaclass, which the stable ABI has from 3.12 on; the wheel is for 3.9 and later"}},
		{"a function of the tagged version", "demo-1.0-cp312-abi3-manylinux_2_17_x86_64.whl", map[string][]byte{"m.abi3.so": importing("m", "PyType_FromMetaclass")}, nil},
		{"one version too early", "demo-1.0-cp311-abi3-manylinux_2_17_x86_64.whl", map[string][]byte{"m.abi3.so": importing("m", "PyType_FromMetaclass")}, []string{"WT303 m.abi3.so takes PyType_FromMetaclass, which the stable ABI has from 3.12 on; the wheel is for 3.11 and later"}},
		{"a helper of the wheel", abi3, map[string][]byte{"m.abi3.so": importing("m", "PyHelper_New"), "libh.so": helper}, nil},
		{"the helper is elsewhere", abi3, map[string][]byte{"m.abi3.so": importing("m", "PyHelper_New")}, []string{"WT302 m.abi3.so takes PyHelper_New from Python, outside the stable ABI"}},
		{"exports of modules", abi3, map[string][]byte{"m.abi3.so": elftest.Spec{Exported: []string{"PyInit_m", "PyModExport_m", "_cffi_pypyinit_m"}, BindNow: true}.Bytes()}, nil},
		{"the lowest of several versions counts", "demo-1.0-cp312.cp39-abi3-manylinux_2_17_x86_64.whl", map[string][]byte{"m.abi3.so": importing("m", "PyType_FromMetaclass")}, []string{"WT303 m.abi3.so takes PyType_FromMetaclass, which the stable ABI has from 3.12 on; the wheel is for 3.9 and later"}},
	} {
		if got := abiFindings(t, c.filename, c.files); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestModuleInit: a module exports the function that Python calls.
func TestModuleInit(t *testing.T) {
	exporting := func(names ...string) []byte { return elftest.Spec{Exported: names, BindNow: true}.Bytes() }
	const name, suffix = "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", ".cpython-311-x86_64-linux-gnu.so"
	for _, c := range []struct {
		path string
		code []byte
		want string
	}{
		{"demo/m" + suffix, exporting("PyInit_m"), ""},
		{"demo/m" + suffix, exporting("PyModExport_m"), ""},
		{"demo/m" + suffix, exporting("PyInit_other"), "does not export PyInit_m, so that Python cannot import it; it is a module called other"},
		{"demo/m" + suffix, exporting("f"), "does not export PyInit_m, so that Python cannot import it"},
		{"demo/libm.so", exporting("f"), ""},
		{"demo.libs/libm" + suffix, exporting("f"), ""},
	} {
		var want []string
		if c.want != "" {
			want = []string{"WT305 " + c.path + " " + c.want}
		}
		if got := abiFindings(t, name, map[string][]byte{c.path: c.code}); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.path, got, want)
		}
	}
}
