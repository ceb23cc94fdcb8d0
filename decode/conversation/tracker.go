package conversation

import (
	"net/netip"
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// trackable is how many header bytes a segment needs to be tracked: all up to
// its window.
const trackable = 16

// Config is what a Tracker is told.
type Config struct {
	// OnEnd is given each conversation when nothing more can belong to it, or
	// at the end of the capture. The conversation is reused afterwards, or with
	// KeepEnded once it has been released. May be nil.
	OnEnd func(*Conversation)

	KeepEnded bool // what OnEnd is given stays as it is until Release

	// WithoutText leaves out of events what only describes the segment: its relative
	// numbers and their arithmetic, and its scaled window.
	WithoutText bool

	// OnSettled is given what became known of earlier frames when a conversation
	// ended; during it that is in Event.Settled. May be nil.
	OnSettled func([]Settled)

	// Known tells what a first reading has found out of a frame: the state that
	// an end was in after it, and whether that is proved. May be nil.
	Known func(frame int, side Side) (state State, proved, ok bool)
}

// Tracker follows all conversations of one capture. It is not safe for
// concurrent use.
type Tracker struct {
	config    Config
	table     table
	past      past
	streams   int
	forgotten int   // see Forgotten
	closed    queue // in order of their end
	attempts  queue // SYNs without an answer, in order of their beginning
	going     queue // the others, in order of their beginning, or of when they were last found in use
	room      int   // what the ends use to remember segments
	flood     flood
	expected  map[expectation]int // announced connections that have not begun yet, and how often
	now       capture.Time        // of the latest segment
	copies    copyCache
	reading   reading
	searched  int // conversations looked through for one that a stray segment belongs to
	free      []*Conversation
	slab      []Conversation // never used ones
}

// NewTracker returns a tracker that has seen nothing yet.
func NewTracker(c Config) *Tracker {
	return &Tracker{config: c, reading: reading{known: c.Known}, table: newTable(), past: newPast(), flood: flood{servers: make(map[Endpoint]*server), addresses: make(map[netip.Addr]*address)},
		expected: make(map[expectation]int), copies: newCopyCache()}
}

// Add takes the next segment and fills ev with what it means. It returns
// false where so little of the header was captured that the segment belongs
// to no conversation; ev is then without meaning. The event is valid until
// the next Add.
func (t *Tracker) Add(s *decode.Segment, ev *Event) bool {
	var p Pair
	p.Of(s)
	return t.AddOf(&p, s, ev)
}

// AddOf is Add with the segment's pair, for those who have found it before.
func (t *Tracker) AddOf(p *Pair, s *decode.Segment, ev *Event) bool {
	if len(s.Header) < trackable {
		return false
	}
	t.now = s.Time
	*ev = Event{Segment: s, Sized: !s.Excerpt, Step: stepOf(s)}
	c := t.conversation(p, s, ev)
	ev.Conversation = c
	fwd, rev := c.endsFrom(ev.From)
	ev.Seq, ev.Ack = s.Seq, s.Ack
	look := lookOf(p, s)
	if c.steady && predicted(s, fwd, rev) && c.hosts[ev.From.Other()].admits(s) {
		t.copies.keep(look, s)
		t.followPredicted(c, ev, fwd, rev)
		return true
	}
	if ev.CopyOf = t.copies.find(look, s, c.hosts[ev.From].is(variesID), c.asked(s)); ev.CopyOf != 0 {
		ev.Reception = IsCopy
	} else {
		t.copies.keep(look, s)
	}
	t.follow(c, ev, fwd, rev)
	if ev.Opens && (c.Guessed || ev.Step == StepSYNACK) {
		t.place(c, ev)
	}
	t.enqueue(c, ev)
	c.steady = c.isSteady()
	return true
}

// follow finds what a segment means to its conversation.
func (t *Tracker) follow(c *Conversation, ev *Event, fwd, rev *end) {
	s := ev.Segment
	if ev.Sized {
		c.anchor(s, ev.From, fwd, rev)
		highest, reached := fwd.next, fwd.nextFrame
		c.analyze(ev, fwd, rev, stampOf(s.Time), &t.room)
		if !t.config.WithoutText {
			relate(ev, fwd, rev)
			c.prove(ev, fwd, rev, highest, reached)
		}
	}
	if c.closed && ev.Step == StepSYN && ev.Sized && ev.CopyOf == 0 {
		c.reopen(ev)
	}
	c.hosts[ev.From].repeats(ev)
	c.account(ev, fwd)
	if ev.Sized {
		c.progress(ev)
	} else {
		c.publish(ev)
		ev.Before = ev.After
	}
	if !t.config.WithoutText {
		scaleWindow(ev, fwd)
	}
	t.listen(s, ev)
	if !s.Stunted() {
		c.complete(s, ev.Opens)
		c.measure(ev)
		learnScale(s, fwd, rev)
		c.learnOffer(ev)
	}
	ev.Completeness = c.Seen
}

// relate fills the relative numbers.
func relate(ev *Event, fwd, rev *end) {
	s := ev.Segment
	ev.Seq = s.Seq - fwd.base
	ev.AckBase = rev.base
	if s.Flags.Has(decode.ACK) {
		ev.Ack = s.Ack - rev.base
	}
	ev.Next = ev.Seq + uint32(s.PayloadLen)
	if s.Flags&(decode.SYN|decode.FIN) != 0 {
		ev.Next++
	}
}

// measure takes the initial RTT: from the last SYN to the first segment with
// ACK and without SYN.
func (c *Conversation) measure(ev *Event) {
	s := ev.Segment
	switch s.Flags & (decode.SYN | decode.ACK) {
	case decode.SYN:
		c.lastSYN = stampOf(s.Time)
	case decode.ACK:
		if c.InitialRTT == (capture.Span{}) && c.lastSYN != (stamp{}) {
			c.InitialRTT = stampOf(s.Time).since(c.lastSYN)
		}
	}
	if ev.analyzed {
		ev.InitialRTT = c.InitialRTT
	}
}

// Quote notes that an ICMP error quoted a segment and returns the
// conversation that it belongs to, nil where none is known.
func (t *Tracker) Quote(q *decode.Quote, s *decode.Segment) *Conversation {
	if len(s.Header) < 4 {
		return nil
	}
	var p Pair
	p.Of(s)
	c := t.table.find(&p)
	if c == nil {
		return nil
	}
	c.Quotes++
	c.judged = false
	c.quote(q, s)
	return c
}

// Finish hands all remaining conversations to OnEnd, by stream number.
func (t *Tracker) Finish() {
	all := make([]*Conversation, 0, t.closed.len+t.attempts.len+t.going.len)
	for _, q := range []*queue{&t.closed, &t.attempts, &t.going} {
		for c := q.first; c != nil; c = c.next {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *Conversation) int { return a.Stream - b.Stream })
	for _, c := range all {
		t.end(c)
	}
	t.closed, t.attempts, t.going, t.table, t.past = queue{}, queue{}, queue{}, newTable(), newPast()
}

// Streams returns how many conversations there have been.
func (t *Tracker) Streams() int { return t.streams }

// Forgotten returns how many conversations may go on earlier ones of which
// nothing is known any more: they begin with another segment than a SYN, after
// some had to make room.
func (t *Tracker) Forgotten() int { return t.forgotten }

// conversation finds the segment's conversation or begins a new one, and tells
// who sent it. A SYN with another sequence number on the same ports is a new
// connection (RFC 9293 §3.6.1); Wireshark calls the ports reused.
func (t *Tracker) conversation(p *Pair, s *decode.Segment, ev *Event) *Conversation {
	c := t.table.find(p)
	if c == nil {
		c = t.resume(p, s)
	}
	if c == nil {
		if t.past.full && s.Flags&(decode.SYN|decode.ACK) != decode.SYN {
			t.forgotten++
		}
		ev.Opens = true
		c = t.begin(p, s)
		ev.From = c.sender(p)
		return c
	}
	ev.From = c.sender(p)
	fwd := &c.ends[ev.From]
	if !s.Flags.Has(decode.SYN) || !fwd.hasBase {
		return c
	}
	same := s.Seq == fwd.base
	switch {
	case !s.Flags.Has(decode.ACK) && !same:
		ev.Opens = true
		ev.Analysis |= ReusedPorts
		return t.renew(p, s, ev, c)
	case !s.Flags.Has(decode.ACK):
		fwd.next = fwd.ackable // an RST may have moved it
	case !same:
		fwd.base = s.Seq
		ev.Analysis |= ReusedPorts
	}
	return c
}

// renew begins the stream of a SYN with another number on ports in use.
func (t *Tracker) renew(p *Pair, s *decode.Segment, ev *Event, before *Conversation) *Conversation {
	goesOn := ev.From == Server && before.isOpening()
	t.replace(before, s)
	c := t.begin(p, s)
	c.Reused = true
	if goesOn {
		c.Ends, c.flipped = before.Ends, before.flipped
		c.goOnFrom(before)
	} else {
		c.inherit(before, s)
	}
	ev.From = c.sender(p)
	return c
}

// blank returns a conversation of which nothing is known.
func (t *Tracker) blank() (c *Conversation) {
	if n := len(t.free); n > 0 {
		c, t.free = t.free[n-1], t.free[:n-1]
		c.empty()
	} else {
		c = t.fresh()
	}
	c.begin()
	c.reading = &t.reading
	return c
}

// begin makes the conversation that s opens.
func (t *Tracker) begin(p *Pair, s *decode.Segment) *Conversation {
	c := t.blank()
	c.Stream = t.streams
	t.streams++
	src, dst := Endpoint{s.Src, s.SrcPort}, Endpoint{s.Final(), s.DstPort}
	client := src
	syn := s.Flags.Has(decode.SYN)
	c.Guessed = !syn
	if syn && s.Flags.Has(decode.ACK) || !syn && s.SrcPort < s.DstPort {
		client = dst
	}
	c.Ends, c.flipped = [2]Endpoint{src, dst}, p.flipped
	if client != src {
		c.Ends, c.flipped = [2]Endpoint{dst, src}, !p.flipped
	}
	c.First, c.FirstFrame = s.Time, s.Number
	c.expected = len(t.expected) > 0 && t.awaited(c.Ends)
	t.table.put(p, c)
	return c
}

// replace ends c because a new SYN has taken its ports.
func (t *Tracker) replace(c *Conversation, s *decode.Segment) {
	if c.Ending == StillOpen || c.Ending == HalfClosed {
		c.Ending = ReplacedByReuse
	}
	c.mark(markReplaced, s.Number)
	c.judged = false
	c.room.replacedAfter = s.Time.Since(c.Latest).Nanoseconds()
	t.table.drop(c)
	t.close(c)
}

// sender tells which end sent a segment of its pair.
func (c *Conversation) sender(p *Pair) Side {
	if p.flipped == c.flipped {
		return Client
	}
	return Server
}

// endsFrom returns what is kept of a segment's sender, and of its receiver.
func (c *Conversation) endsFrom(from Side) (fwd, rev *end) {
	if from == Client {
		return &c.ends[Client], &c.ends[Server]
	}
	return &c.ends[Server], &c.ends[Client]
}

// anchor fixes what relative numbers count from. Without a SYN they begin at 1.
func (c *Conversation) anchor(s *decode.Segment, from Side, fwd, rev *end) {
	if !fwd.hasBase {
		fwd.hasBase, fwd.base = true, s.Seq-1
		if s.Flags.Has(decode.SYN) {
			fwd.base = s.Seq
		}
	}
	if !rev.hasBase && s.Flags.Has(decode.ACK) {
		rev.hasBase, rev.base = true, s.Ack-1
	}
	if s.Flags.Has(decode.SYN) {
		c.Flows[from].ISN, c.Flows[from].HasISN = s.Seq, true
	}
}

// enqueue puts the conversation into the queue that it belongs to by now.
func (t *Tracker) enqueue(c *Conversation, ev *Event) {
	if concerns(c, ev) {
		t.flood.follow(c, ev, t.now)
	}
	if ev.Opens && ev.Step == StepSYN {
		t.attempts.push(c)
		if t.attempts.len > maxAttempts {
			t.retire(t.attempts.first)
		}
		return
	}
	if c.queue == &t.attempts {
		t.attempts.remove(c)
	}
	c.used, c.judged = true, false
	switch {
	case ev.Closes:
		c.prejudge()
		t.close(c)
	case c.queue == nil, c.queue == &t.closed && !c.closed: // the second: it was not over after all
		t.going.push(c)
		t.bound()
	}
}
