package explain

import (
	"fmt"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
)

// option is what the reference says of one TCP option.
type option struct {
	kind    uint8
	length  string // bytes, kind and length included
	name    string
	aliases []string
	help    string
	more    string
	ref     string
	shown   string // as tcpdump prints it
}

// options are the options by number (IANA, tcp-parameters).
var options = []option{
	{0, "1", "eol", []string{"end", "end of option list"},
		"Ends the option list; the rest of the header is padding.", "", "RFC 9293 §3.2", "eol"},
	{1, "1", "nop", []string{"padding"},
		"Fills a byte, so that the next option begins at a multiple of 4 bytes.",
		"The only option besides 0 without a length byte.", "RFC 9293 §3.2", "nop"},
	{2, "4", "mss", []string{"tcp.options.mss_val"},
		"The most data, in bytes, that the sender of this SYN can take in a segment without options.",
		"It stands only in segments with SYN, and each end says its own. On Ethernet it is 1460: an MTU of 1500 less 20 bytes of IP and 20 of TCP header, over IPv6 1440. " +
			"On loopback it is 65495, the largest IPv4 packet of 65535 bytes less 40; over IPv6 65476, the MTU of 65536 less 60. Without the option the other end takes it to be 536, over IPv6 1220 (RFC 9293 §3.7.1).",
		"RFC 9293 §3.2", "mss 1460"},
	{3, "3", "wscale", []string{"ws", "scale", "tcp.options.wscale.shift"},
		"By how many bits the sender's window field is to be shifted to the left: 7 means 128 times.",
		"It stands only in SYN and SYN+ACK, whose own windows are never scaled, and works only if both offer it. At most 14. A window field of 64 and a scale of 10 mean 64 × 1024 = 65536 bytes.",
		"RFC 7323 §2", "wscale 7"},
	{4, "2", "sackOK", []string{"sack_perm", "sackperm", "tcp.options.sack_perm"},
		"In a SYN: the sender understands selective acknowledgments.", "", "RFC 2018 §2", "sackOK"},
	{5, "10, 18, 26, 34", "sack", []string{"selective acknowledgment", "tcp.options.sack_le", "tcp.options.sack_re", "d-sack", "dsack"},
		"Blocks of data, left edge and right edge, that have arrived beyond a gap.",
		"Beside timestamps there is room for 3 blocks. A first block below the acknowledgment number, or within the second block, tells of a duplicate (D-SACK, RFC 2883).",
		"RFC 2018 §3", "sack 1 {5:9}"},
	{8, "10", "timestamps", []string{"ts", "tsval", "tsecr", "timestamp", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr", "paws"},
		"The sender's clock (TSval) and the last clock value it had from the peer (TSecr).",
		"They measure round trips (RFC 7323 §4) and tell old duplicates from new segments when sequence numbers wrap (PAWS, §5). In the first SYN TSecr is 0; the SYN+ACK echoes the TSval of the SYN, the third step that of the SYN+ACK. The option takes 10 bytes, two NOPs before it 2: each segment carries 12 bytes less.",
		"RFC 7323 §3", "TS val 1 ecr 0"},
	{19, "18", "md5", []string{"md5sig"},
		"A signature over the segment, for BGP sessions.",
		"A segment whose signature does not fit is dropped without an answer. Superseded by TCP-AO. tcpdump checks it with the key (-M).",
		"RFC 2385 §2.0", "md5 shared secret not supplied with -M, can't check - …"},
	{28, "4", "uto", []string{"user timeout"},
		"How long the sender lets data stay unacknowledged before it gives up.",
		"The first bit is the unit, 0 for seconds and 1 for minutes, the other 15 are the number: 0x003c is 60 s. tcpdump 4.99.3 takes the last bit for the unit, and shows 30.",
		"RFC 5482 §3", "uto 0x3c 30"},
	{29, "at least 4", "ao", []string{"tcp-ao", "authentication option", "authentication"},
		"Authenticates the segment with a key that both ends know.", "", "RFC 5925 §2.2", "tcp-ao keyid 1 rnextkeyid 1 mac 0x…"},
	{30, "by subtype", "mptcp", []string{"mp_capable", "mp_join", "dss", "add_addr"},
		"Multipath TCP: one connection over several paths.",
		"The first SYN says MP_CAPABLE, in 4 bytes (version 1; version 0 had 12, a key among them); further paths say MP_JOIN. Listeners of Go programs are MPTCP by default; the ones of this program are plain TCP.",
		"RFC 8684 §3", "mptcp 4 capable v1"},
	{34, "2, 6 to 18", "fastopen", []string{"tfo", "fast open", "cookie"},
		"A cookie with which a later SYN may carry data; without a cookie it asks for one.", "", "RFC 7413 §4.1.1", "tfo cookiereq"},
	{172, "2, 5, 8, 11", "accecn0", []string{"accurate ecn order 0"},
		"How many bytes have come with each mark of ECN, in the order ECT(0), CE, ECT(1).",
		"CE is the mark of congestion. Each counter has 3 bytes; the last ones may be left out.", "RFC 9768 §3.2.3", "unknown-172 0x…"},
	{174, "2, 5, 8, 11", "accecn1", []string{"accurate ecn order 1"},
		"How many bytes have come with each mark of ECN, in the order ECT(1), CE, ECT(0).",
		"CE is the mark of congestion. Each counter has 3 bytes; the last ones may be left out.", "RFC 9768 §3.2.3", "unknown-174 0x…"},
	{253, "at least 4", "experiment1", []string{"exp1", "experiment 253"},
		"For experiments; two or four bytes behind the length say whose (ExID).", "", "RFC 6994 §3", "unknown-253 0x1234"},
	{254, "at least 4", "experiment2", []string{"exp2", "experiment 254"},
		"For experiments; two or four bytes behind the length say whose (ExID).",
		"Fast Open had the ExID 0xf989 before it had a number of its own.", "RFC 6994 §3", "exp-1234"},
}

// optionTopics are the option list as a whole and each option.
func optionTopics() []Topic {
	list := rows{}
	for _, o := range options {
		list = append(list, [2]string{fmt.Sprintf("%d %s", o.kind, o.name), o.help})
	}
	optionsAt := decode.Fields[len(decode.Fields)-1].End() + 1
	topics := []Topic{{
		Name: "options", Group: groupOptions, aliases: []string{"option", "tcp.options"},
		Title: fmt.Sprintf("Options, from bit %d on", optionsAt),
		Help: "Up to 40 bytes between the fixed header and the data: each a kind, a length that counts both, and its value; " +
			"kinds 0 and 1 are one byte alone.",
		Ref:  "RFC 9293 §3.1 and §3.2",
		body: []block{list},
	}}
	for _, o := range options {
		topics = append(topics, o.topic())
	}
	return topics
}

func (o option) topic() Topic {
	name := decode.Option{Kind: o.kind}.Name()
	t := Topic{
		Name: o.name, Group: groupOptions, Title: fmt.Sprintf("Option %d, %s", o.kind, name), Help: o.help, Ref: o.ref,
		aliases: append([]string{name}, o.aliases...),
		body:    []block{rows{{"kind", fmt.Sprint(o.kind)}, {"length", o.length + " (bytes, kind and length included)"}, {"tcpdump", o.shown}}},
	}
	if o.more != "" {
		t.body = append(t.body, para(o.more))
	}
	return t
}

func optionByKind(kind int) (Topic, bool) {
	for _, o := range options {
		if int(o.kind) == kind {
			return o.topic(), true
		}
	}
	return Topic{}, false
}

// optionOf reads "option 2" and "kind 2".
func optionOf(words string) (Topic, bool, error) {
	word, rest, _ := strings.Cut(strings.ToLower(words), " ")
	if word != "option" && word != "kind" {
		return Topic{}, false, nil
	}
	var kind int
	if _, err := fmt.Sscanf(strings.TrimSpace(rest)+"\n", "%d\n", &kind); err != nil {
		t, ok := named(optionTopics(), rest)
		return t, ok, nil
	}
	if kind < 0 || kind > 255 {
		return Topic{}, false, fmt.Errorf("option %d: kinds go from 0 to 255 (RFC 9293 §3.1)", kind)
	}
	if t, ok := optionByKind(kind); ok {
		return t, true, nil
	}
	name := decode.Option{Kind: uint8(kind)}.Name()
	return Topic{Name: name, Group: groupOptions, Title: fmt.Sprintf("Option %d, %s", kind, name),
		Help: "Rare, obsolete or unassigned. A TCP that does not know an option passes over it by its length.",
		Ref:  "RFC 9293 §3.1 and IANA's list of TCP option kinds"}, true, nil
}
