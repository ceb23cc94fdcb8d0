package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/errno"
	"github.com/handshake-lab/handshake-lab/internal/quiz/sheet"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

const program = "handshake-lab"

// The exit codes.
const (
	exitFine        = 0
	exitUse         = 1  // wrong use
	exitFile        = 3  // a file that cannot be read, or breaks off
	exitFilter      = 4  // a filter that does not parse
	exitPermission  = 5  // a right is missing
	exitNetwork     = 6  // port taken, refused, unreachable
	exitUnavailable = 7  // not available here
	exitOutput      = 8  // output could not be written
	exitInterface   = 9  // no such interface, or it went away
	exitBelowPass   = 64 // a quiz below its pass mark
	exitFault       = 70 // a fault of ours
	exitSIGINT      = 128 + int(syscall.SIGINT)
	exitSIGTERM     = 128 + int(syscall.SIGTERM)
)

// exitCodes is what the codes mean, for help and the man pages; README.md has the
// same codes.
var exitCodes = []struct{ code, meaning string }{
	{"0", "fine; so is Ctrl-C where it is the normal end, and a reader that goes away"},
	{"1", "wrong use"},
	{"3", "a file that cannot be read, or breaks off"},
	{"4", "a filter that does not parse"},
	{"5", "no permission"},
	{"6", "network: port taken, refused, unreachable, or no answer in time"},
	{"7", "not available here; a recording was shown, if anything"},
	{"8", "output could not be written"},
	{"9", "no such interface, or it is down"},
	{"64", "a quiz below its pass mark"},
	{"70", "a fault of the program's own: please report it"},
	{"130, 143", "ended by SIGINT, by SIGTERM"},
}

// A failure is an error with its exit code and what to do about it.
type failure struct {
	code  int
	err   error
	hints []string
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// fail makes err end the program with an exit code, with hints below it. An
// err that is a failure already stays as it is; nil stays nil.
func fail(code int, err error, hints ...string) error {
	var f *failure
	if err == nil || errors.As(err, &f) {
		return err
	}
	return &failure{code, err, hints}
}

// useError is wrong use of a command.
func useError(hint, format string, args ...any) error {
	return fail(exitUse, fmt.Errorf(format, args...), hint)
}

// exited is the exit code of a child that has said what was wrong itself.
type exited int

func (e exited) Error() string { return fmt.Sprintf("ended with exit code %d", int(e)) }

// say prints a message of the program's on standard error.
func (a *app) say(format string, args ...any) {
	a.message(program + ": " + visible.String(fmt.Sprintf(format, args...)) + "\n")
}

// plural is "1 packet", "2 packets".
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// hint prints what can be done, below a message.
func (a *app) hint(format string, args ...any) { a.say("hint: "+format, args...) }

// tell prints an error and its hints, and returns its exit code. Errors
// that no command has marked come from the command line's parser.
func tell(stderr io.Writer, err error) int {
	f := &failure{code: exitUse, err: err, hints: []string{"see " + program + " --help"}}
	first, more := strings.TrimSpace(err.Error()), ""
	if !errors.As(err, &f) {
		first, more, _ = strings.Cut(first, "\n") // the parser puts its suggestions on lines of their own
	}
	fmt.Fprint(stderr, folded(stderr, fmt.Sprintf("%s: %s\n", program, visible.String(first))))
	for _, line := range strings.Split(more, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasSuffix(line, "?") {
			fmt.Fprintf(stderr, "%s: hint: did you mean %s\n", program, visible.String(line))
		}
	}
	for _, hint := range f.hints {
		for _, line := range strings.Split(hint, "\n") {
			if line != "" {
				fmt.Fprintf(stderr, "%s: hint: %s\n", program, visible.String(line))
			}
		}
	}
	return f.code
}

// folded breaks what is too long for the terminal that it goes to at blanks, not in
// the middle of a word. Hints are left to the terminal, as one may be a command to copy.
func folded(to io.Writer, text string) string {
	file, isFile := to.(*os.File)
	if !isFile || !terminal.Is(file) {
		return text
	}
	return fold(text, terminal.Width(file))
}

func fold(text string, columns int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(sheet.Wrapped(line, columns, 2))
	}
	return b.String()
}

const captureHint = "name a pcap or pcapng file, or - for standard input"

// fileError marks an error about a capture file.
func fileError(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail(exitFile, err, captureHint)
	case errors.Is(err, fs.ErrPermission):
		return fail(exitFile, err, "the file belongs to somebody else: ls -l shows to whom")
	}
	return fail(exitFile, err)
}

// outputError marks an error of a write.
func outputError(err error) error {
	switch {
	case errno.Is(err, syscall.ENOSPC):
		return fail(exitOutput, err, "the disk is full; what was written until then is there")
	case errors.Is(err, fs.ErrPermission):
		return fail(exitOutput, err, "choose a folder that you may write to")
	}
	return fail(exitOutput, err)
}

// isClosedPipe reports whether the reader of our output has gone, as head does:
// a quiet end.
func isClosedPipe(err error) bool { return errno.Is(err, syscall.EPIPE) }
