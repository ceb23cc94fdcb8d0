//go:build unix

package terminal

import (
	"encoding/binary"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// asking is a question that the terminal has not answered in full yet. Until it has,
// or will not, the terminal gives single keys without echo, so that an answer is
// neither shown nor left to whoever reads from the terminal next.
type asking struct {
	in     *os.File
	tty    int // the same terminal, whose reads never wait: somebody else may be quicker
	found  unix.Termios
	answer answer
	over   chan struct{}
	once   sync.Once
}

// late is the question whose answer is late, and what was typed in the meantime and
// could not be put back.
var late struct {
	sync.Mutex
	question *asking
	typed    []byte
}

// askGround asks a terminal whether its ground is light. It does not ask where the
// answer could reach somebody else: in the background, where in is another terminal,
// or while keys wait to be read, which would be mixed up with it.
func askGround(in, out *os.File) (light, known bool) {
	if !isForeground(in) || !isSame(in, out) || !isReady(out, unix.POLLOUT, 0) {
		return false, false
	}
	found, err := unix.IoctlGetTermios(int(in.Fd()), getTermios)
	if err != nil || found.Lflag&unix.ICANON == 0 { // somebody reads keys already
		return false, false
	}
	tty, err := unix.Open("/dev/tty", unix.O_RDWR|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false, false
	}
	a := &asking{in: in, tty: tty, found: *found, over: make(chan struct{})}
	single := a.found
	single.Lflag &^= unix.ICANON | unix.ECHO
	single.Cc[unix.VMIN], single.Cc[unix.VTIME] = 1, 0
	late.Lock()
	late.question = a
	late.Unlock()
	if unix.IoctlSetTermios(int(in.Fd()), setTermios, &single) != nil || isReady(in, unix.POLLIN, 0) {
		a.end()
		return false, false
	}
	began := time.Now()
	if _, err := out.WriteString(question); err != nil {
		a.end()
		return false, false
	}
	isWhole := a.read(began.Add(askFor))
	light, known = isLight(a.answer.ground)
	if isWhole {
		a.end()
		return light, known
	}
	go func() {
		a.read(began.Add(lateBy))
		a.end()
	}()
	return light, known
}

// read reads until the answer is whole, which it returns, or a time has come.
func (a *asking) read(until time.Time) bool {
	var b [256]byte
	for !a.answer.isWhole {
		left := time.Until(until)
		if left <= 0 {
			return false
		}
		select {
		case <-a.over:
			return true
		default:
		}
		if !isReady(a.in, unix.POLLIN, min(left, 20*time.Millisecond)) {
			continue
		}
		n, err := unix.Read(a.tty, b[:])
		if n <= 0 && err != unix.EINTR && err != unix.EAGAIN {
			return true // hung up
		}
		a.answer.take(b[:max(n, 0)])
	}
	return true
}

// end gives the terminal back as it was found, and what was typed to whoever reads
// next: to the terminal, where the system lets a program do that, else to OpenKeys
// and Typed.
func (a *asking) end() {
	a.once.Do(func() {
		late.Lock()
		typed := a.answer.keys()
		for i, key := range typed {
			if putBack(a.in, key) != nil {
				late.typed = append(late.typed, typed[i:]...)
				break
			}
		}
		_ = unix.IoctlSetTermios(int(a.in.Fd()), setTermios, &a.found) // after that: keys put back are not to be shown
		late.question = nil
		late.Unlock()
		unix.Close(a.tty)
		close(a.over)
	})
}

// Settle waits for an answer of the terminal that is late, so that it is read by
// nobody else. It returns within half a second, as a rule at once. Who reads from
// the terminal calls it first, and so does the end of the program.
func Settle() {
	late.Lock()
	question := late.question
	late.Unlock()
	if question != nil {
		<-question.over
	}
}

// Typed hands over what was typed while the terminal was asked, up to most bytes, if
// that could not be put back.
func Typed(most int) []byte {
	late.Lock()
	defer late.Unlock()
	n := min(most, len(late.typed))
	typed := late.typed[:n]
	late.typed = late.typed[n:]
	return typed
}

// giveUpAsking gives the terminal back at once.
func giveUpAsking() {
	late.Lock()
	question := late.question
	late.Unlock()
	if question != nil {
		_ = unix.IoctlSetTermios(int(question.in.Fd()), setTermios, &question.found)
	}
}

// isForeground reports whether the terminal is this process's to read from.
func isForeground(f *os.File) bool {
	group, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// isSame reports whether both are one terminal.
func isSame(a, b *os.File) bool {
	var one, other unix.Stat_t
	return unix.Fstat(int(a.Fd()), &one) == nil && unix.Fstat(int(b.Fd()), &other) == nil && one.Rdev == other.Rdev
}

// isReady reports whether the file can be read or written within a time.
func isReady(f *os.File, events int16, within time.Duration) bool {
	ready := []unix.PollFd{{Fd: int32(f.Fd()), Events: events}}
	n, err := unix.Poll(ready, int(max(within.Milliseconds(), min(int64(within), 1))))
	return err == nil && n > 0
}

// putBack makes the terminal read a byte as if it had been typed.
func putBack(f *os.File, key byte) error {
	first := binary.NativeEndian.Uint32([]byte{key, 0, 0, 0}) // the system reads one byte at the address of a number
	return unix.IoctlSetPointerInt(int(f.Fd()), unix.TIOCSTI, int(int32(first)))
}
