// Package bothends tells a recording of both ends of a cable: what was lost, when each
// segment arrived, and where each host stood by what its own end has captured. It is pure
// Go, and works in a page too.
package bothends

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// slow is from which time on its way an arrival is a moment of its own. A segment
// that is faster is one moment with its arrival, unless something has happened at
// its receiver meanwhile.
const slow = time.Millisecond

// told is what is known of both hosts of a conversation of the story, by now.
type told struct {
	state   [2]conversation.State
	proved  [2]bool
	threads [2]*thread // at the client's end, at the server's
	last    int64      // nanoseconds: when its last segment was sent, or arrived
}

// teller puts the captures of both ends together.
type teller struct {
	ends    [2]*endCapture
	times   [2][]int64 // when anything was sent or came in, at each end
	stories []*told
	out     []timeline.Moment
}

// Tell sends the moments of a recording to a sink, in their order: segments, their
// arrivals, the socket calls of both hosts, and what each conversation came to.
func Tell(ctx context.Context, records []*wire.Record, calls []dialogue.Call, sink timeline.Sink) error {
	moments, err := Moments(ctx, records)
	if err != nil {
		return err
	}
	waitForCalls(moments, calls)
	sink = untilOver{ctx, sink}
	merge := timeline.NewMerge(newNumbering(sink, calls), time.Hour) // nothing is handed on before all is there
	for i := range calls {
		merge.Call(calls[i])
	}
	for i := range moments {
		if err := merge.Moment(moments[i]); err != nil {
			break // Close says it
		}
	}
	return merge.Close()
}

// untilOver is a sink for as long as somebody looks.
type untilOver struct {
	ctx  context.Context
	sink timeline.Sink
}

// Moment implements timeline.Sink.
func (u untilOver) Moment(m timeline.Moment) error {
	if u.ctx.Err() != nil {
		return context.Cause(u.ctx)
	}
	return u.sink.Moment(m)
}

// waitForCalls lets what a conversation came to stand behind its last socket call.
func waitForCalls(moments []timeline.Moment, calls []dialogue.Call) {
	for i := range moments {
		m := &moments[i]
		if m.Conversation == nil || m.Kind == timeline.Quote {
			continue
		}
		client, server := m.Conversation.Ends[conversation.Client].AddrPort(), m.Conversation.Ends[conversation.Server].AddrPort()
		for _, c := range calls {
			if c.At > m.At.UnixNano() && (c.Local == client && c.Remote == server || c.Local == server && c.Remote == client) {
				m.At = capture.At(c.At)
			}
		}
	}
	slices.SortStableFunc(moments, func(a, b timeline.Moment) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
}

// Moments are those that the packets alone tell.
func Moments(ctx context.Context, records []*wire.Record) ([]timeline.Moment, error) {
	t := new(teller)
	for end := range t.ends {
		e, err := followEnd(ctx, records, wire.End(end))
		if err != nil {
			return nil, err
		}
		t.ends[end] = e
	}
	t.pair()
	type step struct {
		at      int64
		record  *wire.Record
		arrival bool
	}
	var steps []step
	for _, record := range records {
		steps = append(steps, step{record.Sent, record, false})
		if !record.Forged {
			t.times[record.From] = append(t.times[record.From], record.Sent)
		}
		if record.Fate == wire.Arrived {
			steps = append(steps, step{record.Arrival, record, true})
			t.times[record.To()] = append(t.times[record.To()], record.Arrival)
		}
	}
	for end := range t.times {
		slices.Sort(t.times[end])
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	sent := make(map[int]timeline.Moment)
	for _, s := range steps {
		switch {
		case !s.arrival:
			t.departs(s.record, sent)
		case t.isLater(s.record):
			t.arrives(s.record, sent)
		}
	}
	t.conclude()
	return t.out, nil
}

// pair finds which conversations of the two captures are one.
func (t *teller) pair() {
	for _, here := range t.ends[wire.Client].threads {
		here.story = len(t.stories)
		t.stories = append(t.stories, &told{threads: [2]*thread{here, nil}})
	}
	for _, here := range t.ends[wire.Server].threads {
		for story, told := range t.stories {
			if told.threads[wire.Server] == nil && told.threads[wire.Client] != nil && here.isSame(told.threads[wire.Client]) {
				here.story, told.threads[wire.Server] = story, here
				break
			}
		}
		if here.story < 0 {
			here.story = len(t.stories)
			t.stories = append(t.stories, &told{threads: [2]*thread{nil, here}})
		}
	}
}

// isLater reports whether a packet's arrival is a moment of its own.
func (t *teller) isLater(r *wire.Record) bool {
	if r.Fate != wire.Arrived {
		return false
	}
	times := t.times[r.To()]
	next := sort.Search(len(times), func(i int) bool { return times[i] > r.Sent })
	return r.Took() >= slow || next < len(times) && times[next] < r.Arrival
}

// seenAt is the segment of a record as an end has captured it.
func (t *teller) seenAt(end wire.End, r *wire.Record) (*conversation.Event, *thread) {
	m, ok := t.ends[end].moments[r.Number]
	if !ok || m.Kind != timeline.Segment {
		return nil, nil
	}
	return m.Event, t.ends[end].threads[m.Event.Conversation.Stream]
}

// departs tells that a packet was sent, and that it arrived where that is not told
// apart.
func (t *teller) departs(r *wire.Record, sent map[int]timeline.Moment) {
	if m, ok := t.ends[r.To()].moments[r.Number]; ok && m.Kind == timeline.Quote {
		t.quoted(r, m)
		return
	}
	event, thread := t.seenAt(r.From, r)
	there, threadThere := t.seenAt(r.To(), r)
	base, of := event, thread
	if base == nil || thread.turn && there != nil && !threadThere.turn {
		base, of = there, threadThere
	}
	if base == nil {
		return
	}
	told := t.stories[of.story]
	told.last = max(told.last, r.Sent)
	m := timeline.Keep(timeline.Moment{Kind: timeline.Segment, Event: base})
	m.At = capture.At(r.Sent)
	m.Event.Segment.Time = m.At
	m.Event.Conversation.Stream = of.story
	m.Event.Before = told.state
	if event != nil {
		m.Event.Before[r.From] = event.Before[thread.side(r.From)]
		told.learn(event, thread, r.From)
	}
	if own := told.threads[r.To()]; told.state[r.To()] == conversation.Unknown && own != nil {
		told.state[r.To()], told.proved[r.To()] = own.first[r.To()], true // before anything has got to it
		m.Event.Before[r.To()] = told.state[r.To()]
	}
	m.Passage = passageOf(r)
	if m.Passage.Later = t.isLater(r); !m.Passage.Later && there != nil {
		t.take(r, told, there, threadThere, m.Event)
	}
	m.Event.After, m.Event.Proved = told.state, told.proved
	sent[r.Number] = m
	t.out = append(t.out, m)
}

// take takes up what an arrival has led to at its receiver.
func (t *teller) take(r *wire.Record, told *told, there *conversation.Event, thread *thread, base *conversation.Event) {
	told.learn(there, thread, r.To())
	told.last = max(told.last, r.Arrival)
	if own := t.stories[thread.story]; own != told { // to its receiver it is part of another conversation
		own.learn(there, thread, r.To())
		own.last = max(own.last, r.Arrival)
	}
	base.Reception = there.Reception
}

// learn takes up where a host is behind a segment.
func (t *told) learn(e *conversation.Event, thread *thread, host wire.End) {
	side := thread.side(host)
	if t.state[host] == e.After[side] && t.proved[host] {
		return // what was proved once stays so until it changes
	}
	t.state[host], t.proved[host] = e.After[side], e.Proved[side]
}

// arrives tells that a packet has arrived.
func (t *teller) arrives(r *wire.Record, sent map[int]timeline.Moment) {
	there, thread := t.seenAt(r.To(), r)
	departed, ok := sent[r.Number]
	if there == nil || !ok {
		return
	}
	told := t.stories[departed.Event.Conversation.Stream]
	m := timeline.Keep(departed)
	m.Kind, m.At = timeline.Arrival, capture.At(r.Arrival)
	m.Event.Before = told.state
	t.take(r, told, there, thread, m.Event)
	m.Event.After, m.Event.Proved = told.state, told.proved
	t.out = append(t.out, m)
}

// quoted tells of an ICMP error, when it arrives.
func (t *teller) quoted(r *wire.Record, m timeline.Moment) {
	m.At = capture.At(r.Arrival)
	if m.Conversation != nil {
		if of := t.ends[r.To()].threads[m.Conversation.Stream]; of != nil {
			m.Conversation.Stream = of.story
		}
	}
	m.Passage = passageOf(r)
	t.out = append(t.out, m)
}

// conclude tells what each conversation came to: as the client's end shows it, and
// where the server's end shows something else, that too.
func (t *teller) conclude() {
	for story, told := range t.stories {
		var ended [2]timeline.Moment
		for end, thread := range told.threads {
			if thread != nil {
				ended[end] = thread.ended
			}
		}
		m := ended[wire.Client]
		if m.Conversation == nil {
			m = ended[wire.Server]
		}
		if m.Conversation == nil {
			continue
		}
		m.Conversation.Stream, m.At = story, capture.At(told.last)
		t.out = append(t.out, m)
		other := ended[wire.Server].Conversation
		if other == nil || other == m.Conversation || other.Verdict.Name == m.Conversation.Verdict.Name {
			continue
		}
		t.out = append(t.out, timeline.Moment{Kind: timeline.Note, At: m.At, Conversation: m.Conversation,
			Text: "a capture at the server's end says: " + VerdictText(&other.Verdict)})
	}
	slices.SortStableFunc(t.out, func(a, b timeline.Moment) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
}

// VerdictText is a verdict with its sentence, which may begin with it.
func VerdictText(v *conversation.Verdict) string {
	if strings.HasPrefix(v.Text, v.Name) {
		return v.Text
	}
	return v.Name + ": " + v.Text
}

// passageOf is how a packet went over the cable.
func passageOf(r *wire.Record) *timeline.Passage {
	p := &timeline.Passage{Lost: r.Fate == wire.Lost, Forged: r.Forged, CopyOf: r.CopyOf, Why: r.Why}
	if r.Fate == wire.Arrived {
		p.Arrival = capture.At(r.Arrival)
	}
	for end, k := range r.Kernel {
		p.Kernel[end] = timeline.Testimony{Known: k.Known, State: k.State, More: k.More()}
	}
	return p
}
