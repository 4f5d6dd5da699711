package cli

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// standardInput yields what the lines of standard input mean.
func (c *invocation) standardInput(here folder, takes accepted) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		some := false
		for line, err := range c.lines() {
			if err != nil {
				some = true
				if !yield(input{name: "-"}, fmt.Errorf("standard input: %w", err)) {
					return
				}
				continue
			}
			if line = strings.TrimSuffix(line, "\r"); line == "" {
				continue
			}
			some = true
			if takes&acceptNames != 0 && !isPath(line) && !here[line] {
				// By far the most common line, so it takes the short way.
				if !yield(input{name: line}, nil) {
					return
				}
				continue
			}
			for in, err := range expand(line, here, takes) {
				if !yield(in, err) {
					return
				}
			}
		}
		if !some {
			yield(input{name: "-"}, errors.New("standard input is empty"))
		}
	}
}

// maxLine bounds a line of standard input.
const maxLine = 1 << 20

// lines yields the lines of standard input. A block is turned into one string,
// of which the lines are parts. While there is nothing to read, what was written
// so far is shown, and an interrupt ends the wait.
func (c *invocation) lines() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		rest, skipping := "", false
		for text, err := range c.blocks() {
			if err != nil {
				yield("", err)
				return
			}
			for {
				line, after, ok := strings.Cut(text, "\n")
				if !ok {
					break
				}
				line, rest, text = rest+line, "", after
				if skipping {
					skipping = false
					continue
				}
				if !yield(line, nil) {
					return
				}
			}
			rest += text
			if len(rest) > maxLine && !skipping {
				skipping = true
				if !yield("", fmt.Errorf("line longer than %d bytes; skipped", maxLine)) {
					return
				}
			}
			if skipping {
				rest = ""
			}
		}
		if rest != "" {
			yield(rest, nil)
		}
	}
}

// block is what one read gave.
type block struct {
	text string
	err  error
}

// blocks yields standard input as it comes.
func (c *invocation) blocks() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		read, stop := make(chan block, 1), make(chan struct{})
		defer close(stop)
		go readBlocks(c.in, read, stop)
		for {
			var b block
			select {
			case b = <-read:
			default:
				if !c.shared {
					c.out.Flush()
				}
				select {
				case b = <-read:
				case <-c.ctx.Done():
					yield("", c.ctx.Err())
					return
				}
			}
			if b.text != "" && !yield(b.text, nil) {
				return
			}
			if b.err != nil {
				if b.err != io.EOF {
					yield("", b.err)
				}
				return
			}
		}
	}
}

func readBlocks(r io.Reader, read chan<- block, stop <-chan struct{}) {
	buf := make([]byte, 1<<16)
	for {
		n, err := r.Read(buf)
		select {
		case read <- block{string(buf[:n]), err}:
		case <-stop:
			return
		}
		if err != nil {
			return
		}
	}
}
