// Package errno tells errors of the system by the names that POSIX gives them,
// on every system.
package errno

import (
	"errors"
	"syscall"
)

// Is reports whether err is, or wraps, what POSIX calls number. Windows has
// numbers of its own for it, which errors.Is does not take for the same.
func Is(err error, number syscall.Errno) bool {
	if errors.Is(err, number) {
		return true
	}
	for _, own := range native[number] {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}
