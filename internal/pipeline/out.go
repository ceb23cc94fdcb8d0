package pipeline

import (
	"sync/atomic"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// out is how moments get to the sink: a mode of the run.
type out interface {
	// event is room for the next segment's event, which stays as it is until its
	// moment has been handed on.
	event() *conversation.Event
	// moment takes the next moment.
	moment(m timeline.Moment)
	// over is told of a conversation that the tracker hands on, before its moment.
	over(c *conversation.Conversation)
}

// straight hands each moment on at once.
type straight struct {
	*run
	latest conversation.Event
}

func (o *straight) event() *conversation.Event      { return &o.latest }
func (o *straight) over(*conversation.Conversation) {}
func (o *straight) moment(m timeline.Moment)        { o.refused = o.Sink.Moment(m) }

// gathered puts moments into the batch that is followed, which are handed on
// together once it has been followed to its end.
type gathered struct{ *run }

func (o gathered) event() *conversation.Event {
	b := o.batch
	if cap(b.events) == 0 { // the sink has no use for segments
		return &o.spare
	}
	b.events = append(b.events, conversation.Event{})
	return &b.events[len(b.events)-1]
}

func (o gathered) over(c *conversation.Conversation) { o.batch.ended = append(o.batch.ended, c) }
func (o gathered) moment(m timeline.Moment)          { o.batch.moments = append(o.batch.moments, m) }

// behind is gathered with the sink on a goroutine of its own.
type behind struct {
	gathered
	sink      *sinkWorker
	finishing bool // no packet comes any more, so moments need not wait for a whole batch
}

// momentsMost is how many moments go together once no packet comes any more.
const momentsMost = 256

func (o *behind) moment(m timeline.Moment) {
	o.gathered.moment(m)
	if o.finishing && len(o.batch.moments) == momentsMost {
		o.sink.batches <- o.batch
		o.batch = o.sink.empty()
	}
}

// sinkWorker hands the moments of batches to a sink, on a goroutine of its own.
type sinkWorker struct {
	*worker
	batches chan *batch // to be handed on
	through chan *batch // that were
	over    atomic.Bool // the sink has refused a moment, or is at fault
	refused error       // by the sink; to be read after end
}

// newSinkWorker begins to hand on; what is through can be used again.
func newSinkWorker(sink timeline.Sink, through chan *batch) *sinkWorker {
	s := &sinkWorker{batches: make(chan *batch, batches), through: through, worker: newWorker()}
	s.start(func() {
		for b := range s.batches {
			s.guard(func() { s.hand(sink, b) })
			if s.fault != nil {
				s.over.Store(true)
			}
			through <- b
		}
	})
	return s
}

func (s *sinkWorker) hand(sink timeline.Sink, b *batch) {
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
func (s *sinkWorker) empty() *batch {
	b := <-s.through
	b.moments = b.moments[:0]
	return b
}

// end waits until all that was given is through; the fault is returned.
func (s *sinkWorker) end() any {
	close(s.batches)
	return s.wait()
}
