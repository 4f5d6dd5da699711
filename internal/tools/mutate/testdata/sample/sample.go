// Package sample has a test that notices some changes of it.
package sample

import "errors"

// Kind is an enumeration.
type Kind int

// The kinds.
const (
	Small Kind = iota
	Large
)

var errNegative = errors.New("negative")

// Classify has a bound that its test does not reach.
func Classify(n int) (Kind, error) {
	if n < 0 {
		return Small, errNegative
	}
	if n > 10 && n != 99 {
		return Large, nil
	}
	return Small, nil
}

// Sum is tested well.
func Sum(list []int) (total int) {
	for _, n := range list {
		if n%2 == 1 {
			continue
		}
		total += n
	}
	return total
}

// Unused is tested by nothing.
func Unused(a uint8, b uint8) uint8 { return a<<b | b }

// generic functions, shadowed names and constants keep compiling.
func generic[T ~[]E, E comparable](list T, e E) int {
	const limit = 4
	var table [limit]string
	for i := range list {
		if list[i] == e && len(table) == limit {
			return i
		}
	}
	return -1
}

// Half is called by a test that does not look at the result.
func Half(n int) int { return n / 2 }
