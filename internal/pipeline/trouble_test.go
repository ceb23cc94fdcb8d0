package pipeline

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// verdicts keeps what each conversation came to, by stream number.
type verdicts map[int]string

func (v verdicts) Moment(m timeline.Moment) error {
	if m.Kind == timeline.Ended {
		c := m.Conversation
		v[c.Stream] = fmt.Sprint(c.Verdict.Name, " ", c.Verdict.Frames)
	}
	return nil
}

func (v verdicts) Close() error { return nil }

// The recordings in testdata/trouble are of a real kernel's TCP; what went
// wrong was made on the path between the two hosts. They were captured at the
// client's end or at the server's, as the name says where it matters.
func TestTrouble(t *testing.T) {
	reached := make(map[string]bool)
	for _, test := range []struct {
		file   string
		stream int
		want   string
	}{
		// The connection is not made.
		{"refused", 0, "refused [1 2]"},
		{"filtered", 0, "filtered [1 3]"},         // every SYN dropped
		{"prohibited", 0, "filtered [1 2]"},       // ICMP 3/13
		{"port-unreachable", 0, "filtered [1 2]"}, // ICMP 3/3
		{"scan", 0, "aborted [1 2 3]"},            // the SYN+ACK is answered by an RST
		{"left-half-open", 0, "half-open [1 4]"},  // the SYN+ACK is never answered
		// Part of the handshake is lost, or refused for a while.
		{"syn-lost", 0, "SYN lost [1 2]"},
		{"synack-lost-client", 0, "SYN+ACK lost [1 2]"},
		{"synack-lost-server", 0, "SYN+ACK lost [1 3 4]"},
		{"last-ack-lost-client", 0, "last ACK lost [1 3 4]"},
		{"last-ack-lost-server", 0, "last ACK lost [1 3 4]"},
		{"accept-queue-full", 1, "fine [4 5 6 15 31]"},
		{"accept-queue-full", 2, "accept queue full [7 19 20]"},    // the SYN is dropped
		{"accept-overflow", 1, "accept queue full [5 6 7 13]"},     // the ACK is dropped
		{"accept-overflow-abort", 1, "accept queue full [5 6 7]"},  // the ACK is answered by an RST
		{"flood", 0, "SYN flood suspected [1 2]"},                  // of the flood
		{"flood", 20, "SYN flood suspected [28 36]"},               // an honest client
		{"cookies", 0, "SYN flood suspected [1 2]"},                // still in the queue
		{"cookies", 9, "SYN cookies suspected [19 20]"},            // answered by a cookie
		{"cookies", 20, "SYN cookies suspected [41 42 43]"},        // an honest client, let in
		{"duplicate-syn", 0, "fine [1 2 3 5 13 14]"},               // the path made a copy
		{"old-duplicate-client", 0, "old duplicate SYN [2 3 5]"},   // RFC 9293 §3.5
		{"old-duplicate-server", 0, "old duplicate SYN [1 2 3 4]"}, // its SYN
		{"old-duplicate-server", 1, "fine [4 5 8 15 16]"},          // the new one
		{"simultaneous-open", 0, "simultaneous open [1 2 3 4]"},    // the SYNs cross
		{"half-open-data", 0, "half-open [6 7]"},                   // the server forgot the connection
		{"half-open-reconnect", 0, "port reused [5 6]"},            // the client forgot it
		{"half-open-reconnect", 1, "half-open [6 7 8 10]"},         // and comes back
		{"port-reuse", 1, "port reused [9 10 11 18 19]"},           // out of TIME-WAIT
		{"fast-open", 1, "fine [9 10 11 15 16]"},                   // data in the SYN
		{"mptcp", 0, "fine [1 2 3 14 15]"},                         // MP_CAPABLE
		{"ecn", 0, "fine [1 2 3 10 11]"},                           // CE on the way
		{"zero-window-probe", 0, "window stalled [9 10 16]"},       // probed by a byte
		{"zero-window-never", 0, "window stalled [10 11]"},         // probed as Linux does
		{"path-mtu", 0, "path MTU found [7 8]"},                    // ICMP 3/4
		{"black-hole", 0, "path MTU trouble [8 12]"},               // and without
		{"data-lost", 0, "fine [1 2 3 7 11 12]"},                   // sent again
		{"fast-retransmit", 0, "fine [1 2 3 15 18 20]"},            // after duplicate ACKs
		{"reorder", 0, "fine [1 2 3 14 19 20]"},                    // SACK
		{"duplicate-data", 0, "fine [1 2 3 10 15 16]"},             // D-SACK
		{"blind-rst", 0, "aborted [10 11 12]"},                     // ignored, then exact
		{"blind-rst-survived", 0, "fine [1 2 3 10 11 17 18]"},      // challenge ACK
		{"abort", 0, "aborted [6]"},                                // SO_LINGER 0
		{"data-after-close", 0, "aborted [4 7]"},                   // FIN, then RST
		{"keepalive-unanswered", 0, "aborted [11 12]"},             // the cable is cut
		{"keepalive", 0, "simultaneous close [14 15 16 17]"},       // answered
		{"simultaneous-close", 0, "simultaneous close [10 11 12 13]"},
		{"half-close", 0, "half close [6 8]"},
		{"began-late", 0, "capture began late [1]"},
		{"one-direction", 0, "one direction only [1 5]"},
	} {
		got := make(verdicts)
		f := Flow{Source: open(t, "trouble/"+test.file+".pcapng"), Sink: got}
		if _, err := f.Run(context.Background()); err != nil {
			t.Fatalf("%s: %v", test.file, err)
		}
		if got[test.stream] != test.want {
			t.Errorf("%s, stream %d: %s, want %s", test.file, test.stream, got[test.stream], test.want)
		}
		for _, v := range got {
			for _, name := range diagnoses {
				if strings.HasPrefix(v, name+" [") {
					reached[name] = true
				}
			}
		}
	}
	for _, name := range diagnoses {
		if !reached[name] {
			t.Errorf("no recording shows %q", name)
		}
	}
}

var diagnoses = []string{conversation.Fine, conversation.Refused, conversation.Filtered, conversation.HalfOpen,
	conversation.CaptureBeganLate, conversation.OneDirection, conversation.SYNLost, conversation.SYNACKLost,
	conversation.LastACKLost, conversation.AcceptQueueFull, conversation.SYNFlood, conversation.SYNCookies,
	conversation.SimultaneousOpen, conversation.SimultaneousClose, conversation.HalfClose, conversation.Aborted,
	conversation.OldDuplicateSYN, conversation.PortReused, conversation.PathMTU, conversation.PathMTUFound, conversation.WindowStalled}
