package conversation

import (
	"fmt"
	"regexp"
	"testing"
)

// What is said of handshakes and resets that went another way than most, and what
// must not be said.
func TestTroubledHandshakes(t *testing.T) {
	const open = "> S 0; < SA 0 ack 1; > A 1 ack 1; "
	const closed = open + "< FA 1 ack 1; > FA 1 ack 2; < A 2 ack 2; "
	for _, tt := range []struct{ name, script, want, says, not string }{
		{"challenge ACK, and the RST comes again", open + "> PA 1 len 3 ack 1; < A 1 ack 4; < R 101; > A 4 ack 1; < R 1",
			"aborted [6 7 8]", "challenge ACK.*5961", "forged|said nothing|knows nothing"},
		{"the same of a client", open + "> PA 1 len 3 ack 1; < A 1 ack 4; > R 500; < A 1 ack 4; > RA 4 ack 1",
			"aborted [6 7 8]", "by the client.*challenge ACK", "forged|crash"},
		{"an RST long after the challenge ACK is no answer to it", open + "< R 101; > A 1 ack 1; < R 1 @9000",
			"aborted [4 5 6]", "may be forged", "asked by a challenge"},
		{"the same after a lost SYN", "> S 0; > S 0 @1000; < SA 0 ack 1; > A 1 ack 1; < R 101; > A 1 ack 1; < R 1",
			"SYN lost [1 2 5 6 7]", "challenge ACK asked", "forged"},
		{"a bare RST of a server that had acknowledged data", open + "> PA 1 len 3 ack 1; < A 1 ack 4; > PA 4 len 3 ack 1 @9000; < R 1",
			"half-open [6 7]", "crash", "said nothing|third step"},
		{"a bare RST of a client that had acknowledged the SYN+ACK", open + "< PA 1 len 3 ack 1 @9000; > R 1", "half-open [4 5]", "crash", "third step"},
		{"a bare RST to a late third step", "> S 0; < SA 0 ack 1; > A 1 ack 1 @90000; < R 1", "half-open [2 3 4]", "given up waiting.*90 s", ""},
		{"SYN+ACK repeated, and the late ACK rejected", "> S 0; < SA 0 ack 1; < SA 0 ack 1 @1000; < SA 0 ack 1 @3000; > A 1 ack 1 @9000; < R 1",
			"SYN+ACK lost [1 3 5 6]", "at last the server answered by an RST", ""},
		{"an RST ends what began with a lost SYN", "> S 0; > S 0 @1000; < SA 0 ack 1; > A 1 ack 1; > RA 1 ack 1", "SYN lost [1 2 5]", "at last the client aborted", ""},
		{"the server gives up", "> S 0; < SA 0 ack 1; < SA 0 ack 1 @1000; < SA 0 ack 1 @3000; < RA 1 ack 1 @7000",
			"half-open [1 2 5]", "gave up by an RST", "refused|came again"},
		{"refused three times", "> S 0; < RA 0 ack 1; > S 0 @500; < RA 0 ack 1; > S 0 @1000; < RA 0 ack 1", "refused [1 2 5 6]", "3 RSTs", "without an answer"},
		{"refused at the third SYN", "> S 0; > S 0 @1000; > S 0 @3000; < RA 0 ack 1", "refused [1 3 4]", "2 SYNs before that stayed without an answer", "RSTs"},
		{"an RST to a SYN+ACK that came late", "> S 0; > S 0 @1000; < SA 0 ack 1 @6000; > R 1", "aborted [2 3 4]", "given up waiting", "port scan"},
		{"TIME-WAIT answers the SYN", closed + "> S -90000 @5000; < A 2 ack 2; > R 2; > S -90000 @6000; < SA 300000 ack -89999; > A -89999 ack 300001",
			"older connection [7 8 9 11]", "TIME-WAIT", ""},
		{"RSTs in both directions", open + "> PA 1 len 3 ack 1; < A 1 ack 4; < RA 1 ack 4 @9000; > RA 4 ack 1 @9000",
			"aborted [6 7]", "device on the way reset both", "after the end"},
		{"SYNs cross, as the time between them shows", "> S 0; < S 0 @1.1; > SA 0 ack 1 @20; < A 1 ack 1 @40", "simultaneous open [1 2 3 4]", "crossed", "was the answer"},
		{"a SYN in answer to a SYN", "> S 0; < S 0 @20; > SA 0 ack 1 @21; < A 1 ack 1 @40", "split handshake [1 2 3 4]", "was the answer", "crossed"},
		{"the data in the SYN is not taken", "> S 0 len 5; < SA 0 ack 1; > PA 1 len 5 ack 1; < A 1 ack 6",
			"open [1 2 3]", "did not take it.*sent the data again", "repeated"},
		{"the data in the SYN is taken", "> S 0 len 5; < SA 0 ack 6; > A 6 ack 1", "open [1 2 3]", "", "not take"},
		{"some of the data in the SYN is taken", "> S 0 len 100; < SA 0 ack 51; > PA 51 len 50 ack 1; < A 1 ack 101",
			"open [1 2 3]", "took 50 bytes of it.*the rest again", "repeated"},
		{"an RST right behind the client's FIN", open + "> FA 1 ack 1; < PA 1 len 9 ack 1; < PA 10 len 9 ack 1; > R 1; > R 1",
			"aborted [4 7 8]", "a FIN, then an RST", "fine so far|ignored"},
		{"an RST after data that was never acknowledged", open + "> PA 1 len 3 ack 1; > PA 1 len 3 ack 1 @300; > PA 1 len 3 ack 1 @900; < R 1 @3000",
			"aborted [4 6 7]", "had not acknowledged", "said nothing"},
		{"another SYN while the server answers the one before", "> S 0; < SA 0 ack 1; > S 100000 @1000; < SA 0 ack 1; > R 1; > S 100000 @2000; < SA 90000 ack 100001; > A 100001 ack 90001",
			"old duplicate SYN [3 4 5 7]", "that of stream 0", ""},
		{"a closed connection is not held", open + "> FA 1 ack 1; < FA 1 ack 2; > A 2 ack 2; > S 90000 @3000; > S 90000 @4000; < SA 80000 ack 90001; > A 90001 ack 80001",
			"SYN lost [7 8]", "", "not closed"},
		{"an unanswered SYN holds nothing", "> S 0; > S 90000 @3000; > S 90000 @4000; > S 90000 @6000", "filtered [2 4]", "", "not closed"},
		{"an open one may be held", open + "> S 90000 @3000; > S 90000 @4000; > S 90000 @6000", "port reused [4 6]", "not closed", ""},
		{"a window of 0 in the SYN+ACK", "> S 0; < SA 0 ack 1 win 0; > A 1 ack 1; < A 1 ack 1 win 500 @90", "window stalled [2 4]", "SYN.ACK already", "does not read"},
		{"a proxy that finds the server closed", "> S 0 ttl 64; < SA 0 ack 1 ttl 64; > A 1 ack 1 ttl 64; < RA 1 ack 1 ttl 50 @90",
			"reset in another's name [2 3 4]", "or the SYN.ACK was", ""},
		{"forged RSTs do not keep the ends from going on", open + "< R 100; > A 1 ack 1; < R 200; > A 1 ack 1; < R 300; > A 1 ack 1; < R 400; > A 1 ack 1; > PA 1 len 3 ack 1; < A 1 ack 4",
			"open [1 2 3 4 5 10]", "4 RSTs.*ignored", "neither end"},
		{"an exact RST with another TTL, survived", "> S 0; < SA 0 ack 1 ttl 50; > A 1 ack 1; < R 1 ttl 99 @500; > PA 1 len 3 ack 1 @1500; < A 1 ack 4 ttl 50",
			"open [1 2 3 4]", "its TTL is 99", "device"},
		{"an RST with a TTL one lower", "> S 0; < SA 0 ack 1 ttl 50; > A 1 ack 1; > PA 1 len 3 ack 1; < A 1 ack 4 ttl 50; < RA 1 ack 4 ttl 49 @500",
			"reset in another's name [2 4 6]", "route that has changed", ""},
		{"an RST with another first TTL", "> S 0; < SA 0 ack 1 ttl 118; > A 1 ack 1; > PA 1 len 3 ack 1; < A 1 ack 4 ttl 118; < RA 1 ack 4 ttl 245 @500",
			"reset in another's name [2 4 6]", "itself may have sent it", "route"},
		{"a SYN+ACK rejected, and the same SYN again", "> S 0; < SA 0 ack 1; > R 1; > S 0 @1000; < SA 70000 ack 1; > A 1 ack 70001",
			"open [2 3 4 5 6]", "rejected the SYN.ACK", ""},
		{"an ACK that was on its way when the server reset", "> S 0; < SA 0 ack 1 @20; < R 1 @21; > A 1 ack 1 @41", "aborted [1 2 3]", "by the server", "went on"},
		{"an RST that counts if what came before was lost", open + "> PA 1 len 3 ack 1; > R 1 @3000", "open [1 2 3 5]", "if what was sent before it has arrived", ""},
		{"an RST of the connection that was open", open + "> S 70000 @1000; < RA 1 ack 1", "older connection [4 5]", "stream 0", "miscounts"},
		{"an RST to an answer that is none", "> S 0; < FA 0 ack 1; > R 1", "aborted [1 2 3]", "without SYN", "gave up"},
		{"two kinds of RSTs to a SYN", "> S 0; < R 0; < RA 0 ack 1", "refused [1 2 3]", "#2.*ignored", ""},
		{"SYN and FIN are no data", "> SF 0; < SA 0 ack 1; > R 1", "aborted [1 2 3]", "", "data"},
		{"a third step without signature", "> S 0 signed; < SA 0 ack 1 signed; > A 1 ack 1; < SA 0 ack 1 signed @1000; > A 1 ack 1; < SA 0 ack 1 signed @3000; > A 1 ack 1",
			"last ACK not taken [2 3 4 6]", "no signature", "lost on the way"},
	} {
		_, ended := follow(t, tt.script)
		c := &ended[len(ended)-1]
		if got := fmt.Sprint(c.Verdict.Name, " ", c.Verdict.Frames); got != tt.want {
			t.Errorf("%s: %s, want %s (%s)", tt.name, got, tt.want, c.Verdict.Text)
		}
		if !regexp.MustCompile(tt.says).MatchString(c.Verdict.Text) || tt.not != "" && regexp.MustCompile(tt.not).MatchString(c.Verdict.Text) {
			t.Errorf("%s: %q is to say %q and not %q", tt.name, c.Verdict.Text, tt.says, tt.not)
		}
	}
}

// The same of what single segments are said to be.
func TestTroubledSegments(t *testing.T) {
	const open = "> S 0; < SA 0 ack 1; > A 1 ack 1; "
	for _, tt := range []struct {
		script    string
		frame     int
		says, not string
	}{
		{open + "< R 101; > A 1 ack 1; < R 1", 6, "answers the challenge ACK", "knows nothing"},
		{"> S 0; < RA 0 ack 1; > S 0 @500", 3, "an RST has refused", "no SYN\\+ACK"},
		{"> S 0; < S 0; > RA 1 ack 1", 3, "answers the server's SYN", "nobody listens"},
		{"> S 0; < SA 0 ack 1; > RA 1 ack 1", 3, "rejects the SYN\\+ACK", "data on the way"},
		{"> S 0; < SA 0 ack 1; < SA 0 ack 1 @1000; < RA 1 ack 1 @7000", 4, "gives up", "refused"},
		{"> F 0; < RA 0 ack 1", 2, "knows of no connection", "data on the way"},
		{"> S 0 len 5; < SA 0 ack 1; > PA 1 len 5 ack 1", 3, "not taken all of the data in the SYN", "lost"},
		{open + "> S 0; < A 1 ack 1", 5, "answers the SYN", "repeats its ACK"},
		{open + "< PA 1 len 3 ack 1; > A 1 ack 4; < SA 0 ack 1", 6, "later than it was sent", "no ACK of it"},
		{open + "> FA 1 ack 1; < PA 1 len 9 ack 1; > R 1", 6, "takes nothing more", "dropped"},
		{"> S 0; < SA 0 ack 1; < RA 1 ack 1", 3, "aborts", "gives up"},
		{open + "> PA 1 len 3 ack 1; > R 1 @3000", 5, "if what was sent before", "lies outside"},
		{open + "> RA 1 ack 1; < SA 0 ack 1 @1000", 4, "", "rejects the SYN"},
		{"> SF 0", 1, "FIN", "data"},
		{open + "> S 70000; < A 1 ack 1; > PA 1 len 5 ack 1", 6, "", "out of order|completes"},
		{open + "< FA 1 ack 1; > FA 1 ack 2; < A 2 ack 2; > S -90000 @5000; < A 2 ack 2", 8, "not x \\+ 1", "x \\+ 1 \\+"},
	} {
		events, _ := follow(t, tt.script)
		got := events[tt.frame-1].Sentence()
		if !regexp.MustCompile(tt.says).MatchString(got) || tt.not != "" && regexp.MustCompile(tt.not).MatchString(got) {
			t.Errorf("%s: #%d: %q is to say %q and not %q", tt.script, tt.frame, got, tt.says, tt.not)
		}
	}
}

// A server that sends the SYN+ACK of before again has not got the RST.
func TestRSTThatHadNotArrived(t *testing.T) {
	_, ended := follow(t, "> S 0; < SA 0 ack 1 @30000; > R 1")
	if c := &ended[0]; c.States[Server] != Listen {
		t.Errorf("after the RST: %s, want LISTEN", c.States[Server])
	}
	events, _ := follow(t, "> S 0; < SA 0 ack 1 @30000; > R 1; < SA 0 ack 1 @31000")
	for _, s := range events[3].Settled {
		if s.Side == Server && s.Frame == 3 && s.State == SynReceived && s.Proved {
			return
		}
	}
	t.Errorf("settled %v, want SYN-RECEIVED after the RST", events[3].Settled)
}
