package staged

import (
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// knock is a script: a client connects where perhaps nobody answers.
func knock(options ...Option) func(*Stage) {
	return func(s *Stage) {
		client := s.Client.Socket(1, options...)
		_ = client.Connect(s.Server.Addr())
		client.Close()
	}
}

// knockAtServer is the same where somebody listens.
func knockAtServer(options ...Option) func(*Stage) {
	return func(s *Stage) {
		s.Server.Listen(5)
		knock(options...)(s)
	}
}

var _ = add(refusal, Scenario{
	Name: "refused", Sentence: "Nobody listens on the port: the SYN is answered by an RST.",
	Takes: 20 * ms, Look: "that the RST's ack is x + 1 although no connection was made",
	Lesson:   []string{"The server's host is there, but no socket listens on the port. Its kernel answers the SYN by an RST, and connect() fails at once."},
	Rule:     "RFC 9293 §3.5.2, 1: if the connection does not exist, a reset is sent in response to any segment except another reset; seq is 0, ack is SEG.SEQ plus the segment's length.",
	Question: "Why does a SYN without any data count as one in the acknowledgment number?",
	Script:   knock(),
	Expected: [2]string{"SYN", "RST"},
	Verdicts: [2]string{conversation.Refused, conversation.Refused},
})

var _ = add(refusal+1, Scenario{
	Name: "filtered", Sentence: "Every SYN is dropped on the way: the client asks again and again, and nothing comes back.",
	Takes: 3200 * ms, Look: "that the client asks again after a second, and gives up two seconds later",
	Lesson:   []string{"The cable drops every SYN, as a firewall does that gives no answer. The client cannot tell that from a host that is down, or from a SYN that was lost by chance: it can only ask again, and give up in the end."},
	Rule:     "RFC 9293 §3.8.3: SYNs are retransmitted in the general way of data; the limit must be large enough for at least 3 minutes (here it is one repetition, TCP_SYNCNT).",
	Question: "What would a capture at the server's end show, and why does that help?",
	Rules:    []string{"drop every SYN"},
	Script:   knockAtServer(OneSYNAgain),
	Expected: [2]string{"SYN! SYN'!", ""},
	Verdicts: [2]string{conversation.Filtered, ""},
})

var _ = add(refusal+2, Scenario{
	Name: "prohibited", Sentence: "A firewall answers the SYN by an ICMP error: administratively prohibited.",
	Takes: 20 * ms, Look: "who complains, and which SYN the ICMP error quotes",
	Lesson:   []string{"The cable answers the SYN in the name of a router, 203.0.113.1, by ICMP 3/13 (over IPv6 2001:db8:3::1, by ICMPv6 1/1). The error quotes the SYN, so the client's kernel finds the connection it is about, and connect() fails at once."},
	Rule:     "RFC 9293 §3.9.2.2: TCP must act on an ICMP error, and finds the connection by the IP header contained in it.",
	Question: "Whose address is in the ICMP error's IP header: the server's?",
	Rules:    []string{"answer every SYN with ICMP 3/13"},
	Script:   knockAtServer(),
	Expected: [2]string{"SYN!", "ICMP3/13*"}, Expected6: [2]string{"", "ICMPv6-1/1*"},
	Verdicts: [2]string{conversation.Filtered, ""},
})

var _ = add(refusal+3, Scenario{
	Name: "port-unreachable", Sentence: "The SYN is answered by an ICMP error, port unreachable, in place of an RST.",
	Takes: 20 * ms, Look: "that connect() says the same as with an RST",
	Lesson:   []string{"The cable answers the SYN by ICMP 3/3 (over IPv6 by ICMPv6 1/4), port unreachable, as some firewalls do that reject. To the application it is the same as an RST: connection refused."},
	Rule:     "RFC 9293 §3.8.3: an attempt to open a connection could fail by receipt of a RST segment or an ICMP Port Unreachable.",
	Question: "How can you see in a capture that not the server's TCP has refused?",
	Rules:    []string{"answer every SYN with ICMP 3/3"},
	Script:   knockAtServer(),
	Expected: [2]string{"SYN!", "ICMP3/3*"}, Expected6: [2]string{"", "ICMPv6-1/4*"},
	Verdicts: [2]string{conversation.Filtered, ""},
})

var _ = add(refusal+4, Scenario{
	Name: "forged-syn-ack", Sentence: "A SYN+ACK comes that acknowledges another number: the client rejects it by an RST.",
	Takes: 350 * ms, Look: "the ack of the forged SYN+ACK against x + 1, and the seq of the RST",
	Lesson:   []string{"Before the server's answer arrives somebody on the way sends a SYN+ACK that acknowledges x + 1000. The client has sent nothing like that: it answers by an RST and stays in SYN-SENT. (Linux sends its SYN again at once, too.) The server's own SYN+ACK comes after it, and the handshake goes on."},
	Rule:     "RFC 9293 §3.10.7.3, first: in SYN-SENT, if SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset with SEQ=SEG.ACK, and discard the segment.",
	Question: "What would somebody have to know to forge a SYN+ACK that is accepted?",
	Delay:    [2]time.Duration{40 * ms, 40 * ms},
	Script: func(s *Stage) {
		listening := s.Server.Listen(5)
		client := s.Client.Socket(1)
		accepted := make(chan *Socket, 1)
		s.Await(listening, accepted)
		s.Trap(s.Client, isSYN, s.Server, "a SYN+ACK that acknowledges x + 1000", func(syn *decode.Segment) wire.Segment {
			return answerTo(syn, 12345, syn.Seq+1000)
		})
		if client.Connect(s.Server.Addr()) != nil {
			return
		}
		server := <-accepted
		s.Settle()
		if server != nil {
			s.Bye(client, server)
		}
	},
	Expected: [2]string{"SYN RST SYN' ACK FIN", "SYN+ACK* SYN+ACK FIN"},
	Verdicts: [2]string{conversation.OldDuplicateSYN, conversation.SYNACKLost},
})
