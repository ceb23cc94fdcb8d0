//go:build cgo

package privilege

// A thread can only give up its own capabilities. With cgo there are threads
// that Go does not know, so syscall.AllThreadsSyscall refuses; and the C
// library broadcasts setresuid to all threads, but not capset. So each thread
// is sent a signal whose handler makes the two calls, as glibc does for
// setresuid and libpsx for capset.

/*
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// linux/capability.h is not everywhere where a C compiler is.
static const uint32_t version3 = 0x20080522;

static void bare(int sig) {
	int saved = errno;
	struct { uint32_t version; int pid; } header = { version3, 0 };
	struct { uint32_t effective, permitted, inheritable; } none[2];
	memset(none, 0, sizeof none);
	syscall(SYS_capset, &header, none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	errno = saved;
}

static struct sigaction was;

// The Go runtime wants its alternate stack used, and calls begun again.
static int begin_baring(void) {
	struct sigaction act;
	memset(&act, 0, sizeof act);
	act.sa_handler = bare;
	act.sa_flags = SA_ONSTACK | SA_RESTART;
	sigfillset(&act.sa_mask);
	return sigaction(SIGRTMAX, &act, &was) == 0 ? 0 : errno;
}

static void end_baring(void) { sigaction(SIGRTMAX, &was, 0); }

static void bare_thread(int process, int thread) {
	syscall(SYS_tgkill, process, thread, SIGRTMAX);
}
*/
import "C"

import (
	"fmt"
	"syscall"
)

func beginBaring() (end func(), err error) {
	if errno := C.begin_baring(); errno != 0 {
		return nil, fmt.Errorf("sigaction: %w", syscall.Errno(errno))
	}
	return func() { C.end_baring() }, nil
}

// bareThread asks one thread; whether it did shows in /proc.
func bareThread(process, id int) { C.bare_thread(C.int(process), C.int(id)) }
