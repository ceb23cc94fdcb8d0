package main

import (
	"bytes"
	"io"
	"sync/atomic"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// turns make a person who is the client of a story that has a pace do one after the
// other: the keys are the story's until all that has happened is told, then a line is
// typed at the prompt.
type turns struct {
	*lab
	keyboard io.Reader
	prompt   []byte
	typing   atomic.Bool // at the prompt
}

// takesTurns reports whether a person does: on a terminal, with the story on it.
func (a *app) takesTurns(r *runFlags) bool {
	return r.interactive && (r.pace.step || r.pace.every > 0) && r.show.view == "story" && r.show.toStdout() && !r.save.toStdout() && terminal.Is(a.stdout) && terminal.Is(a.stdin)
}

// Write takes what the client prints: of that the prompt is shown, when its turn has
// come, as the story tells the rest.
func (t *turns) Write(p []byte) (int, error) {
	t.prompt = append(t.prompt, p...)
	t.prompt = t.prompt[bytes.LastIndexByte(t.prompt, '\n')+1:]
	return len(p), nil
}

// Read waits for the turn, and reads a line.
func (t *turns) Read(p []byte) (int, error) {
	t.untilTold()
	if t.ctx.Err() != nil {
		return 0, io.EOF
	}
	defer t.viewer.lend()()
	if _, err := t.stdout.Write(append(t.prompt, ' ')); err != nil {
		return 0, err
	}
	t.prompt = nil
	t.typing.Store(true)
	n, err := t.keyboard.Read(p)
	t.typing.Store(n == 0) // no line
	return n, err
}

// untilTold waits until the story has told what has happened: for a while nothing
// has come any more.
func (t *turns) untilTold() {
	const look, while = 10 * time.Millisecond, 5
	for quiet := 0; quiet < while && t.ctx.Err() == nil; time.Sleep(look) {
		if quiet++; !t.merge.IsIdle() {
			quiet = 0
		}
	}
}
