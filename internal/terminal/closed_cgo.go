//go:build cgo && unix

package terminal

/*
#include <errno.h>
#include <fcntl.h>

static int closed;

// Runs before Go's runtime, which opens /dev/null in place of a descriptor that is closed.
__attribute__((constructor)) static void lookAtStdout(void) {
	closed = fcntl(1, F_GETFD) == -1 && errno == EBADF;
}

static int stdoutWasClosed(void) { return closed; }
*/
import "C"

// StdoutWasClosed reports whether the process began with its standard output
// closed, as after >&-.
func StdoutWasClosed() bool { return C.stdoutWasClosed() != 0 }
