package explain

// labHandshakeTopics are what lab sheets ask about the opening of connections.
func labHandshakeTopics() []Topic {
	return []Topic{
		{Name: "isn", Group: groupHandshake, Title: "The initial sequence number, x and y", Ref: "RFC 9293 §3.4.1",
			aliases: []string{"initial sequence number", "initial sequence numbers", "isn selection", "x", "y", "random"},
			Help:    "Each end begins to count at a number of its own choice, which outsiders cannot predict.",
			body: []block{rows{
				{"by the RFC", "ISN = M + F(localip, localport, remoteip, remoteport, secretkey): M is a clock that ticks every 4 µs, F a pseudorandom function of both sockets and a secret."},
				{"why the clock", "A later connection of the same two sockets gets another number, so that old segments do not fit it. The clock comes round after some 4.55 hours, much longer than a segment lives."},
				{"why the secret", "Who sees no segment of the connection must not be able to guess its numbers: with them he could forge data, an RST that fits, or the third step in another's name."},
				{"why not 0", "Segments of an earlier connection that come late would fit the next one; and after a crash a host does not remember which numbers it has used."},
				{"why two", "Each direction has numbers of its own: x counts the client's bytes, y the server's. Each end must have the other's number, and hear its own confirmed: hence three steps."},
			}, para("So x and y are not random, strictly: they follow a clock, from a start that a secret hides. On Linux the clock ticks every 64 ns."),
				para("Five pairs, one below the other: handshake-lab run --repeat 5 --view handshake.")}},
		{Name: "relative", Group: groupHandshake, Title: "Relative and raw numbers", Ref: "RFC 9293 §3.4, and Wireshark's user's guide, TCP Analysis",
			aliases: []string{"relative numbers", "relative sequence number", "relative sequence numbers", "raw", "raw numbers", "absolute"},
			Help:    "A relative number counts from the initial one of its direction; the raw one is what stands in the header.",
			body: []block{rows{
				{"relative seq", "raw - x in what the client sends, raw - y in what the server sends; modulo 4294967296, as numbers wrap"},
				{"relative ack", "raw - y in what the client sends, raw - x in what the server sends: it counts the other end's bytes"},
				{"SYN", "seq 0. It has no ack; Wireshark shows 0 there"},
				{"SYN+ACK", "seq 0, ack 1"},
				{"ACK", "seq 1, ack 1"},
				{"data", "the first byte is number 1, as the SYN has taken 0"},
				{"no SYN seen", "then the first number seen is called 1"},
			}, rows{
				{"here", "the story writes x + 1 for relative 1, beside the raw number; export --view segments --format csv has tcp.seq and tcp.ack (relative), tcp.seq_raw and tcp.ack_raw"},
				{"Wireshark", "shows relative numbers; tshark -o tcp.relative_sequence_numbers:FALSE shows raw ones"},
				{"tcpdump", "shows raw numbers in SYNs, relative ones behind them; -S raw ones everywhere"},
			}, para("In an answer say which ones you mean.")}},
		{Name: "ports", Group: groupHandshake, Title: "Ports and their classes", Ref: "RFC 9293 §3.1 and §3.4.1, and IANA's registry of port numbers (RFC 6335)",
			aliases: []string{"port numbers", "port classes", "port class", "well-known ports", "ephemeral", "ephemeral port", "ephemeral ports", "registered ports", "dynamic ports"},
			Help:    "16 bits that tell the programs of one address apart; IANA has three classes of them.",
			body: []block{rows{
				{"0-1023", "system ports, well known: services of standards, as 22 ssh, 80 http, 443 https. On Linux and the like it takes a privilege to listen there."},
				{"1024-49151", "user ports, registered: IANA assigns them too. The greeting server's 6000 is X11's."},
				{"49152-65535", "dynamic ports, private or ephemeral: never assigned, for whoever needs one for a while."},
			}, para("A client's port is an ephemeral one: the kernel picks it, on Windows and macOS out of the dynamic ports, on Linux out of 32768-60999 (net.ipv4.ip_local_port_range), which begins among the user ports. A server's is the one that clients know."),
				para("In the answer the two are exchanged: what is the source port of a reply was the destination port of the question."),
				para("A connection is a pair of sockets, an address and a port each: two connections may share three of the four.")}},
		{Name: "syn-flood", Group: groupHandshake, Title: "SYN floods and SYN cookies", Ref: "RFC 4987 §2 and §3.6",
			aliases: []string{"SYN flood", "syn flooding", "flood", "cookies", "syn cookies explained", "syn queue", "syn backlog"},
			Help:    "SYNs that are never followed by an ACK fill the server's queue of half-open connections.",
			body: []block{rows{
				{"the attack", "each SYN makes the server keep an entry in SYN-RECEIVED and send a SYN+ACK. Its source is forged, so no ACK ever comes. Once the queue is full honest SYNs are dropped too."},
				{"how long", "the server repeats the SYN+ACK before it gives an entry up: on Linux 5 times (net.ipv4.tcp_synack_retries), waiting 1, 2, 4, 8 and 16 s before each; 32 s after the last the entry is gone"},
				{"how many", "at the server: ss -tan state syn-recv; how large the queue may be: the backlog of listen(), net.core.somaxconn and net.ipv4.tcp_max_syn_backlog"},
				{"cookies", "a server that runs out of room keeps nothing: it computes y from both sockets, a secret and a slow clock. Only an ACK of y + 1 brings the connection about: whoever sends that has seen y."},
				{"their price", "y has room for little: of the options only the MSS is kept, roughly; scale and SACK go into the timestamp, if there is one. And the SYN+ACK cannot be repeated."},
			}, rows{
				{"see", "handshake-lab replay scenario:syn-flood, and scenario:syn-cookies; export scenario:syn-flood --view conversations --stream 0 tells how many SYNs were left unfinished, and how often the SYN+ACK to this one was sent"},
			}, para("What makes the program suspect one: explain SYN flood suspected, explain SYN cookies suspected.")}},
		{Name: "half-open connections", Group: groupHandshake, Title: "Half-open connections, in both senses", Ref: "RFC 9293 §3.5.1; RFC 4987 §2 for the other sense",
			aliases: []string{"half open connection", "half-open connection", "embryonic"},
			Help:    "The RFC means an open connection that one end has lost; people also mean one that is not open yet.",
			body: []block{rows{
				{"lost at one end", "after a crash or a restart the other end still believes in the connection. When it sends something it gets an RST; as long as neither sends anything it does not learn of it."},
				{"and reopened", "a SYN on the same ports is answered by an ACK of what the old connection expects; the client's RST clears that away, and its SYN is sent again"},
				{"not open yet", "a SYN+ACK waits for its ACK: the server is in SYN-RECEIVED. These are what a SYN flood makes, and what ss -tan state syn-recv counts."},
				{"half-closed", "is another thing: one direction has had its FIN, the other goes on (explain half close)"},
			}, rows{
				{"see", "handshake-lab replay scenario:half-open, scenario:reconnect-after-crash, scenario:left-half-open"},
			}}},
	}
}

// labDataTopics are what lab sheets ask about open connections.
func labDataTopics() []Topic {
	return []Topic{
		{Name: "retransmission", Group: groupHandshake, Title: "Retransmission", Ref: "RFC 9293 §3.8.1 and §3.8.3, RFC 6298 §2 and §5, RFC 5681 §3.2",
			aliases: []string{"retransmissions", "retransmit", "rto", "retransmission timeout", "retransmission timer", "timer", "backoff",
				"fast retransmission", "fast retransmit", "duplicate ack", "dup ack", "karn", "tcp.analysis.rto", "tcp.analysis.retransmission"},
			Help: "What takes a sequence number (SYN, FIN, data) is sent again until it is acknowledged.",
			body: []block{rows{
				{"by the timer", "nothing is acknowledged for the retransmission timeout (RTO): the oldest segment is sent again, and the RTO doubles"},
				{"the RTO", "SRTT + 4 × RTTVAR, the smoothed round trip and its variation; 1 s before the first round trip is measured. At least 1 s by the RFC, 200 ms on Linux"},
				{"Karn", "a segment that was sent twice measures no round trip, as its ACK may belong to either; timestamps tell them apart"},
				{"fast", "segments behind a lost one arrive, and each is answered by the same ACK once more. The third such duplicate makes the sender repeat without waiting for the timer"},
				{"SACK", "tells which bytes behind the gap have arrived, so that only what is missing is sent again"},
				{"giving up", "after at least 100 s by the RFC, at least 3 minutes for a SYN; on Linux after some 15 minutes (tcp_retries2), and 2 for a SYN (tcp_syn_retries)"},
				{"never", "a pure ACK takes no number and is not sent again by itself: a later one says as much"},
			}, rows{
				{"in a capture", "the same seq again, with ! in the segments table; why stands beside it, and in tcp.analysis.flags: retransmission, fast_retransmission, spurious_retransmission. tcp.analysis.rto is how long it had been waited"},
				{"see", "handshake-lab replay scenario:data-lost, scenario:fast-retransmit, scenario:syn-lost, scenario:syn-ack-lost"},
			}}},
		{Name: "rst-valid", Group: groupHandshake, Title: "Which RST counts", Ref: "RFC 9293 §3.5.2, §3.5.3 and §3.10.7; RFC 5961 §3",
			aliases: []string{"valid rst", "valid reset", "rst validity", "reset validity", "blind reset", "forged rst"},
			Help:    "An RST takes effect only with the right numbers, and which these are depends on the receiver's state.",
			body: []block{rows{
				{"addresses, ports", "those of the connection, the alleged sender's as the source: else the RST belongs to nothing"},
				{"SYN-SENT", "the ACK bit and an ack that acknowledges the SYN: x + 1, more where the SYN had data. The seq, 0 as a rule, does not matter"},
				{"SYN-RECEIVED and later", "the seq. Exactly the number expected next (RCV.NXT): the connection is reset. Elsewhere in the window: a challenge ACK, and no more. Outside: dropped without a word"},
				{"without RFC 5961", "any seq in the window resets"},
				{"LISTEN, CLOSED", "none: it is ignored"},
			}, para("RCV.NXT of an end is, as a rule, the ack of the latest segment that it sent: so a forger who sees the traffic reads the right seq there. One who does not must hit 1 of 4294967296 numbers, or without RFC 5961 one in each window. The ack of an RST is not looked at once the connection is open."),
				para("A real RST that answers a segment with ACK takes its seq from that segment's ack, and so fits by itself; one that answers a segment without ACK has seq 0 and acknowledges that segment."),
				rows{{"see", "handshake-lab replay scenario:blind-reset, scenario:blind-reset-survived; RCV.NXT stands in replay --endpoints"}}}},
	}
}
