package stableabi

import "testing"

func TestAdded(t *testing.T) {
	for name, want := range map[string]Symbol{
		"PyLong_FromLong": {2, ""}, "PyType_FromMetaclass": {12, ""}, "Py_REFCNT": {14, ""}, "_Py_NoneStruct": {2, ""}, "PyErr_SetFromWindowsErr": {7, "MS_WINDOWS"},
	} {
		if got, ok := Added(name); !ok || got != want {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	for _, name := range []string{"_PyLong_AsByteArray", "PyMem_Nothing", ""} {
		if got, ok := Added(name); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestTable: lines of the table that are not symbols are not taken for some.
func TestTable(t *testing.T) {
	for name, symbol := range symbols() {
		if !IsPython(name) && name != "PY_TIMEOUT_MAX" || symbol.Minor < 2 {
			t.Errorf("%q: %+v", name, symbol)
		}
	}
}

func TestIsPython(t *testing.T) {
	for name, want := range map[string]bool{"PyLong_FromLong": true, "_PyLong_AsByteArray": true, "Py_Initialize": true, "_Py_NoneStruct": true, "Python": false, "Pyxis": false, "Py": false, "PyA": true, "PyZ": true, "Py@": false, "Py[": false, "__Py_x": false, "pyx": false, "": false} {
		if IsPython(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
