package main

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// memoryOf is the most that an ended process had resident, in bytes. What this
// process had when it started the other counts too.
func memoryOf(p *os.ProcessState) int64 { return int64(p.SysUsage().(*syscall.Rusage).Maxrss) << 10 }

// watchMemory follows the most that a process has resident until the function
// that it returns is called; that returns bytes. Unlike memoryOf it tells
// nothing of this process, which may use much to make what the other reads.
func watchMemory(p *os.Process) func() int64 {
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		var peak int64
		for {
			select {
			case <-stop:
				most <- peak
				return
			case <-time.After(10 * time.Millisecond):
				peak = max(peak, highWater(p.Pid))
			}
		}
	}()
	return func() int64 { close(stop); return <-most }
}

// highWater is VmHWM of proc_pid_status(5), in bytes; 0 where it has gone.
func highWater(pid int) int64 {
	status, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	digits, _, _ := bytes.Cut(bytes.TrimSpace(after), []byte(" "))
	n, _ := strconv.ParseInt(string(digits), 10, 64)
	return n << 10
}

// ownMemory is the most that this process has had resident, in bytes.
func ownMemory() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return int64(u.Maxrss) << 10
}
