package main

import (
	"runtime"
	"runtime/debug"
)

// Garbage is collected for the first time at about 24 MiB, which most captures
// never need, then when it comes to garbageShare percent of what is kept, and
// more eagerly from memoryLimit bytes on. What must be kept, whatever the
// capture, is less.
const (
	firstShare   = 600 // percent of the 4 MiB that the runtime begins with
	garbageShare = 50
	memoryLimit  = 160 << 20
)

// boundMemory is for a capture of any length. It stops everything for a
// moment, which a small capture is spared.
func boundMemory() {
	debug.SetMemoryLimit(memoryLimit)
	debug.SetGCPercent(firstShare)
	// Nothing holds on to what is allocated here, so the first collection finds it.
	runtime.AddCleanup(new([16]byte), func(share int) { debug.SetGCPercent(share) }, garbageShare)
}
