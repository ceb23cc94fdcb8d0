package bothends

import (
	"cmp"
	"context"
	"io"
	"net/netip"
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// A recording is followed twice, as the two captures that it holds: what was at
// the client's end, and what was at the server's. At its own end of the cable a
// host has received whatever was captured there, so each host's state is taken
// from the capture of its own end, and nothing needs to be assumed of the way.

// endCapture is what was captured at one end, and what it means.
type endCapture struct {
	end     wire.End
	servers map[netip.Addr]bool     // the addresses at the server's end
	moments map[int]timeline.Moment // of segments and ICMP errors, by the number of their record
	threads []*thread               // by stream
}

// thread is a conversation as one end has captured it.
type thread struct {
	ends  [2]netip.AddrPort // of the two hosts, the client's first
	isn   [2]uint32
	known [2]bool               // whether isn is
	first [2]conversation.State // where the hosts were before the first segment
	turn  bool                  // to this capture the server's host is the client: its SYN came first
	ended timeline.Moment       // what it came to
	story int                   // which conversation of the story it is
}

// side is which end of the conversation a host is, to this capture.
func (t *thread) side(host wire.End) conversation.Side {
	if t.turn {
		return conversation.Side(host.Other())
	}
	return conversation.Side(host)
}

// packets are those of one end in the order of their times there.
func packets(records []*wire.Record, end wire.End) (list []capture.Packet) {
	for _, r := range records {
		switch {
		case r.From == end && !r.Forged:
			list = append(list, r.Packet())
		case r.To() == end && r.Fate == wire.Arrived:
			p := r.Packet()
			p.Time, p.Data, p.Length = capture.At(r.Arrival), r.Landed(), len(r.Landed())
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b capture.Packet) int { return cmp.Compare(a.Time.UnixNano(), b.Time.UnixNano()) })
	return list
}

// listed hands out the packets of a list.
type listed struct {
	list []capture.Packet
	next int
}

// Next implements capture.Source.
func (l *listed) Next(p *capture.Packet) error {
	if l.next == len(l.list) {
		return io.EOF
	}
	*p = l.list[l.next]
	l.next++
	return nil
}

// followEnd finds out what the capture of one end means.
func followEnd(ctx context.Context, records []*wire.Record, end wire.End) (*endCapture, error) {
	e := &endCapture{end: end, servers: serversOf(records), moments: make(map[int]timeline.Moment)}
	list := packets(records, end)
	known, err := pipeline.Foreknow(ctx, &listed{list: list})
	if err != nil {
		return nil, err
	}
	flow := pipeline.Flow{Source: &listed{list: list}, Sink: e, Foreknown: known}
	_, err = flow.Run(ctx)
	return e, err
}

// Moment implements timeline.Sink.
func (e *endCapture) Moment(m timeline.Moment) error {
	switch m.Kind {
	case timeline.Segment:
		kept := timeline.Keep(m)
		e.moments[kept.Event.Segment.Number] = kept
		isNew := len(e.threads) <= kept.Event.Conversation.Stream
		if t := e.threadOf(kept.Event.Conversation); isNew {
			for _, host := range []wire.End{wire.Client, wire.Server} {
				t.first[host] = kept.Event.Before[t.side(host)]
			}
		}
	case timeline.Quote:
		e.moments[m.Frame] = timeline.Keep(m)
	case timeline.Ended:
		kept := timeline.Keep(m)
		e.threadOf(kept.Conversation).ended = kept
	}
	return nil
}

// threadOf finds the thread of a conversation, and takes up what is known of it
// by now.
func (e *endCapture) threadOf(c *conversation.Conversation) *thread {
	for len(e.threads) <= c.Stream {
		e.threads = append(e.threads, &thread{story: -1})
	}
	t := e.threads[c.Stream]
	t.turn = e.servers[c.Ends[conversation.Client].Addr]
	for _, host := range []wire.End{wire.Client, wire.Server} {
		side := t.side(host)
		t.ends[host] = c.Ends[side].AddrPort()
		if f := &c.Flows[side]; f.HasISN {
			t.isn[host], t.known[host] = f.ISN, true
		}
	}
	return t
}

// serversOf are the addresses that segments were sent from at the server's end.
func serversOf(records []*wire.Record) map[netip.Addr]bool {
	servers := map[netip.Addr]bool{}
	for _, r := range records {
		if r.From != wire.Server || r.Forged {
			continue
		}
		p := r.Packet()
		var s decode.Segment
		if decode.New().Decode(&p, &s).Kind == decode.TCP {
			servers[s.Src] = true
		}
	}
	return servers
}

// isSame reports whether two threads are one conversation.
func (t *thread) isSame(u *thread) bool {
	for host := range t.isn {
		if t.known[host] && u.known[host] && t.isn[host] != u.isn[host] {
			return false
		}
	}
	return t.ends == u.ends
}

// Ended is what each conversation came to as the capture of one end shows it, by stream.
func Ended(ctx context.Context, records []*wire.Record, end wire.End) (list []timeline.Moment, err error) {
	e, err := followEnd(ctx, records, end)
	if err != nil {
		return nil, err
	}
	for _, t := range e.threads {
		list = append(list, t.ended)
	}
	return list, nil
}
