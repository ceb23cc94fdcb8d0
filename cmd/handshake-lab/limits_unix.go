//go:build unix

package main

import "golang.org/x/sys/unix"

// maxFiles is how many files this process may have open; 0 where that is not known.
func maxFiles() uint64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return uint64(limit.Cur)
}
