package audit_test

import (
	"context"
	"fmt"

	"github.com/wheeltag/wheeltag/wheel/audit"
)

func ExampleFile() {
	report, err := audit.File(context.Background(), "../../testdata/wheels-bad/toonew-1.0-cp311-cp311-manylinux2014_aarch64.manylinux_2_17_aarch64.whl")
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

// What a report says of the code answers further questions, also when the report
// was read from JSON.
func ExampleReport_Qualifies() {
	report, err := audit.File(context.Background(), "../../testdata/wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl")
	if err != nil {
		panic(err)
	}
	answer, unmet, err := report.Qualifies("manylinux_2_17", nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(answer, len(unmet), unmet[0].Version, unmet[0].Lowest)
	// Output: no 1 GLIBC_2.28 manylinux_2_28_aarch64
}
