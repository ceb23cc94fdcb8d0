package main

import "runtime/debug"

// Garbage is collected when it comes to garbageShare percent of what is kept,
// and more eagerly from memoryLimit bytes on. What must be kept, whatever the
// capture, is less.
const (
	garbageShare = 50
	memoryLimit  = 160 << 20
)

// boundMemory is for a capture of any length. It stops everything and may
// collect garbage at once, which a small capture is spared.
func boundMemory() {
	debug.SetGCPercent(garbageShare)
	debug.SetMemoryLimit(memoryLimit)
}
