package pipeline

import (
	"context"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Pace slows the showing down: each moment waits until it is due. Only what
// is shown is slowed, never the capture, and the moments keep their times.
// Once ctx is cancelled nothing waits any more.
type Pace struct {
	Sink  timeline.Sink
	Every time.Duration                   // this long between two moments; 0 for no such wait
	Speed float64                         // as long as in the capture, divided by Speed; 0 for no such wait
	Step  func(ctx context.Context) error // waits for the viewer before each moment; nil for no such wait

	ctx     context.Context
	started bool
	begin   time.Time // when the first moment was shown
	first   int64     // the first moment's time
	last    time.Time // when the last moment was shown
}

// NewPace returns a pace into sink that shows everything at once; its other
// fields are set before its first use.
func NewPace(ctx context.Context, sink timeline.Sink) *Pace { return &Pace{Sink: sink, ctx: ctx} }

// Moment waits and hands on. The error is the sink's, or Step's.
func (p *Pace) Moment(m timeline.Moment) error {
	switch m.Kind {
	case timeline.Ended, timeline.Note: // nothing that happens at a time of its own
	default:
		if err := p.wait(m.At); err != nil {
			return err
		}
	}
	return p.Sink.Moment(m)
}

func (p *Pace) wait(at int64) error {
	if p.ctx.Err() != nil {
		return nil
	}
	now := time.Now()
	if !p.started && at != 0 {
		p.started, p.begin, p.first = true, now, at
	}
	if p.Step != nil {
		return p.Step(p.ctx)
	}
	due := now
	if p.Every > 0 && !p.last.IsZero() {
		due = p.last.Add(p.Every)
	}
	if p.Speed > 0 && at != 0 {
		if own := p.begin.Add(time.Duration(float64(at-p.first) / p.Speed)); own.After(due) {
			due = own
		}
	}
	sleep(p.ctx, due.Sub(now))
	p.last = time.Now()
	return nil
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
