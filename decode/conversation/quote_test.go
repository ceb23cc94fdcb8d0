package conversation

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// What an ICMP error says of a SYN, by type and code.
func TestQuotedSYN(t *testing.T) {
	for _, test := range []struct {
		version, kind, code uint8
		name                string
	}{
		{4, 3, 0, Unreachable}, {4, 3, 1, Unreachable}, {4, 3, 2, Unreachable}, {4, 3, 7, Unreachable},
		{4, 3, 3, Filtered}, {4, 3, 9, Filtered}, {4, 3, 10, Filtered}, {4, 3, 13, Filtered},
		{4, 11, 0, Unreachable}, {4, 11, 1, Unreachable}, {4, 12, 0, Unreachable},
		{4, 3, 4, PathMTU}, {6, 2, 0, PathMTU},
		{6, 1, 0, Unreachable}, {6, 1, 3, Unreachable}, {6, 3, 0, Unreachable}, {6, 4, 1, Unreachable},
		{6, 1, 1, Filtered}, {6, 1, 4, Filtered}, {6, 1, 5, Filtered}, {6, 1, 6, Filtered},
	} {
		c := quoted(t, "> S 0; > S 0 @1000; > S 0 @3000", 0, &decode.Quote{Version: test.version, Type: test.kind, Code: test.code})
		if c.Verdict.Name != test.name || strings.Contains(c.Verdict.Text, "nothing came back") {
			t.Errorf("ICMP version %d, %d/%d: %s: %s, want %s", test.version, test.kind, test.code, c.Verdict.Name, c.Verdict.Text, test.name)
		}
	}
}

// A redirect and a source quench are no errors: the packet went on.
func TestQuotedForAdvice(t *testing.T) {
	for _, kind := range []uint8{4, 5} {
		c := quoted(t, "> S 0; < SA 0 ack 1; > A 1 ack 1; > A 1 ack 1 len 10; < A 1 ack 11", 0, &decode.Quote{Version: 4, Type: kind})
		if c.Verdict.Name != StillGoing || !strings.Contains(c.Verdict.Text, "no error") {
			t.Errorf("type %d: %s: %s", kind, c.Verdict.Name, c.Verdict.Text)
		}
	}
}

// An ICMP error that quotes what was never sent rejects nothing.
func TestQuotedUnsent(t *testing.T) {
	list := parse(t, "> S 0; < SA 0 ack 1; > A 1 ack 1; > A 1 ack 1 len 10; > A 5000 ack 1 len 10")
	c := withQuote(t, list[:4], list[4], &decode.Quote{Version: 4, Type: 3, Code: 1})
	if c.Verdict.Name == RejectedOnTheWay || !strings.Contains(c.Verdict.Text, "forged") {
		t.Errorf("%s: %s", c.Verdict.Name, c.Verdict.Text)
	}
}

// quoted follows a script, with an ICMP error behind it about one of its segments.
func quoted(t testing.TB, script string, about int, q *decode.Quote) *Conversation {
	list := parse(t, script)
	return withQuote(t, list, list[about], q)
}

func withQuote(t testing.TB, list []*decode.Segment, about *decode.Segment, q *decode.Quote) (c *Conversation) {
	t.Helper()
	tracker := NewTracker(Config{OnEnd: func(ended *Conversation) { c = ended }})
	for _, s := range list {
		if !tracker.Add(s, new(Event)) {
			t.Fatalf("segment %d was not tracked", s.Number)
		}
	}
	quote := *about
	quote.Number = len(list) + 1
	quote.Header = make([]byte, 20)
	q.Src, q.Text = netip.MustParseAddr("203.0.113.1"), "told"
	tracker.Quote(q, &quote)
	tracker.Finish()
	return c
}
