package main

import (
	"os"
	"syscall"
)

// memoryOf is the most that an ended process had resident, in bytes. What this
// process had when it started the other counts too.
func memoryOf(p *os.ProcessState) int64 { return p.SysUsage().(*syscall.Rusage).Maxrss << 10 }

// ownMemory is the most that this process has had resident, in bytes.
func ownMemory() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss << 10
}
