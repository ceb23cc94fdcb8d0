package main

import (
	"fmt"
	"io"
)

// linesMost is how many lines may wait for a slow reader.
const linesMost = 1000

// lines prints lines without ever making those who bring them wait: where the
// reader is slower they are left out, and their number is told in their place.
type lines struct {
	queue   chan string
	missing int // since the last one that found room; of whoever brings them
	done    chan struct{}
}

// printLines begins to print. Failed is told once of an output that fails;
// nothing is printed after it.
func printLines(to io.Writer, failed func(error)) *lines {
	l := &lines{queue: make(chan string, linesMost), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		var err error
		for line := range l.queue {
			if err != nil {
				continue
			}
			if _, err = fmt.Fprintln(to, line); err != nil {
				failed(outputError(err))
			}
		}
	}()
	return l
}

// print takes one line, from one goroutine at a time.
func (l *lines) print(line string) {
	if l.missing > 0 {
		line = fmt.Sprintf("(%s not shown, as nobody took what came before in time)\n%s", are(l.missing, "line"), line)
	}
	select {
	case l.queue <- line:
		l.missing = 0
	default:
		l.missing++
	}
}

// close waits until everything is printed. Nobody may print any more.
func (l *lines) close() {
	if l.missing > 0 {
		l.queue <- fmt.Sprintf("(%s not shown, as nobody took what came before in time)", are(l.missing, "line"))
	}
	close(l.queue)
	<-l.done
}
