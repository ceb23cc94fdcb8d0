package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/internal/bench/report"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// stopwatch is a presenter between the flow and the one that writes, and the
// writer behind that: it takes the time from the capture of a segment, by the
// kernel's clock, to the end of the write of its line.
type stopwatch struct {
	present.Presenter
	to      io.Writer
	held    *bufio.Writer // in front of Write
	waiting []int64       // when the segments were captured that are not written yet
	delays  []time.Duration
}

func (s *stopwatch) Moment(m timeline.Moment) error {
	if m.Kind == timeline.Segment {
		s.waiting = append(s.waiting, m.At.UnixNano())
	}
	return s.Presenter.Moment(m)
}

func (s *stopwatch) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	now := time.Now().UnixNano()
	for _, at := range s.waiting {
		s.delays = append(s.delays, time.Duration(now-at))
	}
	s.waiting = s.waiting[:0]
	return n, err
}

// Wants implements timeline.Chooser.
func (s *stopwatch) Wants() timeline.Wants { return timeline.WantsOf(s.Presenter) }

// screen is what watch does, into a pipe that somebody reads, while a thousand
// dialogues a second are held.
func (b *bench) screen() ([]report.Row, error) {
	const perSecond, seconds, bar = 1000, 5, 5.0
	what := fmt.Sprintf("from the wire to the write of its line, %d dialogues a second", perSecond)
	var rows []report.Row
	for _, shown := range [...]struct{ view, format string }{{"story", "text"}, {"segments", "ndjson"}, {"segments", "text"}} {
		delays, err := b.delays(shown.view, shown.format, perSecond, seconds)
		if errors.Is(err, live.ErrPermission) || errors.Is(err, live.ErrNoLibpcap) {
			return []report.Row{report.Skip(what, "p99 ≤ 5 ms", needsRight)}, nil
		}
		if err != nil {
			return nil, err
		}
		slices.Sort(delays)
		row := report.AtMost(fmt.Sprintf("%s: %s in %s, p99", what, shown.view, shown.format), "p50 "+report.Time(delays[len(delays)/2]), "",
			delays[len(delays)*99/100].Seconds()*1e3, bar, " ms")
		rows = append(rows, row)
	}
	return rows, nil
}

func (b *bench) delays(viewName, formatName string, perSecond, seconds int) ([]time.Duration, error) {
	server, address, port, err := b.server()
	if err != nil {
		return nil, err
	}
	defer server.stop()
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	defer w.Close()
	go io.Copy(io.Discard, r)

	watch := &stopwatch{to: w}
	watch.held = bufio.NewWriterSize(watch, 64<<10)
	watch.Presenter, err = format.Open(viewName, formatName, watch.held, present.Options{Width: 120, Live: true, Clients: func() int { return atOnce }})
	if err != nil {
		return nil, err
	}
	handle, err := live.Open(live.Config{Interface: "lo", Filter: "tcp port " + port, Sentinel: true})
	if err != nil {
		return nil, err
	}
	defer handle.Close()
	flowed := make(chan error, 1)
	go func() {
		flow := pipeline.Flow{Source: handle, Sink: watch, Conclude: true, Idle: watch.held.Flush}
		_, err := flow.Run(context.Background())
		flowed <- err
	}()
	o, err := load{Address: address, Dialogues: perSecond * seconds, AtOnce: atOnce, Rate: perSecond}.run()
	if err != nil {
		return nil, err
	}
	if o.Failed > 0 || o.Seconds > 1.1*float64(seconds) {
		return nil, fmt.Errorf("%d dialogues broke off, %.1f s for %d s of load", o.Failed, o.Seconds, seconds)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := handle.Drain(ctx); err != nil {
		return nil, err
	}
	if err := <-flowed; err != nil {
		return nil, err
	}
	if len(watch.delays) < 10*perSecond*seconds {
		return nil, fmt.Errorf("only %d segments came through", len(watch.delays))
	}
	return watch.delays, nil
}
