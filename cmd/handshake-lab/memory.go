package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Garbage is collected when the heap fills its room, or where more must be kept
// than that leaves, when it has grown by garbageShare percent; and more eagerly
// from memoryLimit on. What must be kept, whatever the capture, is less.
const (
	fileRoom     = 24 << 20  // bytes; few captures ever fill it
	liveRoom     = 48 << 20  // bytes; a collection makes lines late, so there are few
	leastHeap    = 4 << 20   // bytes; a heap of this size is what the runtime begins with, at 100 percent
	garbageShare = 50        // percent
	memoryLimit  = 160 << 20 // bytes
)

// boundMemory is for a capture of any length. It stops everything for a
// moment, which a small capture is spared.
func boundMemory(room int) {
	debug.SetMemoryLimit(memoryLimit)
	debug.SetGCPercent(100 * room / leastHeap)
	adaptAfterCollection(room)
}

// adaptAfterCollection has the room kept to from the next collection on.
func adaptAfterCollection(room int) {
	// Nothing holds on to what is allocated here, so the collection finds it.
	runtime.AddCleanup(new([16]byte), func(room int) {
		debug.SetGCPercent(garbagePercent(room))
		adaptAfterCollection(room)
	}, room)
}

// garbagePercent is by how much the heap may grow: the runtime takes it of what
// it keeps and of the global variables.
func garbagePercent(room int) int {
	sizes := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/globals:bytes"}}
	metrics.Read(sizes)
	kept, globals := int(sizes[0].Value.Uint64()), int(sizes[1].Value.Uint64())
	return max(garbageShare, 100*(room-kept)/(kept+globals+1))
}
