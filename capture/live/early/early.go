//go:build cgo && linux

// Package early does what must be done before package gopacket/layers is
// initialized, which gopacket/pcap brings along. That fills two tables of
// 65,536 entries, whether anybody uses them or not: page by page 1,300 page
// faults, a third of the time in which the program starts; with huge pages 300.
//
// Packages are initialized in the order of their import paths, each once all
// that it imports is (Go specification, "Program initialization"). This one
// imports next to nothing, and gopacket/layers package net.
package early

import (
	"syscall"
	"unsafe"
)

// table is as large as one of gopacket/layers, and has its pointers in the same
// places.
type table [1 << 16]struct {
	decoder [2]unsafe.Pointer
	name    string
	layer   int64
}

//go:linkname ethernetTypes github.com/google/gopacket/layers.EthernetTypeMetadata
var ethernetTypes table

//go:linkname pppTypes github.com/google/gopacket/layers.PPPTypeMetadata
var pppTypes table

func init() {
	for _, t := range [...]*table{&ethernetTypes, &pppTypes} {
		askForHugePages(uintptr(unsafe.Pointer(t)), unsafe.Sizeof(*t))
	}
}

// askForHugePages is for the pages that n bytes from start on lie in. Where
// there are no huge pages nothing changes.
func askForHugePages(start, n uintptr) {
	const hugePage = 14 // MADV_HUGEPAGE (madvise(2))
	from := start &^ uintptr(syscall.Getpagesize()-1)
	_, _, _ = syscall.RawSyscall(syscall.SYS_MADVISE, from, start+n-from, hugePage)
}
