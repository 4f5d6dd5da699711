package pep440_test

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

func ExampleParse() {
	v, err := pep440.Parse("v1.0-ALPHA.1+Ubuntu-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v, v.IsPrerelease(), v.Base(), v.Local())
	// Output: 1.0a1+ubuntu.1 true 1.0 ubuntu.1
}

func ExampleParse_invalid() {
	_, err := pep440.Parse("1.0-final")
	var e *pep440.Error
	if errors.As(err, &e) {
		fmt.Println(e.Reason, e.Offset)
		fmt.Println(e)
	}
	// Output:
	// word 4
	// invalid version "1.0-final" at byte 4: unknown segment; after the numbers only a, b, rc, post, dev or +local may follow
}

func ExampleVersion_Compare() {
	var versions []pep440.Version
	for _, s := range []string{"1.10", "1.9", "1.10rc1", "1.10.post1", "1.10.dev3"} {
		v, err := pep440.Parse(s)
		if err != nil {
			fmt.Println(err)
			return
		}
		versions = append(versions, v)
	}
	slices.SortFunc(versions, pep440.Version.Compare)
	fmt.Println(versions)
	// Output: [1.9 1.10.dev3 1.10rc1 1.10 1.10.post1]
}

func ExampleSpecifierSet_Contains() {
	set, err := pep440.ParseSpecifierSet(">=1.2, !=1.5.*, <2")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range []string{"1.2", "1.5.1", "2.0rc1", "1.9+local"} {
		v, err := pep440.Parse(s)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(v, set.Contains(v, pep440.PrereleasesDefault))
	}
	// Output:
	// 1.2 true
	// 1.5.1 false
	// 2.0rc1 false
	// 1.9+local true
}

func ExampleSpecifierSet_FilterStrings() {
	set, err := pep440.ParseSpecifierSet(">=1.2")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.FilterStrings([]string{"1.1", "1.3", "2.0rc1"}, pep440.PrereleasesDefault))
	fmt.Println(set.FilterStrings([]string{"1.1", "2.0rc1"}, pep440.PrereleasesDefault))
	// Output:
	// [1.3]
	// [2.0rc1]
}

func ExampleSpecifierSet_AllowsPython() {
	set, err := pep440.ParseSpecifierSet(">=3.9.2,<3.14")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.AllowsPython(3, 11, 4), set.AllowsPython(3, 9, 1))
	fmt.Println(set.AllowsPython(3, 9, -1)) // some patch release of 3.9 is allowed
	// Output:
	// true false
	// true
}
