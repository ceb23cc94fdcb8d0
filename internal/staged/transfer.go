package staged

import (
	"time"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

var _ = add(transfer, Scenario{
	Name: "data-lost", Sentence: "A segment with data is lost and sent again by the timer.",
	Takes: 350 * ms, Look: "how long the sender waits, and what it knows meanwhile",
	Lesson:   []string{"One segment is sent, and lost. Nothing follows it by which the receiver could notice the gap, so that only the sender's timer helps: after a little more than 200 ms it sends the segment again."},
	Rule:     "RFC 9293 §3.8.1: the retransmission timeout is determined from measured round trips. (Linux waits for 200 ms at least.)",
	Question: "Why is the SYN repeated after a second, and data after a fifth of that?",
	Rules:    []string{"drop the 1st data"},
	Script:   sayHello,
	Expected: [2]string{"SYN ACK 5! 5' FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

func sayHello(s *Stage) {
	client, server := s.Meet()
	if server == nil {
		return
	}
	_ = client.Send("hello")
	server.ReceiveAll(5)
	s.Settle()
	s.Bye(client, server)
}

var _ = add(transfer+1, Scenario{
	Name: "data-corrupted", Sentence: "A bit is turned over on the way: the checksum is wrong, and the segment is as good as lost.",
	Takes: 350 * ms, Look: "that nobody says anything about the wrong checksum",
	Lesson:   []string{"The cable turns over one bit of the data. The receiver computes another checksum than the header holds and drops the segment without a word; the sender's timer does the rest."},
	Rule:     "RFC 9293 §3.1, Checksum: the sender must generate it and the receiver must check it.",
	Question: "Why does the receiver not ask for the segment again?",
	Rules:    []string{"corrupt the 1st data"},
	Script:   sayHello,
	Expected: [2]string{"SYN ACK 5 5' FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(transfer+2, Scenario{
	Name: "duplicate-data", Sentence: "The path makes a copy of a segment with data; the receiver says so by D-SACK.",
	Takes: 120 * ms, Look: "that the application gets the data once",
	Lesson:   []string{"A segment with data arrives twice. The second one begins before RCV.NXT: it is dropped and answered by an acknowledgment, which names what came twice."},
	Rule:     "RFC 9293 §3.10.7.4, first: a segment that is not acceptable is answered by an acknowledgment. (RFC 2883: D-SACK.)",
	Question: "What can a sender learn from being told that something came twice?",
	Rules:    []string{"duplicate the 1st data after 20ms"},
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		_ = client.Send("hello")
		server.ReceiveAll(5)
		s.Wait(30 * ms)
		s.Settle()
		s.Bye(client, server)
	},
	Expected: [2]string{"SYN ACK 5 5* FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(transfer+3, Scenario{
	Name: "fast-retransmit", Sentence: "A segment is lost and sent again after duplicate ACKs, without waiting for the timer.",
	Takes: 200 * ms, Look: "the acknowledgments that repeat a number, and the SACK blocks in them",
	Lesson:   []string{"Of six segments the second is lost. Each one behind it that arrives is answered at once by an acknowledgment of the same number, with SACK blocks that say what has come. By these the sender knows that one is missing while others arrive, and sends it again long before its timer runs out."},
	Rule:     "RFC 9293 §3.8.2: fast retransmit and fast recovery (RFC 5681); §3.8.6.3: out-of-order segments are acknowledged immediately.",
	Question: "Why does the sender wait for more than one duplicate acknowledgment?",
	Delay:    [2]time.Duration{10 * ms, 10 * ms},
	Rules:    []string{"drop the server's 2nd data"},
	Client:   narrow, Server: narrow, OnlyIPv4: tooNarrow,
	Script:   download(6 * 524),
	Expected: [2]string{"SYN ACK FIN", "SYN+ACK 524 524! 524 524 524 524 524' FIN"},
	End:      wire.Server,
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
	Varies:   "whether the kernel's own probe comes first",
})

var _ = add(transfer+4, Scenario{
	Name: "reorder", Sentence: "Segments overtake each other; SACK says what has arrived, and nothing is lost.",
	Takes: 150 * ms, Look: "the SACK blocks, and that the application gets the bytes in order",
	Lesson:   []string{"The cable holds the second of six segments back until others have passed. The receiver keeps what came early, and says by SACK what it has. When the late one comes all is acknowledged at once."},
	Rule:     "RFC 9293 §3.10.7.4, first: segments with higher beginning sequence numbers should be held for later processing.",
	Question: "How could the sender tell this from a loss?",
	Delay:    [2]time.Duration{10 * ms, 10 * ms},
	Rules:    []string{"reorder the server's 2nd data"},
	Client:   narrow, Server: narrow, OnlyIPv4: tooNarrow,
	Script:   download(6 * 524),
	Expected: [2]string{"SYN ACK FIN", "SYN+ACK 524 524 524 524 524 524 524' FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(transfer+5, Scenario{
	Name: "zero-window", Sentence: "The client does not read: its window closes, is probed, and opens again.",
	Takes: 1000 * ms, Look: "the window of 0, the probes, and the window update",
	Lesson:   []string{"The client's application does not read. Its receive buffer fills up, and the window that it announces shrinks to 0: the server has to stop. It asks from time to time by a probe, as the message that opens the window could be lost. When the application reads the window opens, and the rest follows."},
	Rule:     "RFC 9293 §3.8.6.1: probing of zero windows must be supported; the receiver answers with its next expected number and the window.",
	Question: "Why are probes needed, where the receiver sends a window update by itself?",
	Script: func(s *Stage) {
		client, server := s.Meet(SmallBuffer)
		if server == nil {
			return
		}
		const size = 12000
		s.Go(func() {
			_ = server.Send(filler(size))
			server.Close()
		})
		s.Wait(700 * ms)
		client.ReceiveAll(size + 1)
		s.Settle()
		client.Close()
		s.Settle()
	},
	Expected:  [2]string{"SYN ACK FIN", "SYN+ACK 1448 1448 1448 24 1448 1448 1448 1448 1448 392F"},
	Expected6: [2]string{"", "SYN+ACK 1428 1428 1428 24 1428 1428 1428 1428 1428 552F"},
	Verdicts:  [2]string{conversation.WindowStalled, conversation.WindowStalled},
	Varies:    "how the data are divided into segments",
})

var _ = add(transfer+6, Scenario{
	Name: "keep-alive", Sentence: "Nothing is said for a while; keep-alives ask whether the other end is there, and it is.",
	Takes: 2300 * ms, Look: "that a keep-alive's seq lies one before the next",
	Lesson:   []string{"The client asks for keep-alives after one second of silence. Each is an empty segment with a number that was acknowledged already: the other end cannot take it, and so has to say what it expects."},
	Rule:     "RFC 9293 §3.8.4: a probe generally contains SEG.SEQ = SND.NXT-1; keep-alives must default to off, and to no less than two hours.",
	Question: "Why does such a probe get an answer, where an ordinary empty ACK would not?",
	Script: func(s *Stage) {
		client, server := s.Meet(KeepAlive, IdleSecond, EverySecond, TwoProbes)
		if server == nil {
			return
		}
		s.Wait(2200 * ms)
		s.Settle()
		s.Bye(client, server)
	},
	Expected: [2]string{"SYN ACK FIN", "SYN+ACK FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(transfer+7, Scenario{
	Name: "keepalive-unanswered", Sentence: "The cable is cut: keep-alives get no answer, and the client gives up.",
	Takes: 4200 * ms, Look: "how many probes are lost before the client believes it",
	Lesson:   []string{"Somebody cuts the cable. Neither end is told: without keep-alives both would stay in ESTABLISHED for ever. The client's two probes stay without an answer, and it gives the connection up; recv() fails."},
	Rule:     "RFC 9293 §3.8.4: failure to respond to any specific probe must not be taken for a dead connection.",
	Question: "What does the server know of all this?",
	Script: func(s *Stage) {
		client, server := s.Meet(KeepAlive, IdleSecond, EverySecond, TwoProbes)
		if server == nil {
			return
		}
		s.Cut()
		_, _ = client.Receive(1)
		client.Close()
		s.Settle()
	},
	Expected: [2]string{"SYN ACK ACK! ACK! RST! or SYN ACK ACK! ACK!", "SYN+ACK"},
	Varies:   "whether the kernel sends an RST when it gives up",
	Verdicts: [2]string{conversation.Aborted + " or " + conversation.NotAcknowledged, conversation.StillGoing},
})

var _ = add(transfer+8, Scenario{
	Name: "path-mtu", Sentence: "A router says by ICMP that the packets are too big; smaller ones pass.",
	Takes: 120 * ms, Look: "the next-hop MTU in the ICMP error, and the size of the segments after it",
	Lesson:   []string{"The way is narrower than both ends know: packets of more than 1000 bytes do not pass. A router, 203.0.113.1, drops the first and says by ICMP 3/4 how much would pass. The sender sends the same bytes again in smaller segments."},
	Rule:     "RFC 9293 §3.7.2: path MTU discovery sets the DF flag and relies on ICMP errors whenever a segment is too large to traverse a link.",
	Question: "Some firewalls drop all ICMP. What would happen here then?",
	NextMTU:  1000, OnlyIPv4: tooNarrow + ": the scenario path-mtu-ipv6 is the same there",
	Rules:    []string{"answer every packet larger than 1000 bytes with ICMP 3/4"},
	Script:   download(3000),
	Expected: [2]string{"SYN ACK FIN / ICMP3/4* ICMP3/4*", "SYN+ACK 1448! 1448! 104 948 948 948 156 FIN"},
	End:      wire.Server,
	Verdicts: [2]string{conversation.Fine, conversation.PathMTUFound},
})

var _ = add(transfer+9, Scenario{
	Name: "path-mtu-ipv6", Sentence: "Over IPv6 a router says by ICMPv6, packet too big, how much would pass.", Family: hosts.IPv6,
	Takes: 120 * ms, Look: "the MTU in the ICMPv6 error, and the size of the segments after it",
	Lesson:   []string{"The way carries 1280 bytes, the least that a network of IPv6 has to carry. A router, 2001:db8:3::1, drops the first packets that are larger and says by ICMPv6, type 2, how much would pass. In IPv6 no router ever cuts a packet into pieces, so there is no DF flag to ask for that. The sender sends the same bytes again in smaller segments."},
	Rule:     "RFC 9293 §3.7.2: path MTU discovery relies on ICMP errors whenever a segment is too large to traverse a link.",
	Question: "1280 bytes pass, and the segments carry 1208. What are the other 72?",
	NextMTU:  1280,
	Rules:    []string{"answer every packet larger than 1280 bytes with ICMP 3/4"},
	Script:   download(3000),
	Expected: [2]string{"SYN ACK FIN / ICMPv6-2/0* ICMPv6-2/0*", "SYN+ACK 1428! 1428! 144 1208 1208 584 FIN"},
	End:      wire.Server,
	Verdicts: [2]string{conversation.Fine, conversation.PathMTUFound},
})

var _ = add(transfer+10, Scenario{
	Name: "black-hole", Sentence: "Large packets vanish without a word, small ones pass.",
	Takes: 2000 * ms, Look: "that the handshake is all right, and the data never come",
	Lesson:   []string{"The same narrow way, and nobody says so. The handshake's packets are small and pass; the first full segment does not, and neither does its repetition. The connection is open, and stands still until the client gives up."},
	Rule:     "RFC 9293 §3.7.2: PLPMTUD relaxes the requirement for ICMP support across a path.",
	Question: "Why do people report that login works, and long listings hang?",
	Rules:    []string{"drop every packet larger than 1000 bytes"},
	Script: func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		_ = server.Send(filler(3000))
		s.Wait(1800 * ms)
		client.Abort()
		s.Settle()
		server.Close()
		s.Settle()
	},
	Expected:  [2]string{"SYN ACK RST", "SYN+ACK 1448! 1448! 104 1448'! 1448'! 1448'! 1448'!"},
	Expected6: [2]string{"", "SYN+ACK 1428! 1428! 144 1428'! 1428'! 1428'! 1428'!"},
	End:       wire.Server,
	Verdicts:  [2]string{conversation.DataNeverArrived, conversation.PathMTU},
	Varies:    "how often the segment is sent again",
})

var _ = add(transfer+11, Scenario{
	Name: "nagle-delayed-ack", Sentence: "Two small writes and a wait: Nagle's algorithm and the delayed acknowledgment wait for each other.",
	Takes: 150 * ms, Look: "the 40 ms in which nothing happens, and what ends them",
	Lesson:   []string{"The server writes twice, a few bytes each, and waits for an answer; so does the article's greeting. The first write is sent at once. The second is held back by Nagle's algorithm (Go switches it off; handshake-lab server --nagle switches it on) until the first is acknowledged; the client, which has nothing to send, holds the acknowledgment back for some 40 ms. Each waits for the other. With TCP_NODELAY (the scenario nodelay) the wait is gone."},
	Rule:     "RFC 9293 §3.7.4: if there is unacknowledged data the sender buffers all user data until it has been acknowledged; there can be problematic interactions with delayed acknowledgments.",
	Question: "Which end would you change, and how, if the wait hurts?",
	Script:   twoWrites(),
	Expected: [2]string{"SYN ACK 5 5 FIN", "SYN+ACK 9 17 9 17 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

var _ = add(transfer+12, Scenario{
	Name: "nodelay", Sentence: "The same two small writes with TCP_NODELAY: both are sent at once.",
	Takes: 100 * ms, Look: "that the second segment does not wait for the first one's acknowledgment",
	Lesson:   []string{"The server has switched Nagle's algorithm off for this connection. Its two small writes are two small segments, one right after the other."},
	Rule:     "RFC 9293 §3.7.4: there must be a way for an application to disable the Nagle algorithm on an individual connection.",
	Question: "What would be better than two small writes, with Nagle's algorithm or without?",
	Script:   twoWrites(NoDelay),
	Expected: [2]string{"SYN ACK 5 5 FIN", "SYN+ACK 9 17 9 17 FIN"},
	Verdicts: [2]string{conversation.Fine, conversation.Fine},
})

// twoWrites is a script in which the server writes twice, and waits.
func twoWrites(options ...Option) func(*Stage) {
	return func(s *Stage) {
		client, server := s.Meet()
		if server == nil {
			return
		}
		for _, o := range options {
			server.Set(o)
		}
		for range 2 {
			client.Set(DelayedACKs)
			_ = server.Send("Welcome!\n")
			_ = server.Send("What's your name?")
			client.ReceiveAll(26)
			_ = client.Send("Alice")
			server.ReceiveAll(5)
		}
		s.Settle()
		s.Bye(client, server)
	}
}

// narrow is a network of small packets, so that a few bytes make several segments.
var narrow = Settings{MTU: 576}
