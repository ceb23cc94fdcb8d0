package live

import (
	"errors"
	"fmt"
	"runtime"
)

// The errors a program can act on; test with errors.Is.
var (
	ErrNoLibpcap    = errors.New(noLibpcap())
	ErrPermission   = errors.New("operation not permitted")
	ErrNoInterface  = errors.New("no such interface")
	ErrDown         = errors.New("the interface is down")
	ErrFilter       = errors.New("not a capture filter")
	ErrReadPackets  = errors.New("reading packets failed")
	errNotActivated = errors.New("the capture could not be started")
)

// Windows has two builds: this program must also start where there is no Npcap, or
// another library of that name.
const withoutNpcap = "no live capture and no filters: on Windows they need Npcap (npcap.com) and handshake-lab-npcap.exe"

// noLibpcap says why there is none, and how to get it.
func noLibpcap() string {
	if runtime.GOOS == "windows" {
		return withoutNpcap
	}
	return "built without libpcap: build with cgo and libpcap's headers for live capture and filters"
}

// InterfaceError is what went wrong with a capture, and where.
type InterfaceError struct {
	Interface string
	Err       error
}

func (e *InterfaceError) Error() string { return fmt.Sprintf("capture on %s: %v", e.Interface, e.Err) }
func (e *InterfaceError) Unwrap() error { return e.Err }

// FilterError is a filter expression that libpcap does not take. It is
// ErrFilter to errors.Is.
type FilterError struct {
	Expression string
	Message    string // libpcap's
}

// Error is of the shape `filter "tcp prt 80": syntax error`.
func (e *FilterError) Error() string { return fmt.Sprintf("filter %q: %s", e.Expression, e.Message) }

// Is reports whether target is ErrFilter.
func (e *FilterError) Is(target error) bool { return target == ErrFilter }
