//go:build !windows

package errno

import "syscall"

// native is empty here: the numbers are POSIX's.
var native map[syscall.Errno][]syscall.Errno
