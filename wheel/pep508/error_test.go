package pep508

import (
	"errors"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// TestRefusedRequirements triggers each code; beside each stands a text that is
// nearly the same and accepted.
func TestRefusedRequirements(t *testing.T) {
	deep := func(n int) string {
		return "a; " + strings.Repeat("(", n) + "os_name == ''" + strings.Repeat(")", n)
	}
	tests := []struct {
		text     string
		code     Code
		offset   int
		nearMiss string
	}{
		{"", CodeName, 0, "a"},
		{" -a", CodeName, 1, " a-b"},
		{"éa", CodeName, 0, "a"},
		{"a[x,]", CodeExtras, 4, "a[x,y]"},
		{"a[x y]", CodeExtras, 4, "a[x ,y]"},
		{"a[,x]", CodeExtras, 2, "a[ ]"},
		{"a[x", CodeBracket, 1, "a[x]"},
		{"a(>=1", CodeBracket, 1, "a(>=1)"},
		{"a(1)", CodeSpecifier, 2, "a(==1)"},
		{"a @ ", CodeURL, 4, "a @ x"},
		{"a @ x; y", CodeTrailing, 7, "a @ x;y"}, // the semicolon belongs to the URL
		{"a @ x y", CodeTrailing, 6, "a @ x ;os_name=='y'"},
		{"a 1.0", CodeSpecifier, 2, "a >1.0"},
		{"a>1.*", CodeSpecifier, 4, "a==1.*"},
		{"a>=1,<x", CodeSpecifier, 6, "a>=1,<2"},
		{"a>=1 <2", CodeTrailing, 5, "a>=1 ,<2"},
		{"a===1.0, <2", CodeTrailing, 9, "a===1.0 , <2"},
		{"a;", CodeOperand, 2, "a ; os_name==''"},
		{"a; os.names == ''", CodeOperand, 3, "a; os.name == ''"},
		{"a; 'x", CodeLiteral, 3, "a; 'x' == os_name"},
		{"a; os_name == '\\'", CodeLiteral, 14, "a; os_name == '\\\\'"},
		{"a; os_name = ''", CodeOperator, 11, "a; os_name == ''"},
		{"a; os_name notin ''", CodeOperator, 11, "a; os_name not in ''"},
		{"a; os_name not ''", CodeOperator, 14, "a; os_name not  in ''"},
		{"a; (os_name == ''", CodeBracket, 3, "a; (os_name == '')"},
		{"a; os_name == '')", CodeTrailing, 16, "a; os_name == ''"},
		{"a; os_name == '' or", CodeOperand, 19, "a; os_name == '' or os_name == ''"},
		{deep(MaxDepth + 1), CodeDepth, 3 + MaxDepth, deep(MaxDepth)},
	}
	for _, tt := range tests {
		_, err := ParseRequirement(tt.text)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Code != tt.code || e.Offset != tt.offset {
			t.Errorf("%q: %#v, want %s at %d", tt.text, e, tt.code, tt.offset)
		}
		if _, err := ParseRequirement(tt.nearMiss); err != nil {
			t.Errorf("%q: %v", tt.nearMiss, err)
		}
	}
}

func TestErrorText(t *testing.T) {
	_, err := ParseRequirement(strings.Repeat("é", 60) + strings.Repeat("x", 60))
	want := `invalid dependency specifier "ééééééééééééééé"... at byte 0: expected the name of a project, which starts with an ASCII letter or digit`
	if err == nil || err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	_, err = ParseRequirement("numpy>=1.*")
	cause, ok := errors.AsType[*pep440.Error](err)
	if !ok || cause.Reason != pep440.ReasonWildcard {
		t.Errorf("cause %v", cause)
	}
	env := &Environment{}
	for text, want := range map[string]string{
		"os_name ~= 'x' and os_name == ''": `marker "os_name ~= \"x\"" cannot be evaluated: this operator has no meaning for these operands ("os_name")`,
		"'x' in extras":                    `marker "\"x\" in extras" cannot be evaluated: this variable does not exist in this context ("extras")`,
	} {
		m, err := ParseMarker(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = m.Eval(env); err == nil || err.Error() != want {
			t.Errorf("%s: error %q, want %q", text, err, want)
		}
	}
}

// TestEveryCodeHasAdvice keeps the table of messages complete.
func TestEveryCodeHasAdvice(t *testing.T) {
	codes := []Code{CodeName, CodeExtras, CodeURL, CodeSpecifier, CodeBracket, CodeOperand, CodeOperator, CodeLiteral, CodeTrailing, CodeDepth, CodeComparison, CodeVariable}
	for _, c := range codes {
		if advice[c] == "" {
			t.Errorf("no advice for %s", c)
		}
	}
	if len(advice) != len(codes) {
		t.Errorf("%d messages for %d codes", len(advice), len(codes))
	}
}
