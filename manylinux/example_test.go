package manylinux_test

import (
	"fmt"

	"github.com/wheeltag/wheeltag/manylinux"
)

func ExampleAuditFile() {
	report, err := manylinux.AuditFile("../testdata/wheels-bad/toonew-1.0-cp311-cp311-manylinux2014_aarch64.manylinux_2_17_aarch64.whl")
	if err != nil {
		panic(err)
	}
	fmt.Println(report.Verdict, report.PlatformTag)
	for _, f := range report.Findings {
		fmt.Println(f.Rule, f.Library, f.Version, f.Symbols)
	}
	// Output:
	// fail manylinux_2_28_aarch64
	// WT201 libc.so.6 GLIBC_2.28 [fcntl64]
}

func ExampleRuleByID() {
	rule, _ := manylinux.RuleByID("wt208")
	fmt.Println(rule.ID, rule.Severity, rule.Title)
	// Output: WT208 error asks for an executable stack
}
