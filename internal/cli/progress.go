package cli

import (
	"fmt"
	"io"
	"time"
)

// How often a progress line is written, and how long there is none.
const (
	progressEvery = 100 * time.Millisecond
	progressAfter = time.Second
)

// progressLine is a line on a terminal that says how far the work is. Whatever is
// written through over takes its place, so that results never stand behind it.
type progressLine struct {
	w     io.Writer
	shown bool
}

// draw replaces the line. What is wider than the terminal is cut off there: a
// line that went on below could not be taken back.
func (p *progressLine) draw(text string) {
	const noWrap, wrapAgain = "\x1b[?7l", "\x1b[?7h"
	fmt.Fprint(p.w, "\r\x1b[K"+noWrap+plain(text)+wrapAgain)
	p.shown = true
}

func (p *progressLine) hide() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// over is a writer before which the line is taken away.
func (p *progressLine) over(w io.Writer) io.Writer { return overLine{p, w} }

type overLine struct {
	line *progressLine
	w    io.Writer
}

func (o overLine) Write(b []byte) (int, error) {
	o.line.hide()
	return o.w.Write(b)
}
