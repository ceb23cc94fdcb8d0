package conversation

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// The initial sequence numbers of scripts.
const x, y = 4294967290, 5000 // x wraps soon

// parse reads a script: segments divided by ';', each
//
//	> SA 0 len 9 ack 1 win 100 @1.5
//
// with its direction (> from the client), flags by their first letters (- for
// none), the relative sequence number, and optionally payload bytes, relative
// acknowledgment number, window, window scale, TTL, a signature ("signed"), the
// client's port, and time in ms (else 1 ms after the one before).
func parse(t testing.TB, script string) []*decode.Segment {
	t.Helper()
	client, server := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	var list []*decode.Segment
	ms := 0.0
	for i, line := range strings.Split(script, ";") {
		f := strings.Fields(line)
		s := &decode.Segment{Number: i + 1, Length: 54, HeaderLen: 20, Header: make([]byte, 20), Window: 1000,
			Src: client, Dst: server, SrcPort: 40000, DstPort: 6000, IPVersion: 4}
		isn, other := uint32(x), uint32(y)
		if f[0] == "<" {
			s.Src, s.Dst, s.SrcPort, s.DstPort = server, client, 6000, 40000
			isn, other = y, x
		}
		for _, letter := range f[1] {
			s.Flags |= map[rune]decode.Flags{'S': decode.SYN, 'A': decode.ACK, 'F': decode.FIN, 'R': decode.RST,
				'P': decode.PSH, 'E': decode.ECE, 'C': decode.CWR, '-': 0}[letter]
		}
		s.Seq = isn + uint32(number(t, f[2]))
		ms++
		for j := 3; j < len(f); j++ {
			switch {
			case f[j] == "len":
				s.PayloadLen = number(t, f[j+1])
				s.Payload = make([]byte, s.PayloadLen)
				j++
			case f[j] == "ack":
				s.Ack = other + uint32(number(t, f[j+1]))
				j++
			case f[j] == "win":
				s.Window = uint16(number(t, f[j+1]))
				j++
			case f[j] == "wscale":
				s.Options.HasScale, s.Options.Scale = true, uint8(number(t, f[j+1]))
				j++
			case f[j] == "signed":
				s.Options.Signed = true
			case f[j] == "ttl":
				s.TTL = uint8(number(t, f[j+1]))
				j++
			case f[j] == "port":
				if f[0] == ">" {
					s.SrcPort = uint16(number(t, f[j+1]))
				} else {
					s.DstPort = uint16(number(t, f[j+1]))
				}
				j++
			case f[j][0] == '@':
				ms, _ = strconv.ParseFloat(f[j][1:], 64)
			default:
				t.Fatalf("segment %d: %q is no part of a segment", i+1, f[j])
			}
		}
		ns := int64(ms * 1e6)
		s.Time = capture.Time{Sec: 1 + ns/1e9, Nsec: int32(ns % 1e9), Digits: 9, Known: true}
		list = append(list, s)
	}
	return list
}

func number(t testing.TB, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// follow runs a script and returns its events and its conversations at the end.
func follow(t testing.TB, script string) (events []Event, ended []Conversation) {
	tr := NewTracker(Config{OnEnd: func(c *Conversation) { ended = append(ended, *c) }})
	for _, s := range parse(t, script) {
		var ev Event
		if !tr.Add(s, &ev) {
			t.Fatalf("segment %d was not tracked", s.Number)
		}
		events = append(events, ev)
	}
	tr.Finish()
	return events, ended
}

const greeting = "> S 0; < SA 0 ack 1; > A 1 ack 1; < PA 1 len 9 ack 1; > A 1 ack 10; > PA 1 len 4 ack 10; < A 10 ack 5;" +
	"< FA 10 ack 5; > FA 5 ack 11; < A 11 ack 6"

func TestStates(t *testing.T) {
	for _, tt := range []struct{ name, script, states string }{
		// An end of which nothing has been heard has no state; ' marks one that is assumed.
		{"open and close", greeting,
			"SYN-SENT/? ESTABLISHED'/SYN-RECEIVED ESTABLISHED/ESTABLISHED' ESTABLISHED/ESTABLISHED ESTABLISHED/ESTABLISHED ESTABLISHED/ESTABLISHED ESTABLISHED/ESTABLISHED CLOSE-WAIT'/FIN-WAIT-1 LAST-ACK/TIME-WAIT' CLOSED'/TIME-WAIT"},
		{"refused", "> S 0; < RA 0 ack 1", "SYN-SENT/? CLOSED'/CLOSED"},
		{"four-way close", "> S 0; < SA 0 ack 1; > A 1 ack 1; > FA 1 ack 1; < A 1 ack 2; < FA 1 ack 2; > A 2 ack 2",
			"SYN-SENT/? ESTABLISHED'/SYN-RECEIVED ESTABLISHED/ESTABLISHED' FIN-WAIT-1/CLOSE-WAIT' FIN-WAIT-2'/CLOSE-WAIT TIME-WAIT'/LAST-ACK TIME-WAIT/CLOSED'"},
		{"simultaneous close", "> S 0; < SA 0 ack 1; > A 1 ack 1; > FA 1 ack 1; < FA 1 ack 1; > A 2 ack 2; < A 2 ack 2",
			"SYN-SENT/? ESTABLISHED'/SYN-RECEIVED ESTABLISHED/ESTABLISHED' FIN-WAIT-1/CLOSE-WAIT' CLOSING'/CLOSING' CLOSING/TIME-WAIT' TIME-WAIT'/TIME-WAIT'"},
		{"simultaneous open", "> S 0; < S 0; > SA 0 ack 1; < SA 0 ack 1",
			"SYN-SENT/? SYN-RECEIVED'/SYN-SENT SYN-RECEIVED/ESTABLISHED' ESTABLISHED'/ESTABLISHED'"},
		{"capture began late", "> PA 1 len 4 ack 1; < A 1 ack 5", "ESTABLISHED'/? ESTABLISHED'/ESTABLISHED'"},
		{"blind reset is ignored", "> S 0; < SA 0 ack 1; > A 1 ack 1; > R 500; > R 1",
			"SYN-SENT/? ESTABLISHED'/SYN-RECEIVED ESTABLISHED/ESTABLISHED' ESTABLISHED/ESTABLISHED' CLOSED/CLOSED'"},
		{"half-open scan", "> S 0; < SA 0 ack 1; > R 1", "SYN-SENT/? ESTABLISHED'/SYN-RECEIVED CLOSED/LISTEN'"},
	} {
		events, _ := follow(t, tt.script)
		var got []string
		for _, e := range events {
			got = append(got, stateOf(&e, Client)+"/"+stateOf(&e, Server))
		}
		if s := strings.Join(got, " "); s != tt.states {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, s, tt.states)
		}
	}
}

// stateOf is an end's state after a segment, with ' where it is assumed.
func stateOf(e *Event, side Side) string {
	if e.After[side] == Unknown || e.Proved[side] {
		return e.After[side].String()
	}
	return e.After[side].String() + "'"
}

func TestRules(t *testing.T) {
	events, _ := follow(t, greeting)
	want := []string{
		"x / 0",
		"y / x + 1 (SYN of #1)",
		"x + 1 (SYN of #1) / y + 1 (SYN of #2)",
		"y + 1 (SYN of #2) / x + 1 (SYN of #1)",
		"x + 1 (SYN of #1) / y + 1 + 9 (#4)",
		"x + 1 (SYN of #1) / y + 1 + 9 (#4)",
		"y + 1 + 9 (#4) / x + 1 + 4 (#6)",
		"y + 1 + 9 (#4) / x + 1 + 4 (#6)",
		"x + 1 + 4 (#6) / y + 1 + 9 + 1 (#8)",
		"y + 1 + 9 + 1 (#8) / x + 1 + 4 + 1 (#9)",
	}
	for i, e := range events {
		got := string(e.SeqRule.AppendProved(nil)) + " / " + string(e.AckRule.AppendProved(nil))
		if got != want[i] {
			t.Errorf("segment %d: %s, want %s", i+1, got, want[i])
		}
	}
}

func TestSteps(t *testing.T) {
	events, _ := follow(t, greeting)
	var got []string
	for _, e := range events {
		got = append(got, e.Step.String())
		if e.Sentence() == "" || e.Section() == "" {
			t.Errorf("segment %d has no explanation", e.Segment.Number)
		}
	}
	if s := strings.Join(got, ", "); s != "SYN, SYN+ACK, ACK, data, ack, data, ack, FIN, FIN, ACK of FIN" {
		t.Error(s)
	}
}

func TestAnalysis(t *testing.T) {
	open := "> S 0; < SA 0 ack 1; > A 1 ack 1; "
	for _, tt := range []struct {
		name, script string
		want         Analysis // of the last segment
	}{
		{"data", open + "> PA 1 len 4 ack 1", 0},
		{"sent again", open + "> PA 1 len 4 ack 1; > PA 1 len 4 ack 1 @300", Retransmission},
		{"sent again though acknowledged", open + "> PA 1 len 4 ack 1; < A 1 ack 5; > PA 1 len 4 ack 1 @300", SpuriousRetransmission | Retransmission},
		{"SYN again", "> S 0; > S 0 @1001", Retransmission},
		{"ports reused", open + "> S 100000", ReusedPorts},
		{"gap", open + "> PA 5 len 4 ack 1", LostSegment},
		{"late", open + "> PA 1 len 4 ack 1 @10; > PA 9 len 4 ack 1 @10.1; > PA 5 len 4 ack 1 @10.2", OutOfOrder},
		{"duplicate", open + "< PA 1 len 4 ack 1; > A 1 ack 5; > A 1 ack 5", DuplicateAck},
		{"fast", open + "> PA 1 len 9 ack 1 @10; > PA 19 len 9 ack 1 @10.1; < A 1 ack 10; < A 1 ack 10; < A 1 ack 10 @20; > PA 10 len 9 ack 1 @21", FastRetransmission | Retransmission},
		{"keep-alive", open + "> PA 1 len 4 ack 1; < A 1 ack 5; > A 4 ack 1", KeepAlive},
		{"keep-alive answered", open + "> PA 1 len 4 ack 1; < A 1 ack 5; > A 4 ack 1; < A 1 ack 5", KeepAliveAck},
		{"zero window", open + "< A 1 ack 1 win 0", ZeroWindow},
		{"probe", open + "< A 1 ack 1 win 0; > A 1 len 1 ack 1", ZeroWindowProbe},
		{"probe answered", open + "< A 1 ack 1 win 0; > A 1 len 1 ack 1; < A 1 ack 1 win 0", ZeroWindow | ZeroWindowProbeAck},
		{"update", open + "< A 1 ack 1 win 0; < A 1 ack 1 win 500", WindowUpdate},
		{"full", open + "< A 1 ack 1 win 8; > PA 1 len 8 ack 1", WindowFull},
		{"unseen", open + "< A 1 ack 500", AckLostSegment},
	} {
		events, _ := follow(t, tt.script)
		if got := events[len(events)-1].Analysis; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, words(got), words(tt.want))
		}
	}
}

func words(a Analysis) string {
	var list []string
	for i, w := range AnalysisWords {
		if a&(1<<i) != 0 {
			list = append(list, w)
		}
	}
	return fmt.Sprint(list)
}

func TestVerdicts(t *testing.T) {
	open := "> S 0; < SA 0 ack 1; > A 1 ack 1; "
	for _, tt := range []struct{ name, script, want string }{
		{"greeting", greeting, "fine [1 2 3 9 10]"},
		{"still open", open + "< PA 1 len 9 ack 1", "open [1 2 3]"},
		{"refused", "> S 0; < RA 0 ack 1", "refused [1 2]"},
		{"nothing came back", "> S 0; > S 0 @1000; > S 0 @3000", "filtered [1 3]"},
		{"SYN repeated", "> S 0; > S 0 @1000; < SA 0 ack 1; > A 1 ack 1", "SYN lost [1 2]"},
		{"SYN+ACK repeated", "> S 0; < SA 0 ack 1; > S 0 @1000; < SA 0 ack 1; > A 1 ack 1", "SYN+ACK lost [1 3 4]"},
		{"last ACK repeated", open + "< SA 0 ack 1 @1000; > A 1 ack 1", "last ACK not taken [2 3 4]"},
		{"accept queue full", open + "< SA 0 ack 1 @1000; > A 1 ack 1; < SA 0 ack 1 @3000; > A 1 ack 1", "last ACK not taken [2 3 4 6]"},
		{"stopped", "> S 0; < SA 0 ack 1", "incomplete [1 2]"},
		{"scan", "> S 0; < SA 0 ack 1; > R 1", "aborted [1 2 3]"},
		{"old duplicate", "> S 0; < SA 0 ack 77; > R 77", "old duplicate SYN [1 2 3]"},
		{"older connection", "> S 0; < A 900 ack 700; > R 700", "older connection [1 2 3]"},
		{"last ACK lost", open + "< SA 0 ack 1 @1000; > A 1 ack 1; < PA 1 len 9 ack 1", "last ACK lost [1 3 4]"},
		{"accept queue full", open + "> PA 1 len 4 ack 1; < SA 0 ack 1 @10; > A 5 ack 1", "accept queue full [2 3 5]"},
		{"late", "> PA 1 len 4 ack 1; < A 1 ack 5", "capture began late [1]"},
		{"one direction", "> PA 1 len 4 ack 1; > PA 5 len 4 ack 1", "one direction only [1 2]"},
		{"crossed SYNs", "> S 0; < S 0; > SA 0 ack 1; < SA 0 ack 1", "simultaneous open [1 2 3 4]"},
		{"crossed FINs", open + "> FA 1 ack 1; < FA 1 ack 1; > A 2 ack 2; < A 2 ack 2", "simultaneous close [4 5 6 7]"},
		{"half close", open + "> FA 1 ack 1; < A 1 ack 2; < PA 1 len 9 ack 2; > A 2 ack 10; < FA 10 ack 2; > A 2 ack 11", "half close [4 6]"},
		{"client aborts", open + "> RA 1 ack 1", "aborted [4]"},
		{"server aborts", open + "> PA 1 len 4 ack 1; < RA 1 ack 5", "aborted [4 5]"},
		{"reuse", open + "> S 100000", "port reused [3 4]"},
		{"stalled", open + "< A 1 ack 1 win 0; > A 1 len 1 ack 1; < A 1 ack 1 win 0; < A 1 ack 1 win 900", "window stalled [4 5 7]"},
	} {
		_, ended := follow(t, tt.script)
		got := fmt.Sprint(ended[0].Verdict.Name, " ", ended[0].Verdict.Frames)
		if got != tt.want {
			t.Errorf("%s: %s, want %s (%s)", tt.name, got, tt.want, ended[0].Verdict.Text)
		}
	}
}

func TestCompleteness(t *testing.T) {
	for _, tt := range []struct{ script, want string }{
		{"> S 0", "Incomplete, SYN_SENT (1)"},
		{"> S 0; < SA 0 ack 1", "Incomplete, CLIENT_ESTABLISHED (3)"},
		{"> S 0; < SA 0 ack 1; > A 1 ack 1", "Incomplete, ESTABLISHED (7)"},
		{"> S 0; < SA 0 ack 1; > A 1 ack 1; > PA 1 len 1 ack 1", "Incomplete, DATA (15)"},
		{greeting, "Complete, WITH_DATA (31)"},
		{"> S 0; < RA 0 ack 1", "Incomplete (37)"},
		{"> PA 1 len 4 ack 1", "Incomplete (0)"}, // Wireshark waits for a second segment
		{"> PA 1 len 4 ack 1; < A 1 ack 5", "Incomplete (12)"},
	} {
		_, ended := follow(t, tt.script)
		if got := ended[0].Seen.Text(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.script, got, tt.want)
		}
	}
}

func TestBytesAreCountedOnce(t *testing.T) {
	_, ended := follow(t, "> S 0; < SA 0 ack 1; > A 1 ack 1; > PA 1 len 10 ack 1; > PA 1 len 10 ack 1 @300; > PA 21 len 10 ack 1; > PA 11 len 10 ack 1; > PA 5 len 40 ack 1")
	if got := ended[0].Flows[Client].Bytes; got != 44 {
		t.Errorf("%d bytes, want 44", got)
	}
}

// A retransmission repeats the latest segment that brought the same byte, whatever
// Wireshark counts its timer from.
func TestAgainOf(t *testing.T) {
	const open = "> S 0; < SA 0 ack 1; > A 1 ack 1; "
	for _, tt := range []struct {
		script    string
		want, rto int
	}{
		{open + "> PA 1 len 4 ack 1; > PA 5 len 4 ack 1; > PA 5 len 4 ack 1 @300", 5, 4},
		{open + "> PA 1 len 4 ack 1; > PA 5 len 4 ack 1; > PA 5 len 4 ack 1 @300; > PA 5 len 4 ack 1 @900", 6, 4},
		{open + "> PA 1 len 4 ack 1; > PA 5 len 4 ack 1; > PA 3 len 6 ack 1 @300", 4, 4},
		{"> S 0; > S 0 @1000", 1, 1},
		{open + "> PA 1 len 4 ack 1; < A 1 ack 5; > PA 1 len 4 ack 1 @300", 0, 0},
	} {
		events, _ := follow(t, tt.script)
		e := events[len(events)-1]
		if e.AgainOf != tt.want || e.RTOFrame != tt.rto || (e.AgainAfter.Nanoseconds() > 0) != (tt.want > 0) {
			t.Errorf("%s: repeats #%d, timer from #%d, want #%d and #%d", tt.script, e.AgainOf, e.RTOFrame, tt.want, tt.rto)
		}
	}
}

func TestInitialRTT(t *testing.T) {
	_, ended := follow(t, "> S 0 @0; > S 0 @1000; < SA 0 ack 1 @1030; > A 1 ack 1 @1031.5")
	if got := ended[0].InitialRTT; got != (capture.Span{Nsec: 31_500_000}) {
		t.Errorf("%v, want 31.5 ms from the last SYN to the ACK", got)
	}
}

func TestWindowScale(t *testing.T) {
	for _, tt := range []struct {
		script string
		scale  int32
		size   uint32
	}{
		{"> S 0 wscale 7; < SA 0 ack 1 wscale 2; > A 1 ack 1 win 10", 128, 1280},
		{"> S 0 wscale 7; < SA 0 ack 1; > A 1 ack 1 win 10", ScaleUnused, 10},
		{"> PA 1 len 1 ack 1 win 10", ScaleUnknown, 10},
		{"> S 0 wscale 15; < SA 0 ack 1 wscale 0; > A 1 ack 1 win 1", 1 << 14, 1 << 14},
	} {
		events, _ := follow(t, tt.script)
		e := events[len(events)-1]
		if e.WindowScale != tt.scale || e.WindowSize != tt.size {
			t.Errorf("%s: scale %d, size %d, want %d, %d", tt.script, e.WindowScale, e.WindowSize, tt.scale, tt.size)
		}
	}
}

// away moves segments to other ports, and so to another conversation, ten seconds
// later: none is to look like a copy of another.
func away(list []*decode.Segment, by int) {
	for _, s := range list {
		s.Time.Sec += 10
		if s.DstPort != 6000 {
			s.DstPort = 10000 + uint16(by)
		} else {
			s.SrcPort = 10000 + uint16(by)
		}
	}
}

func TestLateSegmentsFindTheirConversation(t *testing.T) {
	for _, others := range []int{0, maxClosed - 1, maxClosed + 5, maxClosed + maxRemainders - 1} {
		ended := 0
		tr := NewTracker(Config{OnEnd: func(*Conversation) { ended++ }})
		var ev Event
		add := func(script string, by int) {
			list := parse(t, script)
			for _, s := range list {
				s.Time.Sec += 10 * int64(by)
			}
			away(list, by)
			for _, s := range list {
				tr.Add(s, &ev)
			}
		}
		add(greeting, 0)
		states := ev.After
		for i := range others {
			add(greeting, 1+i)
		}
		late := parse(t, greeting+"; > A 6 ack 11 @900000000")
		s := late[len(late)-1]
		away([]*decode.Segment{s}, 0)
		tr.Add(s, &ev)
		c := ev.Conversation
		if c.Stream != 0 || ev.Seq != 6 || ev.Ack != 11 || ev.After != states || c.Guessed || tr.Forgotten() != 0 {
			t.Errorf("%d others: stream %d, seq %d, ack %d, states %v, guessed %v, forgotten %d; want 0, 6, 11, %v, false, 0",
				others, c.Stream, ev.Seq, ev.Ack, ev.After, c.Guessed, tr.Forgotten(), states)
		}
		if tr.Finish(); ended != others+1 || tr.Streams() != others+1 {
			t.Errorf("%d others: %d were handed on, of %d streams", others, ended, tr.Streams())
		}
	}
}

func TestForgottenIsSaidWhereALateSegmentShowsIt(t *testing.T) {
	tr := NewTracker(Config{})
	var ev Event
	list := parse(t, greeting)
	for i := range maxClosed + maxRemainders + 1 {
		away(list, i)
		for _, s := range list {
			tr.Add(s, &ev)
		}
	}
	if tr.Forgotten() != 0 {
		t.Errorf("forgotten %d before a late segment", tr.Forgotten())
	}
	away(list, 0)
	if tr.Add(list[len(list)-1], &ev); tr.Forgotten() != 1 {
		t.Errorf("forgotten %d, want 1", tr.Forgotten())
	}
}

func TestConclude(t *testing.T) {
	ended := 0
	tr := NewTracker(Config{OnEnd: func(*Conversation) { ended++ }})
	var ev Event
	for _, s := range parse(t, greeting) {
		tr.Add(s, &ev)
	}
	if !ev.Closes || ended != 0 {
		t.Fatalf("closes %v, ended %d before it was concluded", ev.Closes, ended)
	}
	tr.Conclude(ev.Conversation)
	if ended != 1 || ev.Conversation.Verdict.Name != Fine {
		t.Errorf("ended %d, verdict %q", ended, ev.Conversation.Verdict.Name)
	}
	if tr.Finish(); ended != 1 {
		t.Errorf("ended %d times, want once", ended)
	}
}

func TestAddDoesNotAllocate(t *testing.T) {
	list := parse(t, greeting)
	tr := NewTracker(Config{})
	var ev Event
	n := 0
	round := func() {
		n = (n + 1) % 50000
		away(list, n) // whoever was there before is forgotten, its memory used again
		for _, s := range list {
			tr.Add(s, &ev)
		}
	}
	for range 2 * (maxClosed + maxRemainders) {
		round()
	}
	if n := testing.AllocsPerRun(100, round); n > 0 {
		t.Errorf("%v allocations for a conversation", n)
	}
}

func BenchmarkAdd(b *testing.B) {
	list := parse(b, greeting)
	tr := NewTracker(Config{})
	var ev Event
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s := list[i%len(list)]
		if i%len(list) == 0 {
			away(list, i/len(list)%50000)
		}
		tr.Add(s, &ev)
	}
}
