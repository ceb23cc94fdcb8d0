package conversation

import (
	"fmt"
	"strings"
	"testing"
)

// Every reception has a text of its own.
func TestReceptions(t *testing.T) {
	seen := make(map[string]bool)
	for r := NotKnown; r <= NotOfThis; r++ {
		text := r.String()
		if text == "" || seen[text] || strings.HasPrefix(text, "refused: ") != (r >= OldNumbers && r != OldIfArrived) {
			t.Errorf("reception %d is %q", r, text)
		}
		seen[text] = true
	}
	if got := len(receptionTexts); got != int(NotOfThis)+1 {
		t.Errorf("%d texts", got)
	}
}

func TestReception(t *testing.T) {
	const open = "> S 0; < SA 0 ack 1; > A 1 ack 1; "
	for _, tt := range []struct{ name, script, last string }{
		{"a SYN to an end of which nothing is known", "> S 0", "not known"},
		{"the answer", "> S 0; < SA 0 ack 1", "taken"},
		{"data", open + "> PA 1 len 4 ack 1", "taken"},
		{"a copy", open + "> PA 1 len 4 ack 1; > PA 1 len 4 ack 1 @4.5", "copy"},
		{"data again", open + "> PA 1 len 4 ack 1; < A 1 ack 5; > PA 1 len 4 ack 1 @300", "refused: old numbers"},
		{"data again that nothing has acknowledged", open + "> PA 1 len 4 ack 1; > PA 1 len 4 ack 1 @300", "not known: taken, or refused for old numbers"},
		{"a number far on", open + "> PA 5000 len 4 ack 1", "refused: beyond the window"},
		{"an RST with another number", open + "> R 500", "refused: RST in the window, answered by a challenge ACK"},
		{"an RST far away", open + "> R 5000", "refused: RST outside of the window"},
		{"an RST to a SYN, without ACK", "> S 0; < R 0", "refused: RST that does not acknowledge the SYN"},
		{"an RST after an RST", open + "> R 1; < R 1 @900", "refused: RST to an end without a connection"},
		{"a SYN in a connection", open + "< S 0 @900", "refused: old numbers"},
		{"no ACK", open + "> - 1 len 4", "refused: no ACK bit"},
		{"the wrong acknowledgment", "> S 0; < SA 0 ack 77", "refused: wrong acknowledgment number, answered by an RST"},
		{"an ACK of the SYN alone", "> S 0; < A 0 ack 1", "refused: acknowledges the SYN without a SYN"},
		{"data on its way at the reset", open + "> R 1; < PA 1 len 4 ack 1", "refused: no connection"},
	} {
		events, _ := follow(t, tt.script)
		if got := events[len(events)-1].Reception.String(); got != tt.last {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.last)
		}
	}
}

// TestAccount: the variables of RFC 9293 §3.3.1 of both ends, segment by segment.
func TestAccount(t *testing.T) {
	for _, tt := range []struct{ name, script, want string }{
		{"a SYN", "> S 0 win 500", "C una x nxt x + 1; S"},
		{"its answer", "> S 0 win 500; < SA 0 ack 1 win 600", "C una x + 1 nxt x + 1 wnd 600 rcv y + 1?; S una y nxt y + 1 rcv x + 1 room 600"},
		{"open", "> S 0; < SA 0 ack 1 win 600; > A 1 ack 1 win 700", "C una x + 1 nxt x + 1 wnd 600 rcv y + 1 room 700; S una y + 1 nxt y + 1 wnd 700 rcv x + 1 room 600"},
		{"data", "> S 0; < SA 0 ack 1 win 600; > A 1 ack 1 win 700; > PA 1 len 40 ack 1 win 700",
			"C una x + 1 nxt x + 1 + 40 wnd 600 rcv y + 1 room 700; S una y + 1 nxt y + 1 wnd 700 rcv x + 1 + 40? room 560"},
		{"an older acknowledgment", "> S 0; < SA 0 ack 1 win 600; > A 1 ack 1 win 700; > PA 1 len 40 ack 1 win 700; < A 1 ack 41 win 0; < A 1 ack 1 win 900",
			"C una x + 1 + 40 nxt x + 1 + 40 wnd 0 rcv y + 1 room 700; S una y + 1 nxt y + 1 wnd 700 rcv x + 1 + 40? room 860"},
		{"a window that shrinks", "> S 0; < SA 0 ack 1 win 600; > A 1 ack 1 win 700; > PA 1 len 40 ack 1 win 700; < A 1 ack 41 win 0",
			"C una x + 1 + 40 nxt x + 1 + 40 wnd 0 rcv y + 1 room 700; S una y + 1 nxt y + 1 wnd 700 rcv x + 1 + 40 room 0"},
		{"SYNs that cross", "> S 0; < S 0; > SA 0 ack 1; < SA 0 ack 1", "C una x + 1 nxt x + 1 wnd 1000 rcv y + 1 room 1000; S una y + 1 nxt y + 1 wnd 1000 rcv x + 1 room 1000"},
		{"a SYN+ACK again", "> S 0; < SA 0 ack 1; < SA 0 ack 1 @1000", "C una x nxt x + 1; S una y nxt y + 1 rcv x + 1 room 1000"},
		{"a scan", "> S 0; < SA 0 ack 1; > R 1", "C una x + 1 nxt x + 1 wnd 1000 rcv y + 1?; S"},
		{"no SYN", "> PA 1 len 40 ack 1; < A 1 ack 41", "C una client's first + 40 nxt client's first + 40 rcv server's first; S una server's first nxt server's first rcv client's first + 40"},
	} {
		var c *Conversation
		tr := NewTracker(Config{})
		for _, s := range parse(t, tt.script) {
			var ev Event
			tr.Add(s, &ev)
			c = ev.Conversation
		}
		if got := accountText(c, Client) + "; " + accountText(c, Server); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func accountText(c *Conversation, side Side) string {
	a := c.Account(side)
	text := "CS"[side : side+1]
	if a.HasSent {
		text += fmt.Sprintf(" una %v nxt %v", c.RuleOf(side, a.UNA), c.RuleOf(side, a.NXT))
	}
	if a.HasSendWnd {
		text += fmt.Sprintf(" wnd %d", a.SendWnd)
	}
	if a.HasReceived {
		text += fmt.Sprintf(" rcv %v", c.RuleOf(side.Other(), a.RCV))
	}
	if a.Assumed() {
		text += "?"
	}
	if a.HasRoom {
		text += fmt.Sprintf(" room %d", a.Room)
	}
	return text
}
