//go:build unix

package main

import (
	"io"
	"strings"
	"testing"
)

// TestFullAcceptQueue: clients whose last ACK the kernel dropped do not wait for
// ever; the story says what happened, the exit code that something did.
func TestFullAcceptQueue(t *testing.T) {
	for range 5 { // the queue may be emptied in time
		p := start(t, "run", "--net", "private", "--clients", "30", "--backlog", "1", "--patience", "2s")
		story := make(chan []byte)
		go func() { text, _ := io.ReadAll(p.out); story <- text }()
		code := p.end(t, "a full accept queue")
		text := strings.Join(strings.Fields(string(<-story)), " ") // in one line
		if gaveUp := strings.Contains(text, "gives up"); gaveUp != (code == exitNetwork) || !gaveUp && code != exitFine {
			t.Fatalf("exit code %d, but in the story a client gives up: %t", code, gaveUp)
		}
		if strings.Contains(text, "the server has no such connection, as its kernel dropped the last ACK") {
			return
		}
	}
	t.Error("no story says what became of the handshakes")
}
