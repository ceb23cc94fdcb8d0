package conversation

import (
	"fmt"
	"strings"
	"testing"
)

func TestHandshakeSteps(t *testing.T) {
	const rest = "; > PA 1 len 4 ack 1; < A 1 ack 5"
	for _, tt := range []struct{ name, script, want string }{
		{"three steps", "> S 0; < SA 0 ack 1; > A 1 ack 1" + rest, "client SYN #1 ×1, server SYN+ACK #2 ×1, client ACK #3"},
		{"SYN again", "> S 0; > S 0 @1000; < SA 0 ack 1; > A 1 ack 1", "client SYN #2 ×2, server SYN+ACK #3 ×1, client ACK #4"},
		{"SYN+ACK again", "> S 0; < SA 0 ack 1; < SA 0 ack 1 @1000; > A 1 ack 1", "client SYN #1 ×1, server SYN+ACK #2 ×2, client ACK #4"},
		{"another one's SYN+ACK before", "> S 0; < SA 0 ack 77; > R 77; < SA 900 ack 1; > A 1 ack 901", "client SYN #1 ×1, server SYN+ACK #4 ×2, client ACK #5"},
		{"SYNs cross", "> S 0; < S 0; > SA 0 ack 1; < SA 0 ack 1; > A 1 ack 1",
			"client SYN #1 ×1, server SYN #2 ×1, client SYN+ACK #3, server SYN+ACK #4 ×1"},
		{"split", "> S 0; < S 0; > SA 0 ack 1; < A 1 ack 1" + rest, "client SYN #1 ×1, server SYN #2 ×1, client SYN+ACK #3, server ACK #4"},
		{"a SYN of the server's in an open connection", "> S 0; < SA 0 ack 1; > A 1 ack 1; < S 0 @500", "client SYN #1 ×1, server SYN+ACK #2 ×1, client ACK #3"},
		{"no answer", "> S 0", "client SYN #1 ×1"},
		{"late", "> PA 1 len 4 ack 1", ""},
	} {
		_, ended := follow(t, tt.script)
		var got []string
		for _, s := range ended[0].Steps(nil) {
			text := fmt.Sprintf("%v %v #%d", s.From, s.Step, s.Frame)
			if s.Sent > 0 {
				text += fmt.Sprintf(" ×%d", s.Sent)
			}
			if !s.Time.Known {
				t.Errorf("%s: #%d has no time", tt.name, s.Frame)
			}
			got = append(got, text)
		}
		if text := strings.Join(got, ", "); text != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, text, tt.want)
		}
	}
}

// A SYN+ACK that acknowledges the peer's SYN, and has the number of one's own, is
// no repetition.
func TestRetransmitted(t *testing.T) {
	for _, tt := range []struct {
		script string
		want   [2]int
	}{
		{"> S 0; < S 0; > SA 0 ack 1; < SA 0 ack 1", [2]int{0, 0}},
		{"> S 0; < S 0; > SA 0 ack 1; < SA 0 ack 1; < SA 0 ack 1 @1000", [2]int{0, 1}},
		{"> S 0; > S 0 @1000; < SA 0 ack 1; < SA 0 ack 1 @2000; > A 1 ack 1", [2]int{1, 1}},
		{"> S 0; < S 0; > SA 0 ack 1; > SA 0 ack 1 @1000; < A 1 ack 1", [2]int{1, 0}},
	} {
		_, ended := follow(t, tt.script)
		if got := [2]int{ended[0].Flows[Client].Retransmitted, ended[0].Flows[Server].Retransmitted}; got != tt.want {
			t.Errorf("%s: %d, want %d", tt.script, got, tt.want)
		}
	}
}

func TestEndFrame(t *testing.T) {
	const open = "> S 0; < SA 0 ack 1; > A 1 ack 1; "
	for _, tt := range []struct {
		name, script string
		want         int
	}{
		{"closed by FINs", greeting, 10},
		{"an RST that does not count, and one that does", open + "> R 500; < A 1 ack 1; > R 1", 6},
		{"refused", "> S 0; < RA 0 ack 1", 2},
		{"FIN, then RST", open + "> FA 1 ack 1; < A 1 ack 2; < R 1", 6},
		{"half closed", open + "> FA 1 ack 1; < A 1 ack 2", 0},
		{"open", open, 0},
	} {
		_, ended := follow(t, strings.TrimSuffix(tt.script, "; "))
		if got := ended[0].EndFrame(); got != tt.want {
			t.Errorf("%s: #%d, want #%d", tt.name, got, tt.want)
		}
	}
}

// A copy stays as it is when the conversation is used again.
func TestKeep(t *testing.T) {
	var kept Conversation
	tr := NewTracker(Config{OnEnd: func(c *Conversation) {
		if c.Stream == 0 {
			kept.Keep(c)
		}
	}})
	for _, script := range []string{"> S 0; < S 0; > SA 0 ack 1; < SA 0 ack 1; > RA 1 ack 1", "> S 77 @500000; < RA 0 ack 78"} {
		var ev Event
		for _, s := range parse(t, script) {
			tr.Add(s, &ev)
		}
	}
	tr.Finish()
	if got := len(kept.Steps(nil)); got != 4 || kept.EndFrame() != 5 {
		t.Errorf("%d steps, ended by #%d", got, kept.EndFrame())
	}
}
