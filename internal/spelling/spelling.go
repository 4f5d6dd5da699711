// Package spelling finds the known words that a mistyped one was probably meant
// to be.
package spelling

import (
	"cmp"
	"slices"
	"strings"
)

const (
	maxClosest = 5  // how many words are returned at most
	maxLength  = 64 // of a word: the work is the product of two lengths
)

// Closest returns those of the known words at the least edit distance from word,
// in the order given, if that distance is small for the length of the word: one
// edit in three letters, three at most.
func Closest(word string, known []string) []string {
	if len(word) > maxLength || word == "" {
		return nil
	}
	type near struct {
		word     string
		distance int
	}
	limit := max(1, min(3, len(word)/3))
	var list []near
	for _, other := range known {
		if abs := len(other) - len(word); max(abs, -abs) > limit {
			continue
		}
		if d := distance(word, other); d <= limit && d < max(len(word), len(other)) {
			limit = min(limit, d) // words farther away no longer count
			list = append(list, near{other, d})
		}
	}
	slices.SortStableFunc(list, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var words []string
	for _, n := range list {
		if n.distance == limit && len(words) < maxClosest && !slices.Contains(words, n.word) {
			words = append(words, n.word)
		}
	}
	return words
}

// Suggest returns the closest known word or, if none is close, the only one that
// begins with what was typed; "" when there is neither.
func Suggest(word string, known []string) string {
	if near := Closest(word, known); len(near) > 0 {
		return near[0]
	}
	longer := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return !strings.HasPrefix(k, word) })
	if len(word) > 1 && len(longer) == 1 {
		return longer[0]
	}
	return ""
}

// distance counts the insertions, deletions, changes and swaps of neighbours
// between two words.
func distance(a, b string) int {
	// Three rows of the usual table: row i counts from the first i bytes of a.
	before, last, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			next[j+1] = min(last[j]+change, last[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}
