package main

import (
	"bytes"
	"io"
	"sync"
)

// prompt shares one terminal between the story and a person who types at a
// prompt. The story takes the prompt's line for itself and puts the prompt
// back below it, so that the cursor always stands where the person types.
type prompt struct {
	mu   sync.Mutex
	out  io.Writer
	line []byte // what stands on the line of the cursor
}

// clearLine goes to the begin of the line and clears it (ECMA-48 §8.3.41, EL).
const clearLine = "\r\x1b[K"

// Write is the story's: whole lines.
func (s *prompt) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.line) == 0 {
		return s.out.Write(p)
	}
	text := append([]byte(clearLine), p...)
	if !bytes.HasSuffix(p, []byte("\n")) {
		text = append(text, '\n')
	}
	if _, err := s.out.Write(append(text, s.line...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// typing is the client's side of the prompt: of what the client prints only
// the line of the prompt is shown, as the story tells the rest.
type typing struct{ *prompt }

func (d typing) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(p)
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		d.line = d.line[:0]
		p = p[i+1:]
		_, err := d.out.Write([]byte(clearLine))
		if err != nil {
			return 0, err
		}
	}
	if len(p) > 0 {
		p = append(bytes.Clone(p), ' ')
	}
	d.line = append(d.line, p...)
	_, err := d.out.Write(p)
	return n, err
}

// stands reports whether the prompt waits for an answer.
func (d typing) stands() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.line) > 0
}

// answered forgets the prompt: the person has pressed Enter.
func (d typing) answered() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.line = d.line[:0]
}
