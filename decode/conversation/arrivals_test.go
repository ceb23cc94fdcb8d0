package conversation

import "testing"

// TestArrivals has a row for each rule of RFC 9293 §3.10.7 that an account knows:
// what becomes of the last segment of a script at the end it goes to, and the
// states after it, client first (' where it is assumed).
func TestArrivals(t *testing.T) {
	const (
		open     = "> S 0; < SA 0 ack 1; > A 1 ack 1"
		crossing = "> S 0; < S 0 @1.1"
	)
	for _, tt := range []struct {
		paragraph, rule string
		script          string
		states          string
		reception       Reception
	}{
		{"§3.10.7.1", "an RST to CLOSED is discarded",
			"> S 0; < RA 0 ack 1; < RA 0 ack 1 @300", "CLOSED'/CLOSED", ResetIdle},
		{"§3.10.7.1", "anything else is answered by an RST",
			"> S 0; < RA 0 ack 1; < SA 0 ack 1", "CLOSED'/SYN-RECEIVED", NoConnection},

		{"§3.10.7.2, first", "an RST to LISTEN is ignored",
			"> S 0; < SA 0 ack 1; > R 1; > R 1 @300", "CLOSED/LISTEN'", ResetIdle},
		{"§3.10.7.2, second", "an ACK to LISTEN is answered by an RST",
			"> S 0; < SA 0 ack 1; > R 1; > A 1 ack 1", "ESTABLISHED/LISTEN'", WrongAcknowledgment},
		{"§3.10.7.2, third", "a SYN leads to SYN-RECEIVED",
			"> S 0; < SA 0 ack 1; > R 1; > S 0", "SYN-SENT/SYN-RECEIVED'", Taken},
		{"§3.10.7.2, fourth", "anything else is dropped",
			"> S 0; < SA 0 ack 1; > R 1; > - 1 len 5", "CLOSED/LISTEN'", WithoutACK},

		{"§3.10.7.3, first", "an acknowledgment of what was not sent is answered by an RST",
			"> S 0; < SA 0 ack 77", "SYN-SENT/SYN-RECEIVED", WrongAcknowledgment},
		{"§3.10.7.3, first", "and so is one of nothing: SEG.ACK =< ISS",
			"> S 0; < SA 0 ack 0", "SYN-SENT/SYN-RECEIVED", WrongAcknowledgment},
		{"§3.10.7.3, first", "unless it is an RST: then it is dropped",
			"> S 0; < RA 0 ack 77", "SYN-SENT/?", ResetWithoutACK},
		{"§3.10.7.3, first", "data in the SYN need not be acknowledged",
			"> S 0 len 9; < SA 0 ack 1", "ESTABLISHED'/SYN-RECEIVED", Taken},
		{"§3.10.7.3, second", "an RST that acknowledges the SYN leads to CLOSED",
			"> S 0; < RA 0 ack 1", "CLOSED'/CLOSED", Taken},
		{"§3.10.7.3, second", "one without ACK is dropped",
			"> S 0; < R 0", "SYN-SENT/?", ResetWithoutACK},
		{"§3.10.7.3, third", "what lacks the signature is dropped",
			"> S 0 signed; < SA 0 ack 1", "SYN-SENT/SYN-RECEIVED", WithoutSignature},
		{"§3.10.7.3, fourth", "a SYN that acknowledges the own leads to ESTABLISHED",
			"> S 0; < SA 0 ack 1", "ESTABLISHED'/SYN-RECEIVED", Taken},
		{"§3.10.7.3, fourth", "a SYN without ACK leads to SYN-RECEIVED",
			crossing, "SYN-RECEIVED'/SYN-SENT", Taken},
		{"§3.10.7.3, fifth", "without SYN and RST it is dropped",
			"> S 0; < A 1 ack 1", "SYN-SENT/?", StrayAcknowledgment},

		{"§3.10.7.4, first", "what has been received is answered by an ACK",
			open + "; > PA 1 len 9 ack 1; < A 1 ack 10; > PA 1 len 9 ack 1 @300", "ESTABLISHED/ESTABLISHED", OldNumbers},
		{"§3.10.7.4, first", "and so is what lies beyond the window",
			"> S 0; < SA 0 ack 1 win 100; > A 1 ack 1; < A 1 ack 1 win 100; > PA 101 len 9 ack 1", "ESTABLISHED/ESTABLISHED", BeyondWindow},
		{"§3.10.7.4, first", "into a window of 0 no data gets",
			open + "; > PA 1 len 1000 ack 1; < A 1 ack 1001 win 0; > PA 1001 len 9 ack 1", "ESTABLISHED/ESTABLISHED", BeyondWindow},
		{"§3.10.7.4, first", "but an ACK does, with the number that is next",
			open + "; > PA 1 len 1000 ack 1; < A 1 ack 1001 win 0; > A 1001 ack 1", "ESTABLISHED/ESTABLISHED", Taken},
		{"§3.10.7.4, first", "a keep-alive has an old number",
			open + "; > PA 1 len 9 ack 1; < A 1 ack 10; > A 9 ack 1", "ESTABLISHED/ESTABLISHED", OldNumbers},
		{"§3.10.7.4, first", "in SYN-RECEIVED, too",
			"> S 0; < SA 0 ack 1; > A 0 ack 1", "ESTABLISHED/SYN-RECEIVED", OldNumbers},

		{"§3.10.7.4, second", "an RST outside of the window is dropped",
			open + "; > R 5000", "ESTABLISHED/ESTABLISHED'", ResetOutside},
		{"§3.10.7.4, second", "and so is one that lies before it",
			open + "; > PA 1 len 9 ack 1; < A 1 ack 10; > R 1", "ESTABLISHED/ESTABLISHED", ResetOutside},
		{"§3.10.7.4, second", "one in the window, and not exact, draws a challenge ACK",
			open + "; > R 500", "ESTABLISHED/ESTABLISHED'", ResetInWindow},
		{"§3.10.7.4, second", "SYN-RECEIVED out of LISTEN goes back there",
			"> S 0; < SA 0 ack 1; > R 1", "CLOSED/LISTEN'", Taken},
		{"§3.10.7.4, second", "SYN-RECEIVED out of SYN-SENT goes to CLOSED",
			crossing + "; > SA 0 ack 1; < RA 1 ack 1", "CLOSED'/CLOSED", Taken},
		{"§3.10.7.4, second", "ESTABLISHED goes to CLOSED",
			open + "; > R 1", "CLOSED/CLOSED'", Taken},
		{"§3.10.7.4, second", "FIN-WAIT-1 goes to CLOSED",
			open + "; > FA 1 ack 1; < R 1", "CLOSED'/CLOSED", Taken},
		{"§3.10.7.4, second", "FIN-WAIT-2 goes to CLOSED",
			open + "; > FA 1 ack 1; < A 1 ack 2; < R 1", "CLOSED'/CLOSED", Taken},
		{"§3.10.7.4, second", "CLOSE-WAIT goes to CLOSED",
			open + "; > FA 1 ack 1; < A 1 ack 2; > R 2", "CLOSED/CLOSED'", Taken},
		{"§3.10.7.4, second", "CLOSING goes to CLOSED",
			open + "; > FA 1 ack 1; < FA 1 ack 1 @3.1; > A 2 ack 2; < R 2", "CLOSED'/CLOSED", Taken},
		{"§3.10.7.4, second", "LAST-ACK goes to CLOSED",
			open + "; > FA 1 ack 1; < FA 1 ack 2; > R 2", "CLOSED/CLOSED'", Taken},
		{"§3.10.7.4, second", "TIME-WAIT goes to CLOSED",
			open + "; > FA 1 ack 1; < FA 1 ack 2; > A 2 ack 2; < R 2", "CLOSED'/CLOSED", Taken},

		{"§3.10.7.4, fourth", "a SYN in a synchronized state draws a challenge ACK",
			open + "; > PA 1 len 1 ack 1; < SA 700 ack 1", "ESTABLISHED/ESTABLISHED'", SYNInConnection},

		{"§3.10.7.4, fifth", "without ACK it is dropped",
			open + "; > P 1 len 9", "ESTABLISHED/ESTABLISHED'", WithoutACK},
		{"§3.10.7.4, fifth", "SYN-RECEIVED goes to ESTABLISHED",
			open, "ESTABLISHED/ESTABLISHED'", Taken},
		{"§3.10.7.4, fifth", "unless the acknowledgment is none of the SYN",
			"> S 0; < SA 0 ack 1; > A 1 ack 77", "ESTABLISHED/SYN-RECEIVED", WrongAcknowledgment},
		{"§3.10.7.4, fifth", "SYNs that crossed: the SYN+ACK leads to ESTABLISHED",
			crossing + "; > SA 0 ack 1", "SYN-RECEIVED/ESTABLISHED'", Taken},
		{"§3.10.7.4, fifth", "FIN-WAIT-1 goes to FIN-WAIT-2",
			open + "; > FA 1 ack 1; < A 1 ack 2", "FIN-WAIT-2'/CLOSE-WAIT", Taken},
		{"§3.10.7.4, fifth", "unless the FIN is not acknowledged",
			open + "; > FA 1 ack 1; < A 1 ack 1", "FIN-WAIT-1/CLOSE-WAIT'", Taken},
		{"§3.10.7.4, fifth", "CLOSING goes to TIME-WAIT",
			open + "; > FA 1 ack 1; < FA 1 ack 1 @3.1; > A 2 ack 2; < A 2 ack 2", "TIME-WAIT'/TIME-WAIT'", Taken},
		{"§3.10.7.4, fifth", "LAST-ACK goes to CLOSED",
			open + "; > FA 1 ack 1; < FA 1 ack 2; > A 2 ack 2", "TIME-WAIT/CLOSED'", Taken},

		{"§3.10.7.4, seventh", "data that is next moves RCV.NXT, and no state",
			open + "; > PA 1 len 9 ack 1", "ESTABLISHED/ESTABLISHED'", Taken},
		{"§3.10.7.4, seventh", "behind a FIN there is none",
			open + "; > FA 1 ack 1; < A 1 ack 2; > PA 1 len 9 ack 1 @300", "FIN-WAIT-2'/CLOSE-WAIT", Taken},

		{"§3.10.7.4, eighth", "SYN-RECEIVED goes to CLOSE-WAIT, by way of ESTABLISHED",
			"> S 0; < SA 0 ack 1; > FA 1 ack 1", "FIN-WAIT-1/CLOSE-WAIT'", Taken},
		{"§3.10.7.4, eighth", "ESTABLISHED goes to CLOSE-WAIT",
			open + "; > FA 1 ack 1", "FIN-WAIT-1/CLOSE-WAIT'", Taken},
		{"§3.10.7.4, eighth", "unless something before the FIN is missing",
			open + "; > FA 10 ack 1", "FIN-WAIT-1/ESTABLISHED'", Taken},
		{"§3.10.7.4, eighth", "FIN-WAIT-1 goes to CLOSING",
			open + "; > FA 1 ack 1; < FA 1 ack 1 @3.1", "CLOSING'/CLOSING'", Taken},
		{"§3.10.7.4, eighth", "or, where the FIN acknowledges the own, to TIME-WAIT",
			open + "; > FA 1 ack 1; < FA 1 ack 2", "TIME-WAIT'/LAST-ACK", Taken},
		{"§3.10.7.4, eighth", "FIN-WAIT-2 goes to TIME-WAIT",
			open + "; > FA 1 ack 1; < A 1 ack 2; < FA 1 ack 2", "TIME-WAIT'/LAST-ACK", Taken},
		{"§3.10.7.4, eighth", "CLOSE-WAIT stays, whatever the FIN does",
			open + "; > FA 1 ack 1; < A 1 ack 2; > FA 1 ack 1 @300", "FIN-WAIT-1/CLOSE-WAIT", OldNumbers},
		{"§3.10.7.4, eighth", "LAST-ACK stays",
			open + "; > FA 1 ack 1; < FA 1 ack 2; > FA 1 ack 1 @300", "FIN-WAIT-1/LAST-ACK", OldNumbers},
		{"§3.10.7.4, eighth", "TIME-WAIT stays",
			open + "; > FA 1 ack 1; < FA 1 ack 2; > A 2 ack 2; < FA 1 ack 2 @300", "TIME-WAIT/LAST-ACK", OldNumbers},
	} {
		events, _ := follow(t, tt.script)
		last := &events[len(events)-1]
		states := stateOf(last, Client) + "/" + stateOf(last, Server)
		if states != tt.states || last.Reception != tt.reception {
			t.Errorf("RFC 9293 %s: %s: %s\n got %s, %v\nwant %s, %v", tt.paragraph, tt.rule, tt.script, states, last.Reception, tt.states, tt.reception)
		}
	}
}
