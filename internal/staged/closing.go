package staged

import (
	"time"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

var _ = add(closing, Scenario{
	Name: "simultaneous-close", Sentence: "Both ends close at once and their FINs cross.",
	Takes: 150 * ms, Look: "CLOSING, a state that is rarely seen, and who ends up in TIME-WAIT",
	Lesson:   []string{"Both applications close at the same time, with 10 ms between them: each FIN is on its way before the other one arrives. Each end goes from FIN-WAIT-1 to CLOSING by the other's FIN, and to TIME-WAIT by the acknowledgment of its own."},
	Rule:     "RFC 9293 §3.6, figure 13.",
	Question: "In an ordinary close only one end is in TIME-WAIT. Why are both here?",
	Delay:    [2]time.Duration{10 * ms, 10 * ms},
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		s.Go(server.Close)
		client.Close()
		s.Settle()
	},
	Expected: [2]string{"SYN ACK FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.SimultaneousClose, conversation.SimultaneousClose},
})

var _ = add(closing+1, Scenario{
	Name: "half-close", Sentence: "The client closes its direction and goes on receiving.",
	Takes: 80 * ms, Look: "data that come after the first FIN",
	Lesson:   []string{"The client says by shutdown() that it has no more to send. Its FIN closes one direction; the server, in CLOSE-WAIT, still answers, and closes after that."},
	Rule:     "RFC 9293 §3.6.1: the two directions are closed independently, and a host may go on sending in the open one.",
	Question: "How does a server know the end of a request that has no length?",
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		_ = client.Send("question")
		server.ReceiveAll(8)
		_ = client.Shutdown()
		_, _ = server.Receive(1)
		s.Settle()
		_ = server.Send("a long answer")
		client.ReceiveAll(13)
		s.Settle()
		server.Close()
		s.Settle()
		_, _ = client.Receive(1)
		client.Close()
		s.Settle()
	},
	Expected: [2]string{"SYN ACK 8 FIN", "SYN+ACK 13 FIN"},
	Verdicts: [2]string{conversation.HalfClose, conversation.HalfClose},
})

var _ = add(closing+2, Scenario{
	Name: "abort", Sentence: "The client aborts by an RST (SO_LINGER 0).",
	Takes: 60 * ms, Look: "that there is no FIN, and no TIME-WAIT",
	Lesson:   []string{"The client closes with SO_LINGER at 0 seconds. It sends an RST in place of a FIN and forgets the connection at once; the server's next call fails."},
	Rule:     "RFC 9293 §3.10.5: ABORT sends a reset segment and deletes the connection; §3.6 calls it the second way to terminate.",
	Question: "What can be lost with an RST that a FIN would have brought over?",
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		_ = client.Send("hello")
		server.ReceiveAll(5)
		s.Settle()
		client.Abort()
		s.Settle()
		_, _ = server.Receive(1)
		server.Close()
	},
	Expected: [2]string{"SYN ACK 5 RST", "SYN+ACK"},
	Verdicts: [2]string{conversation.Aborted, conversation.Aborted},
})

var _ = add(closing+3, Scenario{
	Name: "unread-data", Sentence: "The server closes while data are unread: it sends an RST, so that the client knows.",
	Takes: 60 * ms, Look: "what the kernel says is unread when close() is called",
	Lesson:   []string{"The client's data have arrived and were acknowledged, but the server's application closes without having read them. A FIN would say that all is well: the server's TCP sends an RST."},
	Rule:     "RFC 9293 §3.6.1: if a CLOSE call is issued while received data is still pending, the TCP implementation should send a RST to show that data was lost.",
	Question: "The data had been acknowledged. What does an acknowledgment promise, and what not?",
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		_ = client.Send("hello")
		s.Settle()
		server.Close()
		s.Settle()
		_, _ = client.Receive(1)
		client.Close()
	},
	Expected: [2]string{"SYN ACK 5", "SYN+ACK RST"},
	Verdicts: [2]string{conversation.Aborted, conversation.Aborted},
})

var _ = add(closing+4, Scenario{
	Name: "fin-lost", Sentence: "The FIN is lost and sent again.",
	Takes: 350 * ms, Look: "that a FIN is repeated like data, as it occupies a sequence number",
	Lesson:   []string{"The client's FIN is lost. It occupies a sequence number and has to be acknowledged, as a byte of data has: after the retransmission timeout it is sent again."},
	Rule:     "RFC 9293 §3.6, case 1: all segments preceding and including FIN will be retransmitted until acknowledged.",
	Question: "Which state is the client in, between the two FINs, and which the server?",
	Rules:    []string{"drop the client's 1st FIN"},
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		client.Close()
		_, _ = server.Receive(1)
		s.Settle()
		server.Close()
		s.Settle()
	},
	Expected: [2]string{"SYN ACK FIN! FIN'", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(closing+5, Scenario{
	Name: "last-ack-lost", Sentence: "The last acknowledgment is lost: the FIN comes again, and TIME-WAIT answers it.",
	Takes: 350 * ms, Look: "what TIME-WAIT is good for",
	Lesson:   []string{"The client has closed first and is in TIME-WAIT; its acknowledgment of the server's FIN is lost. The server, in LAST-ACK, sends its FIN again after a while. The client, which has remembered the connection for this, acknowledges it again."},
	Rule:     "RFC 9293 §3.10.7.4, fifth, TIME-WAIT: a retransmission of the remote FIN is acknowledged, and the 2 MSL timeout is restarted.",
	Question: "What would the client answer to the second FIN if there were no TIME-WAIT?",
	Rules:    []string{"drop the client's 2nd ACK"},
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		s.Bye(client, server)
		s.WaitFor(s.Server, 2, isFIN)
		s.Settle()
	},
	Expected: [2]string{"SYN ACK FIN ACK!", "SYN+ACK FIN FIN'"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})
