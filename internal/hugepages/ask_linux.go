package hugepages

import "golang.org/x/sys/unix"

// ask is madvise(2): the addresses need not be those of one slice.
func ask(from, n uintptr) {
	_, _, _ = unix.RawSyscall(unix.SYS_MADVISE, from, n, unix.MADV_HUGEPAGE)
}
