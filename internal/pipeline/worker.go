package pipeline

import (
	"fmt"
	"runtime/debug"
)

// worker is a goroutine whose fault is kept for whoever waits for it.
type worker struct {
	done  chan struct{}
	fault any
}

func newWorker() *worker { return &worker{done: make(chan struct{})} }

func (w *worker) start(work func()) {
	go func() {
		defer close(w.done)
		w.guard(work)
	}()
}

// guard keeps the fault of work, with its stack.
func (w *worker) guard(work func()) {
	defer func() {
		if fault := recover(); fault != nil && w.fault == nil {
			w.fault = fmt.Sprintf("%v\n%s", fault, debug.Stack())
		}
	}()
	work()
}

// wait returns the fault, nil where there was none.
func (w *worker) wait() any {
	<-w.done
	return w.fault
}
