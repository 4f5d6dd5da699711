// Command mutate changes the code of a package in small ways, one at a time, and
// lists the changes that no test notices.
//
//	go run ./internal/tools/mutate [-n N] [-seed S] [-since REV] [-with PACKAGES] PACKAGES
//
// A change flips a condition, moves a bound by one, swaps an operator or a
// constant of an enumeration, removes a statement, or returns a zero value. A
// change that a test notices is killed; one that survives is printed with its
// place, the function, the old and the new text.
//
// All changes of a package are compiled into one test binary, which a file next
// to the binary switches; nothing is copied (see the -overlay flag of go build). A
// change may make a test write where it should not; new files are listed at the end. Each test is first run alone to see which
// changes it reaches, so that a change costs only the tests that reach it.
//
// Survivors that change nothing observable belong into equivalent.txt, with the
// reason.
package main
