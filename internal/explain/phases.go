package explain

// connectionTopics are what a connection is: what identifies it, and its three phases.
func connectionTopics() []Topic {
	return []Topic{
		{Name: "socket-identity", Group: groupCalls, Title: "What identifies a socket", Ref: "RFC 9293 §3.4.1 and §3.9.1, socket(7)",
			aliases: []string{"socket identity", "identity", "five-tuple", "5-tuple", "four-tuple", "4-tuple", "what identifies a socket", "socket address", "udp"},
			Help:    "An address, a protocol and a port; a connection is two sockets of one protocol.",
			body: []block{rows{
				{"address", "which host, and on which of its networks: 127.0.0.1 is not 0.0.0.0, which stands for all"},
				{"protocol", "TCP or UDP: each has 65536 ports of its own. A socket of TCP and one of UDP may have the same number at the same time"},
				{"port", "which program of the host"},
				{"connection", "protocol, client's address and port, server's address and port: the five must not all be the same twice"},
			},
				para("The listening socket and those that accept() returns have the same address and port: what tells them apart is the other end. So a server needs one port for all of its clients, and one client may have many connections to it, from a port of its own each."),
				para("The kernel gives a segment to the connection with just these five; else, where it is a SYN, to the socket that listens there; else it answers with an RST (explain CLOSED)."),
				para("A descriptor, the number that socket() returned, is something else: the name of the socket in its process."),
				para("See both ends of each: handshake-lab export scenario:three-clients --view conversations.")}},
		{Name: "phases", Group: groupHandshake, Title: "The three phases of a connection", Ref: "RFC 9293 §3.3.2, §3.5 and §3.6",
			aliases: []string{"phase", "three phases", "connection phases", "life of a connection", "life cycle"},
			Help:    "It is opened in three steps, carries data both ways, and is closed, each direction by itself.",
			body: []block{
				heading("1. Opening: SYN, SYN+ACK, ACK"), rows{
					{"calls", "server: socket bind listen, and accept; client: socket connect"},
					{"states", "CLOSED → SYN-SENT → ESTABLISHED at the client; LISTEN → SYN-RECEIVED → ESTABLISHED at the server"},
					{"for what", "each end learns the other's initial number, and the options that both offer (explain handshake)"},
				},
				heading("2. Data: PSH+ACK one way, ACK the other"), rows{
					{"calls", "send recv, at both ends"},
					{"states", "ESTABLISHED at both"},
					{"for what", "bytes, numbered, each acknowledged, sent again where they were lost, no faster than the receiver has room (explain window)"},
				},
				heading("3. Closing: FIN, ACK, FIN, ACK"), rows{
					{"calls", "close, or shutdown first, at both ends; recv returns 0 once the other's FIN has come"},
					{"states", "FIN-WAIT-1 → FIN-WAIT-2 → TIME-WAIT where it was closed first; CLOSE-WAIT → LAST-ACK → CLOSED at the other"},
					{"for what", "each end learns that the other has said all, and that all has arrived (explain termination)"},
				},
				para("An RST ends a connection in any phase, and what was under way is lost. In handshake-lab replay scenario:normal the phases are #1-#3, #4-#18 and #19-#21."),
			}},
	}
}
