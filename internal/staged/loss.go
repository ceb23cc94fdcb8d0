package staged

import (
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

var _ = add(loss, Scenario{
	Name: "syn-lost", Sentence: "The SYN is lost and sent again after a second.",
	Takes: 1100 * ms, Look: "that the second SYN has the same x as the first",
	Lesson:   []string{"The first SYN is lost on the cable. The server knows nothing of it; the client notices only by its timer, which runs out after a second, and sends the same SYN again."},
	Rule:     "RFC 9293 §3.8.3: SYN retransmissions are handled in the general way of data retransmissions.",
	Question: "Why a whole second, where the answer would have come in a fraction of a millisecond?",
	Rules:    []string{"drop the 1st SYN"},
	Script:   greet("Alice"),
	Expected: [2]string{"SYN! SYN' ACK 5 4 FIN", "SYN+ACK 9 17 13 17 10 FIN"},
	Verdicts: [2]string{conversation.SYNLost, conversation.Fine},
})

var _ = add(loss+1, Scenario{
	Name: "syn-lost-twice", Sentence: "The SYN is lost twice: the client waits for one second, and then for two.",
	Takes: 3200 * ms, Look: "that the wait doubles",
	Lesson:   []string{"Two SYNs are lost. After the first the client waits for a second, after the second for two: with each loss it becomes more patient, so as not to burden a network that loses packets."},
	Rule:     "RFC 9293 §3.8.2: exponential backoff for successive RTO values of the same segment.",
	Question: "After how many seconds in all would the fifth SYN be sent?",
	Rules:    []string{"drop the first 2 SYNs"},
	Script:   greet("Alice"),
	Expected: [2]string{"SYN! SYN'! SYN' ACK 5 4 FIN", "SYN+ACK 9 17 13 17 10 FIN"},
	Verdicts: [2]string{conversation.SYNLost, conversation.Fine},
})

var _ = add(loss+2, Scenario{
	Name: "syn-ack-lost", Sentence: "The SYN+ACK is lost: both ends send again what the other seems not to have.",
	Takes: 1100 * ms, Look: "who noticed first, and what the server did with a SYN that it had already",
	Lesson:   []string{"The server's SYN+ACK is lost. Neither end knows: the client hears nothing and sends its SYN again after a second; the server, in SYN-RECEIVED, gets no ACK, and sends the same SYN+ACK again: by its own timer, which runs out at about the same time, or in answer to the second SYN, or both."},
	Rule:     "RFC 9293 §3.8.1 and §3.10.7.4, first: what is not acknowledged in time is sent again; a segment that was received before is answered by an acknowledgment.",
	Question: "At the client's end a capture looks just as where the SYN itself was lost. What differs at the server's end?",
	Rules:    []string{"drop the 1st SYN+ACK"},
	Script:   greet("Alice"),
	Expected: [2]string{"SYN SYN' ACK 5 4 FIN or SYN ACK SYN' 5 4 FIN or SYN ACK 5 4 FIN", "SYN+ACK! SYN+ACK' SYN+ACK' 9 17 13 17 10 FIN or SYN+ACK! SYN+ACK' 9 17 13 17 10 FIN"},
	Varies:   "which of the two timers is first: both ends wait for a second",
	End:      wire.Server,
	Verdicts: [2]string{conversation.SYNACKLost + " or " + conversation.SYNLost + " or " + conversation.Fine, conversation.SYNACKLost},
})

var _ = add(loss+3, Scenario{
	Name: "ack-lost-client", Sentence: "The third step is lost, and the client speaks first: its data complete the handshake.",
	Takes: 60 * ms, Look: "which segment brings the server to ESTABLISHED",
	Lesson:   []string{"The ACK of the third step is lost. The client is in ESTABLISHED and sends data at once; each of its segments carries the same acknowledgment, so the first data do what the lost ACK should have done. Nothing is sent again."},
	Rule:     "RFC 9293 §3.10.7.4, fifth: in SYN-RECEIVED, if SND.UNA < SEG.ACK =< SND.NXT, enter ESTABLISHED and continue processing.",
	Question: "Why is a lost ACK never sent again for its own sake?",
	Rules:    []string{"drop the client's 1st ACK"},
	Script: func(s *Stage) {
		listening := s.Server.Listen(5)
		client := s.Client.Socket(1)
		accepted := make(chan *Socket, 1)
		s.Await(listening, accepted)
		if client.Connect(s.Server.Addr()) != nil || client.Send("hello") != nil {
			return
		}
		if server := <-accepted; server != nil {
			server.ReceiveAll(5)
			s.Settle()
			s.Bye(client, server)
		}
	},
	Expected: [2]string{"SYN ACK! 5 FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(loss+4, Scenario{
	Name: "ack-lost-server", Sentence: "The third step is lost, and the server is to speak first: for a second both ends disagree.",
	Takes: 1100 * ms, Look: "the second in which the client is in ESTABLISHED and the server is not",
	Lesson:   []string{"The ACK of the third step is lost. To the client the connection is open, and it waits for the welcome; the server still waits for the ACK, and accept() does not return. After a second the server sends its SYN+ACK again, the client acknowledges it again, and the greeting begins."},
	Rule:     "RFC 9293 §3.10.7.4, first: a segment that is not acceptable any more is answered by an acknowledgment, <SEQ=SND.NXT><ACK=RCV.NXT>.",
	Question: "Two hosts over a lossy channel: can both ever be sure that the other knows?",
	Rules:    []string{"drop the client's 1st ACK"},
	Script:   greet("Alice"),
	Expected: [2]string{"SYN ACK! 5 4 FIN", "SYN+ACK SYN+ACK' 9 17 13 17 10 FIN"},
	Verdicts: [2]string{conversation.LastACKLost, conversation.LastACKLost},
})

var _ = add(loss+10, Scenario{
	Name: "duplicate-syn", Sentence: "The path makes a copy of the SYN; the server answers both, and no harm is done.",
	Takes: 120 * ms, Look: "that both SYN+ACKs have the same y",
	Lesson:   []string{"The network delivers the SYN twice. The copy arrives while the server is in SYN-RECEIVED: it is answered by the same SYN+ACK, and the client, which has that already, acknowledges it once more."},
	Rule:     "RFC 9293 §3.4 and §3.10.7.4, first: duplicates are found by their sequence numbers; what is not acceptable is answered by an acknowledgment.",
	Question: "How does the server know that the second SYN is not a second client's?",
	Delay:    [2]time.Duration{10 * ms, 10 * ms},
	Rules:    []string{"duplicate the 1st SYN after 2ms"},
	Script:   greet("Alice"),
	Expected: [2]string{"SYN SYN* ACK 5 4 FIN", "SYN+ACK SYN+ACK' 9 17 13 17 10 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(loss+11, Scenario{
	Name: "late-duplicate-syn", Sentence: "A copy of the SYN arrives when the connection is open: it gets a challenge ACK, and nothing else happens.",
	Takes: 200 * ms, Look: "what the server answers to a SYN in ESTABLISHED",
	Lesson:   []string{"A copy of the SYN arrives 40 ms late, in the middle of the connection. The server does not open another one: it answers by an acknowledgment of what it expects next, and goes on."},
	Rule:     "RFC 9293 §3.10.7.4, fourth: in the synchronized states, irrespective of the sequence number, a challenge ACK is sent and the SYN is dropped.",
	Question: "Why not simply ignore it?",
	Rules:    []string{"duplicate the 1st SYN after 40ms"},
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		s.Wait(50 * ms)
		s.Settle()
		_ = client.Send("hello")
		server.ReceiveAll(5)
		s.Settle()
		s.Bye(client, server)
	},
	Expected: [2]string{"SYN ACK SYN* 5 FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(loss+12, Scenario{
	Name: "old-duplicate-syn", Sentence: "An old SYN of an earlier connection comes first: the server answers it, and the client rejects that.",
	Takes: 200 * ms, Look: "the RST, whose seq is the ack that it rejects, and which connection is opened in the end",
	Lesson:   []string{"A SYN from earlier, with another x, arrives before the client's new one. The server cannot know that it is old: it answers. The client sees an acknowledgment of something that it has not sent, and answers by an RST; the server goes back to LISTEN. Then the new SYN arrives, and the handshake is an ordinary one."},
	Rule:     "RFC 9293 §3.5, figure 8: the principal reason for the three-way handshake is to prevent old duplicate connection initiations from causing confusion.",
	Question: "With a handshake of two steps, SYN and SYN+ACK, what would the server believe?",
	Rules:    []string{"delay the 1st SYN by 80ms"},
	Script: func(s *Stage) {
		listening := s.Server.Listen(5)
		client := s.Client.Socket(1)
		accepted := make(chan *Socket, 1)
		s.Await(listening, accepted)
		s.Trap(s.Client, isSYN, s.Client, "an old SYN of an earlier connection", func(syn *decode.Segment) wire.Segment {
			old := sameAs(syn)
			old.Seq -= 100_000
			return old
		})
		if client.Connect(s.Server.Addr()) != nil {
			return
		}
		if server := <-accepted; server != nil {
			s.Settle()
			_ = client.Send("hello")
			server.ReceiveAll(5)
			s.Settle()
			s.Bye(client, server)
		}
	},
	Expected: [2]string{"SYN SYN* RST SYN' ACK 5 FIN", "SYN+ACK SYN+ACK FIN"},
	Verdicts: [2]string{conversation.OldDuplicateSYN, conversation.OldDuplicateSYN},
})

var _ = add(loss+20, Scenario{
	Name: "split-handshake", Sentence: "The server's SYN+ACK is taken apart on the way, into an ACK and a SYN: the handshake takes four steps.",
	Takes: 100 * ms, Look: "the path of the client: SYN-SENT, SYN-RECEIVED, ESTABLISHED",
	Lesson:   []string{"The cable keeps the SYN+ACK and delivers a SYN with the server's y in its place, without ACK. To the client that is a SYN that crosses its own: it goes to SYN-RECEIVED and answers by SYN+ACK. The server has that SYN already: it only says what it expects next, and that acknowledgment opens the connection at the client. The client's data open it at the server."},
	Rule:     "RFC 9293 §3.10.7.3, fourth: a SYN without ACK in SYN-SENT leads to SYN-RECEIVED, and is answered by <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>.",
	Question: "Some firewalls decide by the first two segments who is the client. What would they make of this?",
	Rules:    []string{"drop the server's 1st SYN+ACK"},
	Client:   withoutTimestamps, Server: withoutTimestamps,
	Script: func(s *Stage) {
		listening := s.Server.Listen(5)
		client := s.Client.Socket(1)
		accepted := make(chan *Socket, 1)
		s.Await(listening, accepted)
		s.Trap(s.Server, isSYN, s.Server, "the SYN of the server's SYN+ACK, alone", func(answer *decode.Segment) wire.Segment {
			alone := sameAs(answer)
			alone.Flags, alone.Ack = flagSYN, 0
			return alone
		})
		if client.Connect(s.Server.Addr()) != nil || client.Send("hello") != nil {
			return
		}
		if server := <-accepted; server != nil {
			server.ReceiveAll(5)
			s.Settle()
			s.Bye(client, server)
		}
	},
	Expected: [2]string{"SYN SYN+ACK 5 FIN", "SYN+ACK! SYN* FIN"},
	Verdicts: [2]string{conversation.SplitHandshake, conversation.Fine},
})

// withoutTimestamps: with them Linux, in SYN-RECEIVED, takes no segment that echoes
// another timestamp than that of its SYN+ACK.
var withoutTimestamps = Settings{Sysctls: map[string]string{"net.ipv4.tcp_timestamps": "0"}}
