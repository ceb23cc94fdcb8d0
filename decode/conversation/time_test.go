package conversation

import (
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

// followAt is follow with times in seconds and nanoseconds, one a segment.
func followAt(t *testing.T, script string, times ...capture.Span) (events []Event, ended []Conversation) {
	t.Helper()
	tr := NewTracker(Config{OnEnd: func(c *Conversation) { ended = append(ended, *c) }})
	for i, s := range parse(t, script) {
		s.Time = capture.Time{Sec: times[i].Sec, Nsec: times[i].Nsec, Digits: 9, Known: true}
		var ev Event
		tr.Add(s, &ev)
		events = append(events, ev)
	}
	tr.Finish()
	return events, ended
}

// More than 64 bits of nanoseconds hold, which is 292 years.
const long = 10_000_000_000

func TestTimesCenturiesApart(t *testing.T) {
	events, ended := followAt(t, "> S 0; < SA 0 ack 1; > A 1 ack 1; > PA 1 len 4 ack 1; > PA 1 len 4 ack 1; < A 1 ack 5",
		capture.Span{Sec: 5}, capture.Span{Sec: 5 + long, Nsec: 2e7}, capture.Span{Sec: 5 + long, Nsec: 4e7},
		capture.Span{Sec: 6 + long}, capture.Span{Sec: 5 + 2*long, Nsec: 1}, capture.Span{Sec: 5 + 3*long})
	for _, tt := range []struct {
		what      string
		got, want capture.Span
	}{
		{"the SYN's round trip", events[1].AckRTT, capture.Span{Sec: long, Nsec: 2e7}},
		{"the initial round trip", events[2].InitialRTT, capture.Span{Sec: long, Nsec: 4e7}},
		{"the SYN+ACK's round trip", events[2].AckRTT, capture.Span{Nsec: 2e7}},
		{"what the data was sent again after", events[4].RTO, capture.Span{Sec: long - 1, Nsec: 1}},
		{"the data's round trip", events[5].AckRTT, capture.Span{Sec: 2*long - 1}},
		{"the whole", ended[0].Latest.Since(ended[0].Earliest), capture.Span{Sec: 3 * long}},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", tt.what, tt.got, tt.want)
		}
	}
	if events[4].Analysis&Retransmission == 0 || events[4].Analysis&(OutOfOrder|FastRetransmission) != 0 {
		t.Errorf("data sent again after centuries: %b", events[4].Analysis)
	}
}

// Verdicts that depend on how long something took.
func TestVerdictsOverCenturies(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		times        []capture.Span
		verdict      string
		not          string // in its text
	}{
		{"a SYN that was never answered", "> S 0; > S 0 port 40001", []capture.Span{{}, {Sec: long}}, Filtered, "too soon"},
		// 2^64 ns: a difference of 64 bits comes to less than a second again.
		{"the same, a circle of 64 bits later", "> S 0; > S 0 port 40001", []capture.Span{{}, {Sec: 18_446_744_073, Nsec: 709_551_616}}, Filtered, "too soon"},
		{"a SYN+ACK after centuries", "> S 0; < SA 0 ack 1; > A 1 ack 1; < A 1 ack 1", []capture.Span{{}, {Sec: long}, {Sec: long}, {Sec: long}}, StillGoing, ""},
		{"a SYN+ACK sent again after centuries", "> S 0; < SA 0 ack 1; < SA 0 ack 1; > A 1 ack 1", []capture.Span{{}, {}, {Sec: long}, {Sec: long, Nsec: 1}}, SYNACKLost, ""},
		{"a window that opens after centuries", "> S 0; < SA 0 ack 1; > A 1 ack 1; < A 1 ack 1 win 0; < A 1 ack 1", []capture.Span{{}, {}, {}, {}, {Sec: long}}, WindowStalled, "-"},
	} {
		_, ended := followAt(t, tt.script, tt.times...)
		v := ended[0].Verdict
		if v.Name != tt.verdict || tt.not != "" && strings.Contains(v.Text, tt.not) {
			t.Errorf("%s: %s: %s; want %s", tt.name, v.Name, v.Text, tt.verdict)
		}
	}
}

// The file's order need not be that of time.
func TestDurationOutOfOrder(t *testing.T) {
	_, ended := followAt(t, "< SA 0 ack 1; > A 1 ack 1; > S 0",
		capture.Span{Sec: 100, Nsec: 2e7}, capture.Span{Sec: 100, Nsec: 4e7}, capture.Span{Sec: 100})
	c := &ended[0]
	if c.Earliest.Sec != 100 || c.Earliest.Nsec != 0 || c.Latest.Nsec != 4e7 {
		t.Errorf("from %v to %v", c.Earliest, c.Latest)
	}
	if c.First.Nsec != 2e7 || c.FirstFrame != 1 || c.LastFrame != 3 {
		t.Errorf("first at %v in #%d, last #%d", c.First, c.FirstFrame, c.LastFrame)
	}
}

// Handshakes that are left unfinished, one every few centuries, are no flood.
func TestNoFloodOverCenturies(t *testing.T) {
	for _, apart := range []int64{long, 18_446_744_074, 27_670_116_111} {
		var script []string
		var times []capture.Span
		for i := range int64(2 * floodAt) {
			port := strconv.FormatInt(40000+i, 10)
			script = append(script, "> S 0 port "+port, "< SA 0 ack 1 port "+port)
			times = append(times, capture.Span{Sec: i * apart}, capture.Span{Sec: i * apart})
		}
		_, ended := followAt(t, strings.Join(script, ";"), times...)
		for i := range ended {
			if name := ended[i].Verdict.Name; name == SYNFlood || name == SYNCookies {
				t.Fatalf("%d s apart: %s", apart, name)
			}
		}
	}
}
