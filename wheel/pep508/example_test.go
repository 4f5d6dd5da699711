package pep508_test

import (
	"fmt"

	"github.com/wheeltag/wheeltag/wheel/pep508"
)

func ExampleParseRequirement() {
	r, err := pep508.ParseRequirement(`requests [socks] <3,>=2.28 ; sys_platform != 'win32'`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Name, r.Extras, r.Specifiers)
	fmt.Println(r)
	_, err = pep508.ParseRequirement("requests 2.28")
	fmt.Println(err)
	// Output:
	// requests [socks] <3,>=2.28
	// requests[socks]<3,>=2.28; sys_platform != "win32"
	// invalid dependency specifier "requests 2.28" at byte 9: not a version specifier; write an operator and a version, separated by commas, as in >=1.2,<2
}

func ExampleMarker_Eval() {
	m, err := pep508.ParseMarker(`python_version < "3.10" or platform_machine == "aarch64"`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, machine := range []string{"x86_64", "aarch64"} {
		holds, err := m.Eval(&pep508.Environment{PythonVersion: "3.11", PlatformMachine: machine})
		fmt.Println(machine, holds, err)
	}
	// Output:
	// x86_64 false <nil>
	// aarch64 true <nil>
}

func ExampleMarker_EvalIn() {
	m, err := pep508.ParseMarker(`"socks" in extras or "dev" in dependency_groups`)
	if err != nil {
		fmt.Println(err)
		return
	}
	env := &pep508.Environment{Extras: []string{"Socks"}}
	fmt.Println(m.EvalIn(pep508.LockFile, env))
	fmt.Println(m.Eval(env))
	// Output:
	// true <nil>
	// false marker "\"socks\" in extras" cannot be evaluated: this variable does not exist in this context ("extras")
}
