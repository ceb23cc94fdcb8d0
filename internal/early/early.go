//go:build linux && go1.26 && !go1.27

// Package early puts off the initialization of packages that the program
// imports, and seldom needs, to when it needs them; those below it say which.
//
// Packages are initialized in the order of their import paths, each once all
// that it imports is (Go specification, "Program initialization"). Those below
// this one import next to nothing, and the ones that they put off import much;
// so they come first, and can tell the runtime that the others are done already.
//
// What it knows of the runtime is initTask in runtime/proc.go of Go 1.26; with
// any other version nothing is put off. Before a newer version is let in,
// compare doInit1 there with Do here.
package early

import (
	"sync"
	"unsafe"
)

// Task is the runtime's initTask: its functions, a machine word each, follow.
type Task struct{ state, functions uint32 }

// The states of a task.
const (
	waiting = iota
	_
	done
)

// Later is an initialization that was put off.
type Later struct {
	task *Task // nil: it was too late for that
	once sync.Once
}

// PutOff keeps a package from being initialized until Do; nothing of it but its
// types may be used before.
func PutOff(t *Task) *Later {
	if t.state != waiting {
		return new(Later)
	}
	t.state = done
	return &Later{task: t}
}

// Do initializes the package, once.
func (l *Later) Do() {
	l.once.Do(func() {
		if l.task == nil {
			return
		}
		first := unsafe.Add(unsafe.Pointer(l.task), unsafe.Sizeof(*l.task))
		for i := range uintptr(l.task.functions) {
			f := unsafe.Add(first, i*unsafe.Sizeof(first))
			(*(*func())(unsafe.Pointer(&f)))()
		}
	})
}
