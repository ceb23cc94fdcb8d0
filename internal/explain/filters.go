package explain

// finding is what a filter finds, and the filter: of pcap-filter(7) for IPv4 and
// for IPv6, "" where the first does for both, and of Wireshark.
type finding struct{ finds, ip4, ip6, display string }

var findings = []finding{
	{"SYN, without ACK: who asks for a connection",
		"tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn", "ip6[6] == 6 and ip6[53] & 0x12 == 0x02",
		"tcp.flags.syn == 1 and tcp.flags.ack == 0"},
	{"SYN+ACK: who agrees",
		"tcp[tcpflags] & (tcp-syn|tcp-ack) == (tcp-syn|tcp-ack)", "ip6[6] == 6 and ip6[53] & 0x12 == 0x12",
		"tcp.flags.syn == 1 and tcp.flags.ack == 1"},
	{"SYN, with or without ACK", "tcp[tcpflags] & tcp-syn != 0", "ip6[6] == 6 and ip6[53] & 0x02 != 0", "tcp.flags.syn == 1"},
	{"FIN or RST: what ends a connection",
		"tcp[tcpflags] & (tcp-fin|tcp-rst) != 0", "ip6[6] == 6 and ip6[53] & 0x05 != 0", "tcp.flags.fin == 1 or tcp.flags.reset == 1"},
	{"data",
		"ip[2:2] - ((ip[0] & 15) << 2) != (tcp[12] & 0xf0) >> 2",
		"ip6[6] == 6 and ip6[4:2] != (ip6[52] & 0xf0) >> 2", "tcp.len > 0"},
	{"a window field of 0", "tcp[14:2] == 0", "ip6[6] == 6 and ip6[54:2] == 0", "tcp.window_size_value == 0"},
	{"options: a header of more than 20 bytes", "tcp[12] & 0xf0 > 0x50", "ip6[6] == 6 and ip6[52] & 0xf0 > 0x50", "tcp.hdr_len > 20"},
	{"a port, in either direction", "tcp port 6000", "", "tcp.port == 6000"},
	{"what a server sends", "tcp src port 6000", "", "tcp.srcport == 6000"},
}

// oneSegment finds one segment: PORT, SEQ and 0x12 are its own.
var oneSegment = finding{"one segment",
	"tcp src port PORT and tcp[4:4] == SEQ and tcp[13] == 0x12",
	"ip6[6]==6 and ip6[40:2]==PORT and ip6[44:4]==SEQ and ip6[53]==0x12",
	"tcp.srcport == PORT and tcp.seq_raw == SEQ and tcp.flags == 0x012"}

func (f finding) rows() rows {
	r := rows{{"capture", f.ip4}}
	if f.ip6 != "" {
		r = append(r, [2]string{"over IPv6", f.ip6})
	}
	return append(r, [2]string{"display", f.display})
}

// filterTopics is the filters of this page; those for one flag or one value of
// the flags byte stand on its page.
func filterTopics() []Topic {
	var body []block
	for _, f := range findings {
		body = append(body, heading(f.finds), f.rows())
	}
	body = append(body,
		heading("One segment, by its raw number and its flags"), oneSegment.rows(),
		para("Its repetitions have the same numbers, and are found too. More certain where the port serves many: src host ADDRESS and … ; and in Wireshark frame.number == N, in a file."),
		para("The third step cannot be told from any other ACK by its flags: follow the connection, as export --view handshake does."),
		para(ip4Only+" Exact values, as tcp[13] == 0x02, miss what has one bit more: a SYN that offers ECN is 0xc2."),
		para("Capture filters are for run, watch, replay, export and tcpdump, display filters for Wireshark and tshark -Y; a shell wants either in single quotes. Any flags: explain FIN, explain SYN+ACK, explain 0x12."))
	return []Topic{{Name: "filters", Group: groupLab, Title: "Filters", Ref: "pcap-filter(7) and wireshark-filter(4); the fields: RFC 9293 §3.1",
		aliases: []string{"filter", "bpf", "capture filter", "capture filters", "display filter", "display filters", "pcap-filter", "tcpdump filter"},
		Help:    "What finds which segments: capture filters, as tcpdump has them, and Wireshark's display filters.",
		body:    body}}
}
