// Package scene is for tests: what servers and clients do, told to a presenter.
package scene

import (
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

const (
	isnClient = 2252298013
	isnServer = 1663674635
)

// Server is where the greeting server listens.
var Server = netip.MustParseAddrPort("127.0.0.1:6000")

// Wire makes a conversation packet by packet, as loopback would.
type Wire struct {
	client   uint16    // its port
	next     [2]uint32 // sequence number of each side
	packets  []capture.Packet
	calls    []dialogue.Call
	numberOf int // of the client
}

func newWire(port uint16, client int) *Wire {
	return &Wire{client: port, numberOf: client, next: [2]uint32{isnClient + uint32(port) - 42101, isnServer}}
}

// send puts a segment on the wire at a time in microseconds.
func (w *Wire) send(at int, from conversation.Side, flags decode.Flags, data string) {
	tcp := make([]byte, 20, 40+len(data))
	ports := [2]uint16{w.client, Server.Port()}
	binary.BigEndian.PutUint16(tcp, ports[from])
	binary.BigEndian.PutUint16(tcp[2:], ports[from.Other()])
	binary.BigEndian.PutUint32(tcp[4:], w.next[from])
	if flags.Has(decode.ACK) {
		binary.BigEndian.PutUint32(tcp[8:], w.next[from.Other()])
	}
	window := uint16(512)
	if flags.Has(decode.SYN) {
		tcp = append(tcp, 2, 4, 0xff, 0xd7, 4, 2, 1, 1, 1, 3, 3, 7)
		window = 65495
	}
	tcp[12], tcp[13] = byte(len(tcp)/4<<4), byte(flags)
	binary.BigEndian.PutUint16(tcp[14:], window)
	tcp = append(tcp, data...)
	binary.BigEndian.PutUint16(tcp[16:], 0xfe08+uint16(len(tcp))) // the pseudo-header's sum alone, as loopback leaves it
	ip := []byte{0x45, 0, 0, 0, 0, 1, 0x40, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1}
	binary.BigEndian.PutUint16(ip[2:], uint16(20+len(tcp)))
	binary.BigEndian.PutUint16(ip[4:], uint16(len(w.packets)+1)) // each its own: one that has the same is a copy
	frame := append(ip, tcp...)
	w.packets = append(w.packets, capture.Packet{Time: At(at), Link: capture.LinkRaw, FCS: -1, Length: len(frame), Data: frame})
	w.next[from] += uint32(len(data))
	if flags&(decode.SYN|decode.FIN) != 0 {
		w.next[from]++
	}
}

// At is a time in microseconds after the begin of it all.
func At(us int) capture.Time {
	return capture.Time{Sec: 1_700_000_000 + int64(us/1e6), Nsec: int32(us % 1e6 * 1000), Digits: 9, Known: true}
}

// call notes a call at a time in microseconds: begin where result is nil.
func (w *Wire) call(at int, role dialogue.Role, name, args, data string, phase dialogue.Phase, err error) {
	c := dialogue.Call{Phase: phase, At: At(at).UnixNano(), Role: role, Number: w.numberOf, Name: name, Args: args, Err: err,
		Local: netip.AddrPortFrom(Server.Addr(), w.client), Remote: Server}
	if role == dialogue.Server {
		c.Local, c.Remote = c.Remote, c.Local
	}
	if data != "" {
		c.Data, c.N = []byte(data), len(data)
	}
	w.calls = append(w.calls, c)
}

// say is a send at one end and the recv at the other.
func (w *Wire) say(at int, from conversation.Side, text string) {
	caller := [...]dialogue.Role{dialogue.Client, dialogue.Server}
	w.call(at, caller[from], "send", strconv.Itoa(len(text)), text, dialogue.Begin, nil)
	w.send(at+8, from, decode.PSH|decode.ACK, text)
	w.send(at+14, from.Other(), decode.ACK, "")
	w.call(at+20, caller[from.Other()], "recv", "1024", text, dialogue.End, nil)
}

// Greeting is the dialogue of the greeting server with one client.
func Greeting(start int, port uint16, client int) *Wire {
	w := newWire(port, client)
	w.call(start, dialogue.Client, "connect", "127.0.0.1:6000", "", dialogue.Begin, nil)
	w.send(start+12, conversation.Client, decode.SYN, "")
	w.send(start+91, conversation.Server, decode.SYN|decode.ACK, "")
	w.send(start+112, conversation.Client, decode.ACK, "")
	w.call(start+130, dialogue.Client, "connect", "127.0.0.1:6000", "", dialogue.End, nil)
	w.call(start+140, dialogue.Server, "accept", "", "", dialogue.End, nil)
	w.say(start+230, conversation.Server, "Welcome!\n")
	w.say(start+330, conversation.Server, "What's your name?")
	w.say(start+430, conversation.Client, "Ädam\x1b[2J\n")
	w.say(start+530, conversation.Server, "Hello Ädam\x1b[2J!\n")
	w.call(start+600, dialogue.Client, "close", "", "", dialogue.Begin, nil)
	w.send(start+610, conversation.Client, decode.FIN|decode.ACK, "")
	w.call(start+620, dialogue.Server, "recv", "1024", "", dialogue.End, io.EOF)
	w.call(start+630, dialogue.Server, "close", "", "", dialogue.Begin, nil)
	w.send(start+640, conversation.Server, decode.FIN|decode.ACK, "")
	w.send(start+650, conversation.Client, decode.ACK, "")
	return w
}

// Listening is what the server does before anybody comes.
func Listening() *Wire {
	w := &Wire{}
	for i, c := range []dialogue.Call{{Name: "socket"}, {Name: "bind", Args: "127.0.0.1:6000"}, {Name: "listen", Args: "5"}} {
		c.At, c.Role, c.Local = At(i).UnixNano(), dialogue.Server, Server
		w.calls = append(w.calls, c)
	}
	return w
}

// Tell gives everything on the wires to a presenter in the order of time.
func Tell(t testing.TB, p present.Presenter, wires ...*Wire) {
	t.Helper()
	type thing struct {
		at     int64
		packet *capture.Packet
		call   *dialogue.Call
		client int
	}
	var all []thing
	for _, w := range wires {
		for i := range w.packets {
			all = append(all, thing{w.packets[i].Time.UnixNano(), &w.packets[i], nil, w.numberOf})
		}
		for i := range w.calls {
			all = append(all, thing{w.calls[i].At, nil, &w.calls[i], w.numberOf})
		}
	}
	slices.SortStableFunc(all, func(a, b thing) int { return int(a.at - b.at) })
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	clients := map[uint16]int{} // by port
	for _, w := range wires {
		clients[w.client] = w.numberOf
	}
	tracker := conversation.NewTracker(conversation.Config{OnEnd: func(c *conversation.Conversation) {
		check(p.Moment(timeline.Moment{Kind: timeline.Ended, At: c.Latest, Conversation: c, Client: clients[c.Ends[conversation.Client].Port]}))
	}})
	decoder := decode.New()
	var s decode.Segment
	var e conversation.Event
	number := 0
	for _, x := range all {
		if x.call != nil {
			check(p.Moment(timeline.Moment{Kind: timeline.Call, At: capture.At(x.at), Call: x.call, Client: x.client}))
			continue
		}
		number++
		packet := *x.packet
		packet.Number = number
		if r := decoder.Decode(&packet, &s); r.Kind != decode.TCP || !tracker.Add(&s, &e) {
			t.Fatalf("packet %d does not decode: %v", number, r)
		}
		m := timeline.Of(&e)
		m.Client = x.client
		check(p.Moment(m))
	}
	tracker.Finish()
	check(p.Close())
}

// Lost is a capture of trouble: a SYN sent twice, a reset, an ICMP error, a
// frame that does not decode, a note.
func Lost(t testing.TB, p present.Presenter) {
	w := newWire(42101, 1)
	w.call(0, dialogue.Client, "connect", "127.0.0.1:6000", "", dialogue.Begin, nil)
	w.send(12, conversation.Client, decode.SYN, "")
	w.next[conversation.Client]--
	w.send(1_000_000, conversation.Client, decode.SYN, "")
	w.send(1_000_080, conversation.Server, decode.RST|decode.ACK, "")
	w.call(1_000_090, dialogue.Client, "connect", "127.0.0.1:6000", "", dialogue.End, errors.New("connection refused"))
	for _, m := range []timeline.Moment{
		{Kind: timeline.Note, Text: "loopback: MSS 65495, round trips in microseconds; a real network shows 1460 and milliseconds"},
		{Kind: timeline.Undecoded, At: At(5), Frame: 7,
			Problem: &decode.Problem{Layer: "TCP", Bit: 96, Reason: "data offset 3 words, the minimum is 5 (RFC 9293 §3.1)"}},
		{Kind: timeline.Quote, At: At(6), Frame: 8, Quote: &decode.Quote{Src: netip.MustParseAddr("192.0.2.1"),
			Dst: Server.Addr(), Type: 3, Code: 4, Version: 4, MTU: 1400, Text: "destination unreachable: fragmentation needed"},
			Quoted: &decode.Segment{Src: Server.Addr(), SrcPort: 42101, Dst: Server.Addr(), DstPort: 6000,
				Header: make([]byte, 8), Seq: isnClient}},
	} {
		if err := p.Moment(m); err != nil {
			t.Fatal(err)
		}
	}
	Tell(t, p, w)
}

// One is a dialogue with one client.
func One(t testing.TB, p present.Presenter) { Tell(t, p, Listening(), Greeting(100, 42101, 1)) }

// Three are dialogues with three clients at once.
func Three(t testing.TB, p present.Presenter) {
	Tell(t, p, Listening(), Greeting(100, 42101, 1), Greeting(150, 42103, 3), Greeting(330, 42102, 2))
}

// Again is a capture in which SYN, SYN+ACK and data are sent again, and an RST
// that does not count comes before one that does.
func Again(t testing.TB, p present.Presenter) {
	w := newWire(42101, 1)
	w.send(0, conversation.Client, decode.SYN, "")
	w.next[conversation.Client]--
	w.send(1_000_000, conversation.Client, decode.SYN, "")
	w.send(1_000_100, conversation.Server, decode.SYN|decode.ACK, "")
	w.next[conversation.Server]--
	w.send(2_100_000, conversation.Server, decode.SYN|decode.ACK, "")
	w.send(2_100_100, conversation.Client, decode.ACK, "")
	w.send(2_200_000, conversation.Server, decode.PSH|decode.ACK, "Welcome!\n")
	w.next[conversation.Server] -= 9
	w.send(2_500_000, conversation.Server, decode.PSH|decode.ACK, "Welcome!\n")
	w.send(2_500_100, conversation.Client, decode.ACK, "")
	w.next[conversation.Client] += 300
	w.send(2_600_000, conversation.Client, decode.RST, "")
	w.next[conversation.Client] -= 300
	w.send(2_600_100, conversation.Server, decode.ACK, "")
	w.send(2_700_000, conversation.Client, decode.RST, "")
	Tell(t, p, w)
}

// Refused is a SYN to a port on which nobody listens.
func Refused(t testing.TB, p present.Presenter) {
	w := newWire(42101, 1)
	w.send(0, conversation.Client, decode.SYN, "")
	w.next[conversation.Server] = 0
	w.send(100, conversation.Server, decode.RST|decode.ACK, "")
	Tell(t, p, w)
}

// Crossed is a simultaneous open (RFC 9293 figure 7).
func Crossed(t testing.TB, p present.Presenter) {
	w := newWire(42101, 1)
	w.send(0, conversation.Client, decode.SYN, "")
	w.send(20_000, conversation.Server, decode.SYN, "")
	for _, side := range [...]conversation.Side{conversation.Client, conversation.Server} {
		w.next[side]--
		w.send(20_100+20_000*int(side), side, decode.SYN|decode.ACK, "")
	}
	w.send(60_000, conversation.Client, decode.RST|decode.ACK, "")
	Tell(t, p, w)
}

// recorder keeps copies of events.
type recorder struct{ moments []timeline.Moment }

func (r *recorder) Moment(m timeline.Moment) error {
	if m.Event == nil {
		return nil
	}
	e, s, c := *m.Event, *m.Event.Segment, *m.Event.Conversation
	s.Keep(nil)
	e.Segment, e.Conversation = &s, &c
	m.Event = &e
	r.moments = append(r.moments, m)
	return nil
}

func (r *recorder) Section(string) error { return nil }

func (r *recorder) Close() error { return nil }

// Recorded are the segments of a dialogue.
func Recorded(t testing.TB) []timeline.Moment {
	var r recorder
	Tell(t, &r, Greeting(0, 42101, 1))
	return r.moments
}

// Another returns the moment of a segment in a copy of its own.
func Another(m timeline.Moment, stream int) timeline.Moment {
	event, segment, c := *m.Event, *m.Event.Segment, *m.Event.Conversation
	event.Segment, event.Conversation = &segment, &c
	c.Stream = stream
	m.Event = &event
	return m
}
