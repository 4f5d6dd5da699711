package report

import (
	"fmt"
	"io"
)

// Line is a line on a terminal that says how far the work is. Whatever is written
// through over takes its place, so that results never follow it on one line.
type Line struct {
	w     io.Writer
	shown bool
}

// NewLine makes a line that is drawn on w.
func NewLine(w io.Writer) *Line { return &Line{w: w} }

// Draw replaces the line. What is wider than the terminal is cut off there: a line
// that went on below could not be taken back.
func (l *Line) Draw(text string) {
	const noWrap, wrapAgain = "\x1b[?7l", "\x1b[?7h"
	fmt.Fprint(l.w, "\r\x1b[K"+noWrap+Plain(text)+wrapAgain)
	l.shown = true
}

// Hide takes the line away.
func (l *Line) Hide() {
	if l.shown {
		fmt.Fprint(l.w, "\r\x1b[K")
		l.shown = false
	}
}

// over is a writer before which the line is taken away.
func (l *Line) over(w io.Writer) io.Writer { return overLine{l, w} }

type overLine struct {
	line *Line
	w    io.Writer
}

func (o overLine) Write(b []byte) (int, error) {
	o.line.Hide()
	return o.w.Write(b)
}
