package conversation

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// twice reads segments a second time, knowing what a first reading has found out
// of each frame, as the story of a file is told (see pipeline.Foreknow).
func twice(list []*decode.Segment) []step {
	_, _, settled := follows(list, nil)
	events, _, _ := follows(list, func(frame int, side Side) (state State, proved, ok bool) {
		for _, s := range settled {
			if s.Frame == frame && s.Side == side {
				state, proved, ok = s.State, s.Proved, true
			}
		}
		return state, proved, ok
	})
	return events
}

// TestFigures holds the account to the figures of RFC 9293 §3.5 and §3.6: for
// each of their lines that carries a segment the states of both ends, TCP Peer A
// first. "none" stands where a capture cannot know, as for (REBOOT) and (??).
func TestFigures(t *testing.T) {
	for _, tt := range []struct {
		figure int
		title  string
		script string // as captured beside A, which is the client unless it says otherwise
		lines  []string
	}{
		{6, "basic three-way handshake", "> S 100; < SA 300 ack 101; > A 101 ack 301; > A 101 ack 301 len 5", []string{
			"2. SYN-SENT/SYN-RECEIVED", "3. ESTABLISHED/SYN-RECEIVED", "4. ESTABLISHED/ESTABLISHED", "5. ESTABLISHED/ESTABLISHED"}},
		// Line 2 has not got to B when B sends line 3, nor has line 5 when B sends line 6.
		{7, "simultaneous connection synchronization", "> S 100; < S 300 @1.5; > SA 100 ack 301; < SA 300 ack 101 @3", []string{
			"2. SYN-SENT/CLOSED", "3. SYN-RECEIVED/SYN-SENT", "5. SYN-RECEIVED/SYN-RECEIVED", "6, 7. ESTABLISHED/ESTABLISHED"}},
		// Beside A the old duplicate of line 3 is not seen, nor when line 6 arrives.
		{8, "recovery from old duplicate SYN", "> S 100; < SA 300 ack 91; > R 91; < SA 400 ack 101; > A 101 ack 401", []string{
			"2. SYN-SENT/none", "4. SYN-SENT/SYN-RECEIVED", "5. SYN-SENT/LISTEN", "7. ESTABLISHED/SYN-RECEIVED", "8. ESTABLISHED/ESTABLISHED"}},
		// The same beside B; Wireshark begins a stream with line 6.
		{8, "the same, beside B", "> S 90; < SA 300 ack 91; > R 91; > S 100; < SA 400 ack 101; > A 101 ack 401", []string{
			"3. SYN-SENT/SYN-RECEIVED", "4. CLOSED/SYN-RECEIVED", "5. CLOSED/LISTEN", "6. SYN-SENT/SYN-RECEIVED", "7. ESTABLISHED/SYN-RECEIVED", "8. ESTABLISHED/ESTABLISHED"}},
		// The connection that A has forgotten was captured, too: the first two segments.
		{9, "half-open connection discovery", "> A 90 ack 300 len 10; < A 300 ack 100; > S 400; < A 300 ack 100; > R 100; > S 400", []string{
			"ESTABLISHED/none", "ESTABLISHED/ESTABLISHED", "3. SYN-SENT/none", "4. SYN-SENT/ESTABLISHED", "5. SYN-SENT/CLOSED", "7. SYN-SENT/CLOSED"}},
		{10, "active side causes half-open connection discovery", "< A 300 ack 100 len 10; > R 100", []string{
			"2. none/ESTABLISHED", "3. CLOSED/CLOSED"}},
		// Line 2 is in A's name, and not A's own: its TTL tells. A may listen, or not.
		{11, "old duplicate SYN initiates a reset on two passive sockets", "> S 0 ttl 99; < SA 0 ack 1 ttl 64; > R 1 ttl 55", []string{
			"2. SYN-SENT/SYN-RECEIVED", "3. CLOSED/SYN-RECEIVED", "4. CLOSED/LISTEN"}},
		{12, "normal close sequence", "> A 98 ack 299 len 2; < A 299 ack 100 len 1; > FA 100 ack 300; < A 300 ack 101; < FA 300 ack 101; > A 101 ack 301", []string{
			"ESTABLISHED/none", "1. ESTABLISHED/ESTABLISHED", "2. FIN-WAIT-1/CLOSE-WAIT", "3. FIN-WAIT-2/CLOSE-WAIT", "4. TIME-WAIT/LAST-ACK", "5. TIME-WAIT/CLOSED"}},
		// The first FIN has not got to B when B sends its own.
		{13, "simultaneous close sequence", "> A 98 ack 299 len 2; < A 299 ack 100 len 1; > FA 100 ack 300; < FA 300 ack 100 @3.3; > A 101 ack 301; < A 301 ack 101", []string{
			"ESTABLISHED/none", "1. ESTABLISHED/ESTABLISHED", "2. FIN-WAIT-1/ESTABLISHED", "2. CLOSING/CLOSING", "3. CLOSING/TIME-WAIT", "4. TIME-WAIT/TIME-WAIT"}},
	} {
		holdFigure(t, fmt.Sprintf("figure %d, %s", tt.figure, tt.title), twice(parse(t, tt.script)), tt.lines)
	}
}

// holdFigure compares the events with lines of a figure: its number, where it has
// one, and the states.
func holdFigure(t *testing.T, name string, events []step, lines []string) {
	t.Helper()
	if len(events) != len(lines) {
		t.Errorf("%s: %d segments, %d lines", name, len(events), len(lines))
		return
	}
	for i := range events {
		e := &events[i]
		want := lines[i][strings.LastIndexByte(lines[i], ' ')+1:]
		if got := strings.ReplaceAll(fmt.Sprintf("%v/%v", e.After[Client], e.After[Server]), "?", "none"); got != want {
			t.Errorf("%s, segment %d (line %s): %s", name, i+1, lines[i], got)
		}
	}
}

// TestFiguresOnARealKernel is TestFigures with recordings of a real TCP, up to where
// each figure ends.
func TestFiguresOnARealKernel(t *testing.T) {
	for _, tt := range []struct {
		figure, file string
		from         int // the first segment that counts
		lines        []string
	}{
		{"6", "abort", 1, []string{"2. SYN-SENT/SYN-RECEIVED", "3. ESTABLISHED/SYN-RECEIVED", "4. ESTABLISHED/ESTABLISHED"}},
		{"7", "simultaneous-open", 1, []string{"2. SYN-SENT/CLOSED", "3. SYN-RECEIVED/SYN-SENT"}},
		{"8", "old-duplicate-server", 1, []string{
			"3. SYN-SENT/SYN-RECEIVED", "4. CLOSED/SYN-RECEIVED", "5. CLOSED/LISTEN", "6. SYN-SENT/SYN-RECEIVED"}},
		{"9", "half-open-reconnect", 6, []string{"3. SYN-SENT/none", "4. SYN-SENT/ESTABLISHED", "5. SYN-SENT/CLOSED", "7. SYN-SENT/SYN-RECEIVED"}},
		{"13", "simultaneous-close", 10, []string{"2. FIN-WAIT-1/ESTABLISHED", "2. CLOSING/CLOSING", "3. CLOSING/TIME-WAIT", "4. TIME-WAIT/TIME-WAIT"}},
	} {
		segments := read(t, filepath.Join("../../testdata/trouble", tt.file+".pcapng")).segments()
		list := make([]*decode.Segment, len(segments))
		for i := range segments {
			list[i] = &segments[i]
		}
		events := twice(list)[tt.from-1:]
		holdFigure(t, "figure "+tt.figure+" in "+tt.file, events[:min(len(events), len(tt.lines))], tt.lines)
	}
}
