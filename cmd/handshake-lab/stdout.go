package main

import (
	"fmt"
	"io"
	"os"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// standardOutput is the process's; where it began closed, as after >&-, a file
// that refuses every write, as a closed one does.
func standardOutput() *os.File {
	if terminal.StdoutWasClosed() {
		if refuses, err := os.Open(os.DevNull); err == nil {
			return refuses
		}
	}
	return os.Stdout
}

// parserOutput is where the command line's parser writes help, the version and
// completions. It prints an error of a write itself, or ignores it: this keeps
// the first for conclude.
type parserOutput struct {
	to     io.Writer
	failed error
}

func (o *parserOutput) Write(p []byte) (int, error) {
	if o.failed == nil {
		if _, err := o.to.Write(p); err != nil {
			o.failed = outputError(fmt.Errorf("write to standard output: %w", bare(err)))
		}
	}
	return len(p), nil
}
