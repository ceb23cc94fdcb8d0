// Package hosts makes the private network in which the lab runs without root:
// the command starts itself again in a user and network namespace of its own,
// with a loopback that nobody else uses and that it may capture on.
//
// The parent calls Private and does nothing else from then on; the child, the
// same program with the same arguments, finds Inside true, calls Enter before
// anything else, and then works as it would on the host:
//
//	if hosts.Inside() {
//		if err := hosts.Enter(); err != nil {
//			return 7 // the parent knows why, and says so
//		}
//	}
//
// and tells it with Heard of each signal that it has caught.
package hosts

import (
	"errors"
	"os"
)

// ErrUnavailable is what every *Unavailable is: no private namespace can be
// made here.
var ErrUnavailable = errors.New("no private network namespace can be made here")

// Command is what the child runs: this program again.
type Command struct {
	Args                  []string // the arguments behind the program's name
	Stdin, Stdout, Stderr *os.File // the child's own; a terminal stays one
	// Signals are those that have reached this process, from whoever catches
	// them; nil: Private does. There is no moment between two owners in which one
	// could be lost.
	Signals <-chan os.Signal
}

// firstOfOurs is the child's first descriptor that is no standard stream.
const firstOfOurs = 3

// Cause is why no private namespace can be made.
type Cause uint8

// The causes that have a remedy of their own.
const (
	Denied     Cause = iota // refused, and nothing says by whom
	Seccomp                 // a seccomp filter, as in containers
	Limit                   // user.max_user_namespaces or its like is used up, or 0
	AppArmor                // Ubuntu's restriction of unprivileged user namespaces
	Switch                  // kernel.unprivileged_userns_clone is 0
	NoKernel                // the kernel has no such namespaces
	NoProc                  // /proc is not mounted
	NotWritten              // this system has none that this program knows
)

// Unavailable says why no private namespace can be made, and what to do.
type Unavailable struct {
	Cause  Cause
	Detail string // what was found, for the message
	Err    error  // what the system said; nil on systems without namespaces
	remedy []string
}

// Error is one line: what could not be done, and why.
func (u *Unavailable) Error() string {
	text := "private network namespace: " + u.Detail
	if u.Err != nil {
		text += ": " + u.Err.Error()
	}
	return text
}

// Is makes every Unavailable an ErrUnavailable.
func (u *Unavailable) Is(target error) bool { return target == ErrUnavailable }

// Unwrap is what the system said.
func (u *Unavailable) Unwrap() error { return u.Err }

// Remedy is what the reader can do, a line each, the best first.
func (u *Unavailable) Remedy() []string { return u.remedy }
