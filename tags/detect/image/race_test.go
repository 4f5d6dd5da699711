//go:build race

package image

// raceEnabled says that everything takes ten times as long.
const raceEnabled = true
