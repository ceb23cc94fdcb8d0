package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// lessonTopics are the handshake and the end of a connection.
func lessonTopics() []Topic {
	position := func(key string) string {
		f, _ := decode.ByKey(key)
		return bitRange(f)
	}
	step := func(name string, flags decode.Flags, seq, ack string) []block {
		return []block{heading(name), rows{
			{"flags, " + position("tcp.flags"), flags.Bits() + " " + flags.Letters() + " " + flags.String()},
			{"seq, " + position("tcp.seq_raw"), seq},
			{"ack, " + position("tcp.ack_raw"), ack},
		}}
	}
	handshake := []block{}
	for _, s := range [...][]block{
		step("1. client → server", decode.SYN, "x, the client's initial number, unpredictable", "0, nothing to acknowledge"),
		step("2. server → client", decode.SYN|decode.ACK, "y, the server's initial number, unpredictable", "x + 1: the SYN has taken one number"),
		step("3. client → server", decode.ACK, "x + 1", "y + 1"),
	} {
		handshake = append(handshake, s...)
	}
	handshake = append(handshake,
		para("With step 2 the client is ESTABLISHED and connect() returns; with step 3 the server is, and accept() has a connection to return."),
		para("Two steps would not do: the server could not tell an old duplicate of a SYN from a new one. With the third it knows that the client has seen y (RFC 9293 §3.4.1)."),
		para("The third step may carry data already (§3.10.7.3); sockets let it go alone as a rule, as connect() returns first. Data in a SYN waits until the handshake is complete, but with Fast Open: explain fastopen."),
		para("How x and y are made: explain isn."))
	return []Topic{
		{Name: "handshake", Group: groupHandshake, Title: "The three-way handshake", Ref: "RFC 9293 §3.5",
			aliases: []string{"three-way handshake", "3whs", "steps", "three steps", "3-way handshake", "step"},
			Help:    "Both ends tell each other their initial sequence number, and each acknowledges the other's.",
			body:    handshake},
		{Name: "termination", Group: groupHandshake, Title: "The end of a connection", Ref: "RFC 9293 §3.6",
			aliases: []string{"teardown", "closing a connection", "four-way", "end of connection"},
			Help:    "Each direction is closed by itself, with a FIN that the other end acknowledges.",
			body: []block{rows{
				{"FIN →", "FIN-WAIT-1 at the end that closes first"},
				{"← ACK", "FIN-WAIT-2 there, CLOSE-WAIT at the other: data may still come back"},
				{"← FIN", "LAST-ACK at the other"},
				{"ACK →", "TIME-WAIT at the first, CLOSED at the other"},
			}, para("The second and the third are one segment where the other end closes at once. A FIN takes one sequence number. " +
				"The greeting server closes first, after Good bye!, so TIME-WAIT is on its side."),
				para("An RST ends both directions at once, and nothing acknowledges it.")}},
	}
}

var completenessBits = [...]string{"SYN", "SYN+ACK", "ACK", "DATA", "FIN", "RST"}

// labTopics are the words in which the program, and Wireshark, sum things up.
func labTopics() []Topic {
	return []Topic{
		planTopic(),
		completenessOverview(),
		{Name: "initial-rtt", Group: groupLab, Title: "Initial RTT",
			aliases: []string{"irtt", "initial rtt", "rtt", "tcp.analysis.initial_rtt"},
			Help:    "The time from the last SYN to the first pure ACK that completes the handshake.",
			body: []block{rows{{"key", "tcp.analysis.initial_rtt, in seconds; the round trip of each segment that is acknowledged: tcp.analysis.ack_rtt, on the ACK (export --view segments --format csv)"}},
				para("It is not the time from SYN to SYN+ACK: it holds the way to the server and back, and what both kernels took to answer, as seen where the capture was made."),
				para("On loopback it is some ten microseconds, next door a millisecond, across an ocean a hundred. Wireshark takes it for a bound: a segment that comes out of order within it was reordered and not sent again."),
				para("TCP's own estimate goes on all the time, and sets the retransmission timer.")},
			Ref: "RFC 6298 §2 and Wireshark's user's guide, TCP Analysis"},
		{Name: "loopback", Group: groupLab, Title: "What is special on loopback",
			aliases: []string{"lo", "localhost", "127.0.0.1", "::1"},
			Help:    "Segments never leave the kernel, which shows in a few numbers; the protocol is the same.",
			body: []block{rows{
				{"MSS", "65495, over IPv6 65476, as the interface's MTU is 65536. On Ethernet 1460 and 1440."},
				{"window", "65495 or 65483 at first. On Ethernet about 64240."},
				{"checksum", "partial: only the pseudo-header's sum, as no device completes it. A capture on another host shows it whole."},
				{"round trip", "microseconds. A real network takes milliseconds."},
				{"loss", "none on the way, and no reordering: what is sent again was dropped at a full queue, as in scenario:accept-overflow."},
				{"frame", "Ethernet header with addresses of zeros on Linux; a 4-byte family on BSD and macOS."},
				{"counters", "each packet passes the interface twice, out and in; a capture shows it once."},
			}},
			Ref: "RFC 9293 §3.7.1 for the MSS, §3.1 for the checksum"},
	}
}

func completenessOverview() Topic {
	parts, sums := rows{}, rows{}
	for i, name := range completenessBits {
		parts = append(parts, [2]string{strconv.Itoa(1 << i), name})
	}
	for _, n := range [...]conversation.Completeness{1, 3, 7, 15, 23, 31, 37, 39, 47, 55, 63} {
		sums = append(sums, [2]string{n.Text(), n.Sum()})
	}
	return Topic{Name: "completeness", Group: groupLab, Title: "Completeness of a conversation",
		aliases: []string{"tcp.completeness", "complete"},
		Help:    "Wireshark's sum of what was seen of a conversation; the sum has a name.",
		body: []block{parts, sums,
			para("ACK is any segment with the ACK bit, without SYN and without data: a FIN or an RST with that bit counts for it too. " +
				"So a SYN that an RST+ACK refuses makes 1 + 4 + 32 = 37, though there was no third step."),
			para("Complete means: SYN, SYN+ACK and ACK were seen, and a FIN or an RST. It says nothing about lost segments in between, " +
				"and where the only ACK is that of the RST (39) the handshake was not complete. Ask for one sum: explain completeness 31.")},
		Ref: "Wireshark's user's guide, TCP Analysis; key tcp.completeness"}
}

// ackBits says whose ACK bit may have counted for the ACK, by the segments that
// were seen.
var ackBits = map[int]string{
	int(conversation.SawFIN):                       "the ACK bit of the FIN",
	int(conversation.SawRST):                       "the ACK bit of an RST",
	int(conversation.SawFIN | conversation.SawRST): "the ACK bit of the FIN or of an RST",
}

// completenessTopic explains one sum.
func completenessTopic(n int) Topic {
	c := conversation.Completeness(n)
	missing := rows{}
	for i, name := range completenessBits {
		seen := "not seen"
		if n&(1<<i) != 0 {
			seen = "seen"
			if ends := n & int(conversation.SawFIN|conversation.SawRST); 1<<i == int(conversation.SawACK) && ends != 0 {
				seen = "seen; " + ackBits[ends] + " is enough for that"
			}
		}
		missing = append(missing, [2]string{fmt.Sprintf("%2d %s", 1<<i, name), seen})
	}
	return Topic{Name: "completeness " + strconv.Itoa(n), Group: groupLab, Title: "Completeness: " + c.Text(),
		Help: capitalText(c.Sum()) + ".", body: []block{missing},
		Ref: "Wireshark's user's guide, TCP Analysis; key tcp.completeness"}
}

func capitalText(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// completenessOf reads "completeness 31" and "tcp.completeness == 31".
func completenessOf(words string) (Topic, bool, error) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.ToLower(words), "tcp."), "completeness")
	if !ok {
		return Topic{}, false, nil
	}
	n, err := strconv.Atoi(strings.Trim(rest, " =:"))
	if most := 1<<len(completenessBits) - 1; err != nil || n < 0 || n > most {
		return Topic{}, false, fmt.Errorf("%q: a completeness is a number from 0 to %d", words, most)
	}
	return completenessTopic(n), true, nil
}
