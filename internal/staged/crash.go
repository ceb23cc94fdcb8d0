package staged

import (
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

var _ = add(crash, Scenario{
	Name: "half-open", Sentence: "The server has lost the connection: it answers the client's data by an RST.",
	Takes: 80 * ms, Look: "that the RST's seq is the ack of the data that it answers",
	Lesson:   []string{"The server's host forgets the connection, as after a crash, and sends nothing: to the client it is still in ESTABLISHED. Only when it sends data does it learn that there is nobody who knows of it."},
	Rule:     "RFC 9293 §3.5.1: half-open connections become reset if an attempt is made to send data in either direction; the reset takes its sequence number from the ACK field (§3.5.2, 1).",
	Question: "And if the client never sends anything?",
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		server.Crash()
		s.Settle()
		_ = client.Send("hello")
		s.Settle()
		_, _ = client.Receive(10)
		client.Close()
	},
	Expected: [2]string{"SYN ACK 5", "SYN+ACK RST"},
	Verdicts: [2]string{conversation.HalfOpen, conversation.HalfOpen},
})

var _ = add(crash+1, Scenario{
	Name: "reconnect-after-crash", Sentence: "The client forgets the connection and comes back on the same ports: ACK, RST, and the SYN again.",
	Takes: 1200 * ms, Look: "the ACK that answers the new SYN, and whose number the RST carries",
	Lesson:   []string{"The client's host forgets the connection and connects again from the same port. The server, in ESTABLISHED, does not take the SYN: it says which number it expects next. The client has sent nothing like that, and answers by an RST, which ends the old connection. Its SYN is sent again, and now it is taken."},
	Rule:     "RFC 9293 §3.5.1, figure 9: the SYN is answered by an acknowledgment, that by a reset, and then the handshake is the basic one of figure 6.",
	Question: "Why does the server not simply believe the SYN?",
	Script: func(s *Stage) {
		listening := s.Server.Listen(5)
		first := s.Client.Socket(1, ReuseAddress)
		_ = first.Bind(40000)
		from, _ := s.MeetAt(listening, first)
		if from == nil {
			return
		}
		from.Crash()
		s.Settle()
		again := s.Client.Socket(2, ReuseAddress)
		_ = again.Bind(40000)
		if _, server := s.MeetAt(listening, again); server != nil {
			s.Bye(again, server)
		}
	},
	Expected: [2]string{"SYN ACK SYN RST SYN' FIN", "SYN+ACK SYN+ACK FIN"},
	Verdicts: [2]string{conversation.HalfOpen, conversation.HalfOpen},
})

var _ = add(crash+2, Scenario{
	Name: "time-wait", Sentence: "The client that closed first wants its port again at once: bind() fails, as the connection is in TIME-WAIT.",
	Takes: 100 * ms, Look: "the kernel's TIME-WAIT timer, and which call fails",
	Lesson:   []string{"The client closes first, so it is its end that goes to TIME-WAIT. A second socket that wants the same port is told that the address is in use."},
	Rule:     "RFC 9293 §3.6.1: a connection that is closed actively must linger in TIME-WAIT for a time 2 x MSL. (Linux waits for 60 s.)",
	Question: "Which of the two ends should close first if one of them is a busy server?",
	Script: func(s *Stage) {
		listening := s.Server.Listen(5)
		first := s.Client.Socket(1)
		_ = first.Bind(40000)
		client, server := s.MeetAt(listening, first)
		if server == nil {
			return
		}
		s.Bye(client, server)
		again := s.Client.Socket(2)
		_ = again.Bind(40000) // fails: EADDRINUSE
		again.Close()
	},
	Expected: [2]string{"SYN ACK FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(crash+3, Scenario{
	Name: "port-reuse", Sentence: "A new connection takes the ports of one that is still in TIME-WAIT.",
	Takes: 1300 * ms, Look: "that the second connection has another x, and the same ports",
	Lesson:   []string{"The server closes first and is in TIME-WAIT. The client connects again from the same port. The server's kernel sees by the new SYN's timestamp that it is no old duplicate, and opens a new connection out of TIME-WAIT."},
	Rule:     "RFC 9293 §3.6.1: a host may accept a new SYN to reopen the connection directly from TIME-WAIT state, if it can tell it from an old duplicate.",
	Question: "How does a capture tool know that this is a second connection?",
	Script: func(s *Stage) {
		listening := s.Server.Listen(5)
		for number := 1; number <= 2; number++ {
			socket := s.Client.Socket(number, ReuseAddress)
			_ = socket.Bind(40000)
			client, server := s.MeetAt(listening, socket)
			if server == nil {
				return
			}
			s.Bye(server, client)
			if number == 1 {
				s.Wait(1100 * ms) // so that the timestamps' clock has moved on
			}
		}
	},
	Expected: [2]string{"SYN ACK FIN SYN FIN", "SYN+ACK FIN SYN+ACK FIN"},
	Verdicts: [2]string{conversation.PortReused, conversation.PortReused},
})

var _ = add(attack, Scenario{
	Name: "blind-reset-survived", Sentence: "A forged RST with a wrong number gets a challenge ACK, and the connection goes on.",
	Takes: 100 * ms, Look: "the RST's seq against RCV.NXT, and what answers it",
	Lesson:   []string{"Somebody who does not see the traffic sends an RST in the client's name, with a number that lies in the server's window but is not the next one. The server answers by an acknowledgment, and the connection goes on: had the client really sent the RST, it would answer that by another one, with the exact number."},
	Rule:     "RFC 9293 §3.10.7.4, second: an RST whose number does not exactly match RCV.NXT, yet is within the window, is answered by a challenge ACK, and dropped (RFC 5961).",
	Question: "How many RSTs would an attacker have needed before this rule, with a window of 65,535?",
	Script:   func(s *Stage) { resetBlindly(s, 100) },
	Expected: [2]string{"SYN ACK 5 RST* 5 FIN", "SYN+ACK FIN"},
	End:      wire.Server,
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(attack+1, Scenario{
	Name: "blind-reset", Sentence: "A forged RST with a wrong number is ignored, one with the exact number ends the connection.",
	Takes: 100 * ms, Look: "which of the two RSTs counts",
	Lesson:   []string{"The same attacker tries twice: the first RST has a number that only lies in the window, the second one is exactly RCV.NXT. The first is answered by a challenge ACK, the second ends the server's connection. The client learns of it when it sends data."},
	Rule:     "RFC 9293 §3.10.7.4, second: where the number exactly matches RCV.NXT the connection must be reset.",
	Question: "What else does an attacker have to guess, besides the number?",
	Script:   func(s *Stage) { resetBlindly(s, 100, 0) },
	Expected: [2]string{"SYN ACK 5 RST* RST* 5", "SYN+ACK RST"},
	End:      wire.Server,
	Verdicts: [2]string{conversation.HalfOpen, conversation.ResetByAnother + " or " + conversation.Aborted + " or " + conversation.HalfOpen},
})

// resetBlindly forges RSTs in the client's name, so far beyond the next number.
func resetBlindly(s *Stage, beyond ...uint32) {
	client, server := s.Meet()
	if server == nil {
		return
	}
	_ = client.Send("hello")
	server.ReceiveAll(5)
	s.Settle()
	for _, n := range beyond {
		last := s.Latest(s.Client, func(seg *decode.Segment) bool { return seg.PayloadLen > 0 })
		forged := sameAs(last)
		forged.Seq += uint32(last.PayloadLen) + n
		forged.Ack, forged.Flags, forged.Options = 0, decode.RST, nil
		why := "a forged RST with the exact number"
		if n > 0 {
			why = "a forged RST whose number is in the window, but not the next one"
		}
		s.Forge(s.Client, forged, why)
		s.Settle()
	}
	if client.Send("again") == nil {
		s.Settle()
		_, _ = server.Receive(5)
	}
	s.Settle()
	client.Close()
	s.Settle()
	server.Close()
	s.Settle()
}
