//go:build cgo && linux && go1.26 && !go1.27

// Package early puts off the initialization of gopacket/layers, which
// gopacket/pcap brings along, until something is captured live. It fills two
// tables of 65,536 entries, a third of the time in which the program starts,
// and reading a file needs none of it.
//
// Packages are initialized in the order of their import paths, each once all
// that it imports is (Go specification, "Program initialization"). This one
// imports next to nothing, and gopacket/layers package net; so this one comes
// first, and can tell the runtime that the other one is done already.
//
// What it knows of the runtime is initTask in runtime/proc.go of Go 1.26; with
// any other version nothing is put off. Before a newer version is let in,
// compare doInit1 there with Layers here.
package early

import (
	"sync"
	"unsafe"
)

// task is the runtime's initTask: its functions, a machine word each, follow.
type task struct{ state, functions uint32 }

// The states of a task.
const (
	waiting = iota
	_
	done
)

//go:linkname layers github.com/google/gopacket/layers..inittask
var layers task

func init() {
	if layers.state == waiting {
		layers.state = done
		postponed = true
	}
}

var postponed bool

// Layers initializes gopacket/layers if that was put off; nothing of it but its
// types may be used before. It may be called more than once.
func Layers() { once.Do(initialize) }

var once sync.Once

func initialize() {
	if !postponed {
		return
	}
	first := unsafe.Add(unsafe.Pointer(&layers), unsafe.Sizeof(layers))
	for i := range uintptr(layers.functions) {
		f := unsafe.Add(first, i*unsafe.Sizeof(first))
		(*(*func())(unsafe.Pointer(&f)))()
	}
}
