package pipeline

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
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

// shown hands the moments of batches to a sink, on a goroutine of its own.
type shown struct {
	worker  *worker
	batches chan *batch // to be shown
	through chan *batch // that were
	over    atomic.Bool // the sink has refused a moment, or is at fault
	refused error       // by the sink; to be read after end
}

// show begins to hand on; what is through can be used again.
func show(sink timeline.Sink, through chan *batch) *shown {
	s := &shown{batches: make(chan *batch, batches), through: through, worker: newWorker()}
	s.worker.start(func() {
		for b := range s.batches {
			s.worker.guard(func() { s.hand(sink, b) })
			if s.worker.fault != nil {
				s.over.Store(true)
			}
			through <- b
		}
	})
	return s
}

func (s *shown) hand(sink timeline.Sink, b *batch) {
	for i := range b.moments {
		if s.over.Load() {
			return
		}
		if s.refused = sink.Moment(b.moments[i]); s.refused != nil {
			s.over.Store(true)
		}
	}
}

// empty waits for a batch that is through.
func (s *shown) empty() *batch {
	b := <-s.through
	b.moments = b.moments[:0]
	return b
}

// end waits until all that was given is through; the fault is returned.
func (s *shown) end() any {
	close(s.batches)
	return s.worker.wait()
}
