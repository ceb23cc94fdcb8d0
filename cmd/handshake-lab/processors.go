package main

import (
	"os"
	"runtime"
)

// spareProcessor lets the scheduler have a processor more than there are,
// unless the environment says how many. A goroutine that waits in libpcap keeps
// one; where no other is idle, the scheduler's clock looks every 20 µs whether
// to take it back, which costs a tenth of the processor time of a capture.
func spareProcessor() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
}
