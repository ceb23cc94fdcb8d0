package explain

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
)

// fieldMore is what the reference says of a field besides its one sentence:
// the short name to ask for, other names, and what to know.
type fieldMore struct {
	name    string
	aliases []string
	text    []string
}

var fieldsMore = map[string]fieldMore{
	"tcp.srcport": {"srcport", []string{"sport", "source"}, []string{
		"A client's port is picked by the kernel out of a range (Linux: net.ipv4.ip_local_port_range, usually 32768-60999) unless it calls bind().",
		"A socket is an address and a port; a connection is a pair of sockets, so two connections may share a port as long as the pair differs (RFC 9293 §3.4.1)."}},
	"tcp.dstport": {"dstport", []string{"dport", "destination", "port"}, []string{
		"In the SYN it says which service is wanted. The greeting server listens on 6000, which Wireshark takes for X11: tell it -d tcp.port==6000,data."}},
	"tcp.seq_raw": {"seq", []string{"tcp.seq", "sequence"}, []string{
		"SYN: seq = x, the client's initial sequence number. SYN+ACK: seq = y, the server's.",
		"By the RFC each is a clock's count plus a keyed hash of both sockets, ISN = M + F(…): not random, but unpredictable from outside. By the clock a later connection of the same two sockets gets a higher number, until that wraps, so that old segments do not fit it; by the hash a forger cannot guess the number (RFC 9293 §3.4.1).",
		"A SYN and a FIN take one number each, like a byte of data: the first byte has number x + 1. A pure ACK takes none. Numbers wrap from 4294967295 to 0 (RFC 9293 §3.4).",
		"Wireshark's tcp.seq is relative: the SYN's number is shown as 0 (explain relative). How x and y are made: explain isn."}},
	"tcp.ack_raw": {"acknowledgment", []string{"ack", "tcp.ack", "acknowledgement", "acknowledgement number", "acknum", "acknr"}, []string{
		"SYN: 0, nothing to acknowledge, and the ACK flag is not set. SYN+ACK: ack = x + 1, as the SYN has taken one number. The third step: ack = y + 1. After n bytes of data: y + 1 + n.",
		"It is cumulative: everything before this number has arrived (RFC 9293 §3.4). What arrived beyond a gap is told by SACK.",
		"The flag that makes the number count is another page: explain ACK."}},
	"tcp.hdr_len": {"offset", []string{"doff", "hlen", "header length", "segment length"}, []string{
		"5 words are 20 bytes: no options. A SYN on Linux has 10 words, 40 bytes, 20 of them options. 15 words, 60 bytes, is the most; less than 5 is an error.",
		"Wireshark shows tcp.hdr_len in bytes: 4 × this number.",
		"TCP has no length of its own: IP's total length, less IP's header, is header and data together. An IPv4 packet of 60 bytes with an IP header of 20 leaves 40; in a SYN, which as a rule has no data, they are all header (explain lengths)."}},
	"tcp.flags.res": {"reserved", []string{"res", "rsrvd"}, []string{
		"Figure 1 of RFC 9293 has four reserved bits, 100-103. RFC 9768 took the fourth, 103, for AE (§3.1); three are left."}},
	"tcp.flags.ae": {"AE", []string{"NS", "nonce", "accurate ecn"}, []string{
		"With CWR and ECE it forms the ACE field, a counter of packets marked with congestion; in the SYN and SYN+ACK the three negotiate Accurate ECN (RFC 9768 §3.1). Figure 1 of RFC 9293 still shows the bit as reserved; before that it was NS, the ECN nonce."}},
	"tcp.flags.cwr": {"CWR", nil, []string{
		"SYN with ECE and CWR: I can do ECN. SYN+ACK with ECE alone: so can I (RFC 3168 §6.1.1)."}},
	"tcp.flags.ece": {"ECE", []string{"ecn-echo", "ecn"}, []string{
		"SYN with ECE and CWR: I can do ECN. SYN+ACK with ECE alone: so can I (RFC 3168 §6.1.1)."}},
	"tcp.flags.urg": {"URG", nil, []string{
		"New programs should not use urgent data: systems differ in what they take the pointer for, and devices on the way interfere (RFC 9293 §3.8.5)."}},
	"tcp.flags.ack": {"ACK", nil, []string{
		"The handshake's third step usually is the first segment with ACK alone. Before it, the SYN+ACK acknowledges the client's SYN.",
		"The number that it makes count is the Acknowledgment Number: explain ack."}},
	"tcp.flags.push": {"PSH", []string{"push"}, []string{"Usually set on the last segment of what one send() gave, where no more data waits; it marks no message border (RFC 9293 §3.9.1.2)."}},
	"tcp.flags.reset": {"RST", []string{"reset"}, []string{
		"Sent when a SYN meets no listening socket, when a segment belongs to no connection, when a program aborts (SO_LINGER 0), or closes with data unread or still to come (RFC 9293 §3.5.2, §3.6.1, §3.10.5).",
		"In an open connection it counts where its seq is just the number expected next; elsewhere in the window it gets a challenge ACK, outside it is dropped (§3.10.7.4, after RFC 5961 §3; stacks without that take any in the window). In SYN-SENT it counts where it acknowledges the SYN (§3.5.3). State by state: explain rst-valid."}},
	"tcp.flags.syn": {"SYN", []string{"synchronize"}, []string{
		"Set in the first two steps only. A SYN without ACK asks for a connection; with ACK it agrees to one. In a simultaneous open both ends send both (RFC 9293 §3.5, figure 7)."}},
	"tcp.flags.fin": {"FIN", []string{"finish"}, []string{"The other direction stays open until it has had its own FIN: a connection can be half closed (RFC 9293 §3.6.1)."}},
	"tcp.window_size_value": {"window", []string{"win", "window size", "tcp.window_size", "rwnd"}, []string{
		"In a SYN and a SYN+ACK it is never scaled. After them it is multiplied by 2 to the power of the window scale, if both ends offered the option (RFC 7323 §2.2).",
		"0 stops the sender, which then sends window probes (RFC 9293 §3.8.6.1).",
		"On loopback the first window is 65495 or 65483, as its MSS is so large; on Ethernet Linux begins with 64240 or so."}},
	"tcp.checksum": {"checksum", []string{"sum", "tcp.checksum.status", "partial", "offload"}, []string{
		"A capture on the sending host, or on loopback, often holds only the sum of the pseudo-header: the device was to complete it (checksum offload), and on loopback nobody does. This is shown as partial and is no error.",
		"A segment whose checksum is wrong is dropped without an answer. Worked out word by word: explain checksum-by-hand."}},
	"tcp.urgent_pointer": {"urgent", []string{"urgptr", "urg pointer"}, []string{
		"seq + the pointer is the number of the byte after the urgent data (RFC 9293 §3.8.5). Usually 0, as URG is not set: new programs should not use urgent data."}},
}

// headerTopics are the whole header, its fields, and the single flags.
func headerTopics() []Topic {
	topics := []Topic{{
		Name: "header", Group: groupHeader, aliases: []string{"tcp", "tcp header", "segment", "fields"},
		Title: "The TCP header",
		Help:  "20 bytes, 160 bits, then up to 40 bytes of options. Bits are counted from 0 at the first bit of the header.",
		Ref:   decode.Fields[0].Ref,
		body:  []block{noBits, fieldRows(decode.Fields)},
	}}
	for _, f := range decode.Fields {
		topics = append(topics, fieldTopic(f))
	}
	return append(topics, checksumTopic(), lengthsTopic())
}

func fieldTopic(f decode.Field) Topic {
	more := fieldsMore[f.Key]
	t := Topic{
		Name: more.name, Group: groupHeader,
		Title: f.Name + ", " + bitRange(f), Help: f.Help, Ref: f.Ref,
		aliases: append([]string{f.Key, strings.TrimPrefix(f.Key, "tcp."), f.Name}, more.aliases...),
		body:    []block{grid{f.Offset, f.End()}},
	}
	for _, text := range more.text {
		t.body = append(t.body, para(text))
	}
	keys := rows{{"key", f.Key}}
	if flag, ok := flagOf(f); ok {
		t.Group = groupFlags
		keys = append(keys, oneFlagRows(flag)...)
	}
	t.body = append(t.body, keys)
	return t
}

// fieldRows lists fields with their bits and their one sentence.
func fieldRows(fields []decode.Field) rows {
	var r rows
	for _, f := range fields {
		r = append(r, [2]string{bitRange(f), f.Name + ": " + f.Help})
	}
	return r
}
