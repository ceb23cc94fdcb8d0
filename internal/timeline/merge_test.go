package timeline

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

var (
	clientAddr = netip.MustParseAddrPort("127.0.0.1:42101")
	serverAddr = netip.MustParseAddrPort("127.0.0.1:6000")
)

// record notes what it is given as short words.
type record struct {
	mu     sync.Mutex
	words  []string
	at     []int64
	client []int
	fail   error
}

func (r *record) Moment(m Moment) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.words = append(r.words, word(m))
	r.at = append(r.at, m.At.UnixNano())
	r.client = append(r.client, m.Client)
	return r.fail
}

func word(m Moment) string {
	switch m.Kind {
	case Call:
		side := "c:"
		if m.Call.Role == dialogue.Server {
			side = "s:"
		}
		if m.Call.Phase == dialogue.End {
			return side + m.Call.Name + "="
		}
		return side + m.Call.Name
	case Segment:
		w := fmt.Sprintf("%d %v", m.Event.Segment.Number, m.Event.Step)
		if len(m.Event.Segment.Payload) > 0 {
			w += " " + string(m.Event.Segment.Payload)
		}
		return w
	}
	return m.Text
}

// call makes a call's moment at a time in microseconds. A name with "=" is an
// end; "c:" and "s:" say whose it is.
func call(at int64, name, data string) dialogue.Call {
	c := dialogue.Call{At: at * 1000, Local: clientAddr, Remote: serverAddr, Role: dialogue.Client, Number: 1}
	if strings.HasPrefix(name, "s:") {
		c.Local, c.Remote, c.Role = serverAddr, clientAddr, dialogue.Server
	}
	c.Name = strings.TrimSuffix(name[2:], "=")
	if strings.HasSuffix(name, "=") {
		c.Phase, c.N = dialogue.End, len(data)
	}
	c.Data = []byte(data)
	return c
}

// segment makes an event at a time in microseconds.
func segment(at int64, frame int, step conversation.Step, seq uint32, data string) *conversation.Event {
	s := &decode.Segment{Number: frame, Time: capture.Time{Nsec: int32(at * 1000), Digits: 6, Known: true},
		Src: clientAddr.Addr(), SrcPort: clientAddr.Port(), Dst: serverAddr.Addr(), DstPort: serverAddr.Port(),
		Header: make([]byte, 20), Payload: []byte(data), PayloadLen: len(data)}
	e := &conversation.Event{Segment: s, Step: step, Seq: seq, SeqRule: conversation.Rule{Base: conversation.X},
		Conversation: &conversation.Conversation{Ends: [2]conversation.Endpoint{
			{Addr: clientAddr.Addr(), Port: clientAddr.Port()}, {Addr: serverAddr.Addr(), Port: serverAddr.Port()}}}}
	return e
}

// back turns an event's segment round: from the server to the client.
func back(e *conversation.Event) *conversation.Event {
	s := e.Segment
	s.Src, s.Dst, s.SrcPort, s.DstPort = s.Dst, s.Src, s.DstPort, s.SrcPort
	e.From, e.SeqRule.Base = conversation.Server, conversation.Y
	return e
}

// TestOrder gives moments with their times in microseconds in the order of
// their making: first all calls, then all segments.
func TestOrder(t *testing.T) {
	syn := func(at int64) *conversation.Event { return segment(at, 1, conversation.StepSYN, 0, "") }
	synack := func(at int64) *conversation.Event { return back(segment(at, 2, conversation.StepSYNACK, 0, "")) }
	ack := func(at int64) *conversation.Event { return segment(at, 3, conversation.StepACK, 1, "") }
	data := func(at int64, frame int, seq uint32, s string) *conversation.Event {
		return back(segment(at, frame, conversation.StepData, seq, s))
	}
	fin := back(segment(50, 9, conversation.StepFIN, 1, ""))
	fin.Segment.Flags = decode.FIN | decode.ACK
	eof := call(49, "c:recv=", "")
	eof.Err = io.EOF
	rst := back(segment(50, 2, conversation.StepRST, 0, ""))
	rst.Segment.Flags = decode.RST | decode.ACK
	refused := call(49, "c:connect=", "")
	refused.Err = errors.New("connection refused")
	unbound := call(12, "c:connect", "")
	unbound.Local = netip.AddrPort{}

	for _, c := range []struct {
		name   string
		calls  []dialogue.Call
		events []*conversation.Event
		want   string
	}{
		{"clocks agree", []dialogue.Call{call(0, "c:connect", ""), call(40, "c:connect=", ""), call(35, "s:accept=", "")},
			[]*conversation.Event{syn(10), synack(20), ack(30)}, "c:connect, 1 SYN, 2 SYN+ACK, 3 ACK, s:accept=, c:connect="},
		{"connect begins before its SYN", []dialogue.Call{call(12, "c:connect", "")},
			[]*conversation.Event{syn(10), synack(20)}, "c:connect, 1 SYN, 2 SYN+ACK"},
		{"connect begins before its SYN, the port not yet known", []dialogue.Call{unbound},
			[]*conversation.Event{syn(10), synack(20)}, "c:connect, 1 SYN, 2 SYN+ACK"},
		{"connect ends after the SYN+ACK", []dialogue.Call{call(0, "c:connect", ""), call(19, "c:connect=", "")},
			[]*conversation.Event{syn(10), synack(20), ack(30)}, "c:connect, 1 SYN, 2 SYN+ACK, c:connect=, 3 ACK"},
		{"refused connect ends after the RST", []dialogue.Call{refused},
			[]*conversation.Event{syn(10), rst}, "1 SYN, 2 RST, c:connect="},
		{"accept ends after the ACK", []dialogue.Call{call(28, "s:accept=", ""), call(29, "s:recv", "")},
			[]*conversation.Event{syn(10), synack(20), ack(30)}, "1 SYN, 2 SYN+ACK, 3 ACK, s:accept=, s:recv"},
		{"a tie", []dialogue.Call{call(10, "c:connect", ""), call(20, "c:connect=", ""), call(30, "s:accept=", "")},
			[]*conversation.Event{syn(10), synack(20), ack(30)}, "c:connect, 1 SYN, 2 SYN+ACK, c:connect=, 3 ACK, s:accept="},
		{"send begins before its segment, and only that one",
			[]dialogue.Call{call(41, "s:send", "ab"), call(42, "s:send=", "ab"), call(43, "s:send", "cd")},
			[]*conversation.Event{data(40, 4, 1, "ab"), data(45, 5, 3, "cd")}, "s:send, 4 data ab, s:send=, s:send, 5 data cd"},
		{"two sends in one segment", []dialogue.Call{call(41, "s:send", "ab"), call(42, "s:send=", "ab"), call(43, "s:send", "cd")},
			[]*conversation.Event{data(40, 4, 1, "abcd")}, "s:send, s:send=, s:send, 4 data abcd"},
		{"recv ends after its segment", []dialogue.Call{call(39, "c:recv=", "ab"), call(39, "c:recv", "")},
			[]*conversation.Event{data(40, 4, 1, "ab"), data(45, 5, 3, "cd")}, "4 data ab, c:recv=, c:recv, 5 data cd"},
		{"end of stream after the FIN", []dialogue.Call{eof}, []*conversation.Event{ack(30), fin}, "3 ACK, 9 FIN, c:recv="},
		{"close begins before its FIN", []dialogue.Call{call(51, "s:close", "")}, []*conversation.Event{fin}, "s:close, 9 FIN"},
		{"far apart, the clock is believed", []dialogue.Call{call(5000, "c:connect", "")},
			[]*conversation.Event{syn(10), synack(20)}, "1 SYN, 2 SYN+ACK, c:connect"},
		{"a capture's order is kept where its clock steps back", nil,
			[]*conversation.Event{syn(10), synack(5), ack(30)}, "1 SYN, 2 SYN+ACK, 3 ACK"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r record
			m := NewMerge(&r, time.Hour)
			m.now = func() int64 { return 0 }
			for _, call := range c.calls {
				m.Call(call)
			}
			for _, e := range c.events {
				if err := m.Moment(Of(e)); err != nil {
					t.Fatal(err)
				}
			}
			if err := m.Close(); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(r.words, ", "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			last := int64(0)
			for i, at := range r.at {
				if r.words[i][1] == ':' && at < last {
					t.Errorf("%s is shown at %d ns, behind %d ns", r.words[i], at, last)
				}
				last = max(last, at)
			}
		})
	}
}

// TestCopies gives the merge one event again and again, as the tracker does.
func TestCopies(t *testing.T) {
	var r record
	m := NewMerge(&r, time.Hour)
	m.now = func() int64 { return 0 }
	e := segment(1, 0, conversation.StepData, 1, "..")
	for i := range 5 {
		e.Segment.Number = i
		e.Segment.Time.Nsec = int32(i)
		e.Segment.Payload[0] = byte('a' + i)
		m.Moment(Of(e))
	}
	e.Segment.Payload[0] = 'x'
	m.Close()
	if got, want := strings.Join(r.words, ", "), "0 data a., 1 data b., 2 data c., 3 data d., 4 data e."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestClient: a call of the client with both addresses tells whose everything
// of that connection is, and connect's end gives its begin the port.
func TestClient(t *testing.T) {
	var r record
	m := NewMerge(&r, time.Hour)
	m.now = func() int64 { return 0 }
	begin := call(0, "c:connect", "")
	begin.Local, begin.Number, begin.ID = netip.AddrPort{}, 3, 7
	end := call(40, "c:connect=", "")
	end.Number, end.ID = 3, 7
	accept := call(35, "s:accept=", "")
	accept.Number = 1 // the server counts by itself
	listen := dialogue.Call{Role: dialogue.Server, Name: "listen", Local: serverAddr}
	var local netip.AddrPort
	m.out = sink(func(mo Moment) error {
		if mo.Kind == Call && mo.Call.Name == "connect" && mo.Call.Phase == dialogue.Begin {
			local = mo.Call.Local
		}
		return r.Moment(mo)
	})
	m.Call(listen)
	m.Call(begin)
	m.Moment(Of(segment(10, 1, conversation.StepSYN, 0, "")))
	m.Call(accept)
	m.Call(end)
	m.Close()
	if got, want := fmt.Sprint(r.words, r.client), "[s:listen c:connect 1 SYN s:accept= c:connect=] [0 3 3 3 3]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if local != clientAddr {
		t.Errorf("connect's begin has the local address %v, want %v", local, clientAddr)
	}
}

type sink func(Moment) error

func (s sink) Moment(m Moment) error { return s(m) }

// TestLive merges as time passes, from several goroutines, a late capture.
func TestLive(t *testing.T) { synctest.Test(t, testLive) }

func testLive(t *testing.T) {
	var r record
	m := NewMerge(&r, 50*time.Millisecond)
	start := time.Now().UnixNano() / 1000
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() {
			c := call(start+int64(i), "c:socket", "")
			c.Number = i + 1
			m.Call(c)
		})
	}
	all.Wait()
	m.Call(call(start+30, "s:accept=", ""))
	time.Sleep(5 * time.Millisecond)
	e := segment(0, 3, conversation.StepACK, 1, "")
	at := (start + 20) * 1000
	e.Segment.Time = capture.Time{Sec: at / 1e9, Nsec: int32(at % 1e9), Known: true, Digits: 9}
	m.Moment(Of(e))
	time.Sleep(50*time.Millisecond + time.Microsecond) // the watermark
	synctest.Wait()
	r.mu.Lock()
	got := strings.Join(r.words, ", ")
	r.mu.Unlock()
	if want := "c:socket, c:socket, c:socket, 3 ACK, s:accept="; got != want {
		t.Errorf("after the watermark: got %s, want %s", got, want)
	}
	m.Close()
}

// TestSinkFails: the first error comes back, and nothing blocks.
func TestSinkFails(t *testing.T) {
	broken := errors.New("broken pipe")
	r := record{fail: broken}
	m := NewMerge(&r, time.Hour)
	m.now = func() int64 { return 0 }
	m.Moment(Of(segment(1, 1, conversation.StepSYN, 0, "")))
	m.Moment(Of(segment(2, 2, conversation.StepSYN, 0, "")))
	if err := m.Close(); err != broken {
		t.Errorf("Close: %v, want %v", err, broken)
	}
	if err := m.Moment(Moment{Kind: Note}); err != broken {
		t.Errorf("Moment after Close: %v, want %v", err, broken)
	}
	if len(r.words) != 1 {
		t.Errorf("the sink was given %d moments, want 1", len(r.words))
	}
}
