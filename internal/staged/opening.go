package staged

import (
	"net/netip"
	"time"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
)

var _ = add(opening, Scenario{
	Name: "normal", Sentence: "A client is greeted: opened in three steps, data both ways, closed by a FIN of each end.",
	Takes: 50 * ms, Look: "how each acknowledgment number follows from the sequence number before it",
	Lesson:   []string{"Nothing goes wrong. Each end chooses a number to count from, x and y, and tells it in a SYN; the other acknowledges it. Only then data flow."},
	Rule:     "RFC 9293 §3.5, figure 6: each peer's SYN has to be acknowledged; the ACK of the third step occupies no sequence number.",
	Question: "The third step and the client's first data carry the same sequence number. Why can they?",
	Script:   greet("Alice"),
	Expected: [2]string{"SYN ACK 5 4 FIN", "SYN+ACK 9 17 13 17 10 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(opening+1, Scenario{
	Name: "three-clients", Sentence: "Three clients at once, each with an x and a y of its own.",
	Takes: 80 * ms, Look: "that the server's port is the same in all three connections, and what tells them apart",
	Lesson:   []string{"Three clients connect to one listening socket. Each connection is a pair of sockets of its own, with numbers of its own; the server accepts them one after another and serves all three."},
	Rule:     "RFC 9293 §3.3.1 and §3.4.1: a connection's variables, its initial sequence numbers among them, belong to the pair of its sockets.",
	Question: "Which of the four values, two addresses and two ports, differ between the three connections?",
	Script: func(s *Stage) {
		s.Greet(GreetConfig{Clients: 3, Names: func(n int) []string { return []string{[]string{"Client1", "Client2", "Client3"}[n-1]} }})
	},
	Expected: [2]string{"3x SYN ACK 7 4 FIN", "3x SYN+ACK 9 17 15 17 10 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
	Varies:   "the order of the three connections",
})

var _ = add(opening+2, Scenario{
	Name: "ipv6", Sentence: "The same greeting over IPv6.", Family: hosts.IPv6,
	Takes: 50 * ms, Look: "what of the handshake is another than over IPv4, and what is not",
	Lesson:   []string{"The two hosts speak IPv6. TCP is the same, step by step and bit by bit: only the addresses are longer, and the MSS is 1440 where it was 1460, as the header of IPv6 has 40 bytes and that of IPv4 has 20."},
	Rule:     "RFC 9293 §3.7.1: the MSS that is sent is the MTU minus the fixed IP and TCP headers; §3.1: the checksum covers the addresses, of either version, in a pseudo-header.",
	Question: "The device's MTU is 1500 here as there. How do 1460 and 1440 follow from it?",
	Script:   greet("Alice"),
	Expected: [2]string{"SYN ACK 5 4 FIN", "SYN+ACK 9 17 13 17 10 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(opening+3, Scenario{
	Name: "asymmetric", Sentence: "The way there takes 50 ms, the way back 10 ms: neither end can tell.",
	Takes: 400 * ms, Look: "that both ends measure 60 ms, and neither knows how it is divided",
	Lesson:   []string{"The cable delays the client's segments by 50 ms and the server's by 10 ms. An end sees only when it sent and when the answer came: the sum, 60 ms, from both sides."},
	Rule:     "RFC 9293 §3.8.1: the retransmission timeout is computed from measured round trips.",
	Question: "What would have to be true of the clocks of both hosts for one of them to measure one way alone?",
	Delay:    [2]time.Duration{50 * ms, 10 * ms},
	Script:   greet("Alice"),
	Expected: [2]string{"SYN ACK 5 4 FIN", "SYN+ACK 9 17 13 17 10 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(opening+10, Scenario{
	Name: "simultaneous-open", Sentence: "Both ends call connect() and their SYNs cross: four segments make one connection.",
	Takes: 400 * ms, Look: "that both ends go through SYN-SENT and SYN-RECEIVED, and nobody was in LISTEN",
	Lesson:   []string{"Both hosts bind a port and connect to the other's at once. Their SYNs cross on the cable, which takes 50 ms: each gets a SYN where it waited for a SYN+ACK, and answers it. One connection comes of it, not two."},
	Rule:     "RFC 9293 §3.5, figure 7: a SYN without ACK that arrives in SYN-SENT leads to SYN-RECEIVED, and is answered by SYN+ACK with the same initial number (§3.10.7.3, fourth).",
	Question: "Who is the client here?",
	Delay:    [2]time.Duration{50 * ms, 50 * ms},
	Script: func(s *Stage) {
		a, b := s.Client.Socket(1, ReuseAddress), s.Server.Socket(1, ReuseAddress)
		_ = a.Bind(40000)
		_ = b.Bind(6000)
		s.Go(func() { _ = b.Connect(netip.AddrPortFrom(s.Client.Addr().Addr(), 40000)) })
		s.WaitFor(s.Server, 1, isSYN) // it is on its way, and takes a while
		if a.Connect(s.Server.Addr()) != nil {
			return
		}
		s.Settle()
		s.Bye(a, b)
	},
	Expected: [2]string{"SYN SYN+ACK FIN", "SYN SYN+ACK FIN"},
	Verdicts: [2]string{conversation.SimultaneousOpen, conversation.SimultaneousOpen},
})

var _ = add(opening+20, Scenario{
	Name: "mtu", Sentence: "The client's device carries 1000 bytes at most: it says so by its MSS, 960.",
	Takes: 50 * ms, Look: "MSS in the SYN and in the SYN+ACK, and how large the server's segments are",
	Lesson:   []string{"The client's network has an MTU of 1000. Its SYN announces an MSS of 960, the MTU without the two headers of 20 bytes. The server, whose own MTU is 1500, sends no larger segments to it."},
	Rule:     "RFC 9293 §3.7.1: the MSS that is sent is the MTU minus the fixed IP and TCP headers; options have to be subtracted by the sender.",
	Question: "The segments carry 948 bytes, not 960. Where did 12 bytes go?",
	Client:   Settings{MTU: 1000}, OnlyIPv4: tooNarrow,
	Script:   download(3000),
	Expected: [2]string{"SYN ACK FIN", "SYN+ACK 948 948 948 156 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(opening+21, Scenario{
	Name: "mss-clamp", Sentence: "A device on the way rewrites the MSS of both SYNs to 536: both ends send smaller segments.",
	Takes: 50 * ms, Look: "that each end was told an MSS that the other has not sent",
	Lesson:   []string{"The cable changes the MSS option of SYN and SYN+ACK, as a router in front of a narrow tunnel does. Each end believes that the other asked for it."},
	Rule:     "RFC 9293 §3.7.1: SendMSS is the value received from the remote host, and the effective send MSS is no larger.",
	Question: "How could you find out, with a capture at each end, that somebody has changed the SYN?",
	Rules:    []string{"rewrite every SYN to mss 536", "rewrite every SYN+ACK to mss 536"},
	Script:   download(2000),
	Expected: [2]string{"SYN ACK FIN", "SYN+ACK 524 524 524 428 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(opening+22, Scenario{
	Name: "no-options", Sentence: "Window scale, SACK and timestamps are switched off: the SYN carries nothing but the MSS.",
	Takes: 50 * ms, Look: "the options of SYN and SYN+ACK, and the window, which nothing multiplies",
	Lesson:   []string{"Both hosts have these options switched off. What neither offers in its SYN the connection does not have later: no scaled window, no selective acknowledgment, no timestamps."},
	Rule:     "RFC 9293 §3.1 and §3.2: options follow the header from bit 160 on; the MSS option is sent in SYNs only.",
	Question: "What is the largest window that this connection can have?",
	Client:   plainTCP, Server: plainTCP,
	Script:   greet("Alice"),
	Expected: [2]string{"SYN ACK 5 4 FIN", "SYN+ACK 9 17 13 17 10 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var plainTCP = Settings{Sysctls: map[string]string{"net.ipv4.tcp_window_scaling": "0", "net.ipv4.tcp_sack": "0", "net.ipv4.tcp_timestamps": "0"}}

var _ = add(opening+23, Scenario{
	Name: "ecn", Sentence: "SYN and SYN+ACK agree on ECN; a mark of congestion on the way comes back as ECE.",
	Takes: 100 * ms, Look: "the flags ECE and CWR in the SYN, ECE in the SYN+ACK, and what follows the marked segment",
	Lesson:   []string{"Client and server agree on ECN in their SYNs. The cable then marks a segment with data, as a router does whose queue grows, in place of dropping it. The receiver says ECE until the sender has answered by CWR."},
	Rule:     "RFC 9293 §3.8.2: a TCP endpoint should implement ECN; §3.1 has the flags, CWR in bit 104 and ECE in bit 105.",
	Question: "Why does the receiver repeat ECE in each acknowledgment until CWR comes?",
	Client:   withECN, Server: withECN,
	Rules: []string{"mark the server's 1st data"},
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		for _, text := range []string{filler(2000), "more", "and more"} {
			_ = server.Send(text)
			client.ReceiveAll(len(text))
			s.Settle()
		}
		s.Bye(server, client)
	},
	Expected: [2]string{"SYN.E ACK FIN", "SYN+ACK.E 1448 552 4.C 8 FIN"}, Expected6: [2]string{"", "SYN+ACK.E 1428 572 4.C 8 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var withECN = Settings{Sysctls: map[string]string{"net.ipv4.tcp_ecn": "1"}}

var _ = add(opening+24, Scenario{
	Name: "fast-open", Sentence: "A first connection gets a cookie; the second carries data in its SYN.",
	Takes: 100 * ms, Look: "the option in the first SYN+ACK, and the data in the second SYN",
	Lesson:   []string{"With TCP Fast Open the first connection brings the client a cookie. In the second it sends the cookie and its data with the SYN, and the server hands the data to the application before the third step."},
	Rule:     "RFC 9293 §3.10.7.3: it is legal to send and receive application data on SYN segments, and TCP Fast Open does.",
	Question: "What does the cookie protect the server from?",
	Client:   withFastOpen, Server: withFastOpen,
	Script: func(s *Stage) {
		listening := s.Server.Listen(5, FastOpen)
		for number := 1; number <= 2; number++ {
			from := s.Client.Socket(number, FastConnect)
			accepted := make(chan *Socket, 1)
			s.Await(listening, accepted)
			if from.Connect(s.Server.Addr()) != nil || from.Send("ping") != nil {
				return
			}
			to := <-accepted
			if to == nil {
				return
			}
			to.ReceiveAll(4)
			s.Settle()
			s.Bye(from, to)
		}
	},
	Expected: [2]string{"SYN ACK 4 FIN / SYN4 ACK FIN", "2x SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var withFastOpen = Settings{Sysctls: map[string]string{"net.ipv4.tcp_fastopen": "3"}}

var _ = add(opening+25, Scenario{
	Name: "mptcp", Sentence: "The handshake agrees on Multipath TCP by the option MP_CAPABLE.",
	Takes: 80 * ms, Look: "MP_CAPABLE in all three steps",
	Lesson:   []string{"Both ends ask their kernel for Multipath TCP. What goes over the cable is TCP all the same: the three steps carry one option more, and each end could add further paths later."},
	Rule:     "RFC 9293 §3.1: options follow the header from bit 160 on; a host that does not know one leaves it out of its answer.",
	Question: "What would happen if a device on the way removed the option from the SYN?",
	Client:   withMPTCP, Server: withMPTCP,
	Script: func(s *Stage) {
		listening := s.Server.MultipathListen(5)
		from, to := s.MeetAt(listening, s.Client.MultipathSocket(1))
		if to == nil {
			return
		}
		_ = from.Send("ping")
		to.ReceiveAll(4)
		s.Settle()
		s.Bye(from, to)
	},
	Expected: [2]string{"SYN ACK 4 FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var withMPTCP = Settings{Sysctls: map[string]string{"net.mptcp.enabled": "1"}}

// tooNarrow is why what needs a narrow network is not staged over IPv6.
const tooNarrow = "IPv6 takes no network that carries less than 1280 bytes"

// download is a script: the server sends so many bytes, and closes.
func download(bytes int) func(*Stage) {
	return func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		_ = server.Send(filler(bytes))
		client.ReceiveAll(bytes)
		s.Settle()
		s.Bye(server, client)
	}
}
