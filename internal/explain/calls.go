package explain

// call is what the reference says of one socket call.
type call struct {
	name     string
	aliases  []string
	usage    string
	help     string
	segments string
	more     string
	ref      string
}

var calls = []call{
	{"socket", nil, "socket(AF_INET, SOCK_STREAM, 0)",
		"Makes an endpoint that has no address yet.", "none", "", "RFC 9293 §3.9.1"},
	{"bind", nil, `bind(fd, "127.0.0.1:6000")`,
		"Gives the socket its own address and port.", "none",
		"Fails with EADDRINUSE where another socket listens there, or where old connections are left, as in TIME-WAIT, and SO_REUSEADDR is not set. A client usually leaves it out: connect() picks a port.",
		"RFC 9293 §3.9.1.1"},
	{"listen", []string{"backlog", "accept queue"}, "listen(fd, 5)",
		"Makes the socket wait for connections: CLOSED → LISTEN.", "none",
		"From now on the kernel answers SYNs by itself. The backlog bounds how many connections may wait, complete, for accept(); Linux takes one more, and at most net.core.somaxconn. While the queue is full Linux drops SYNs, which the client sends again, first after 1 s; and it drops the last ACK of handshakes: that client believes it is connected, while the server stays in SYN-RECEIVED and repeats its SYN+ACK.",
		"RFC 9293 §3.10.1 (passive OPEN)"},
	{"connect", nil, `connect(fd, "127.0.0.1:6000")`,
		"Opens a connection: CLOSED → SYN-SENT → ESTABLISHED.", "SYN at once; it returns when the SYN+ACK has come, and the ACK has been sent",
		"It takes one round trip. ECONNREFUSED: an RST came back, or ICMP port unreachable. ETIMEDOUT: no answer came. EHOSTUNREACH, ENETUNREACH: another ICMP error, or no route.",
		"RFC 9293 §3.10.1 (active OPEN)"},
	{"accept", nil, "accept(fd)",
		"Takes the next complete connection off the queue and returns a new socket for it.", "none",
		"The handshake was the kernel's work and is over by then: accept() does not answer the SYN. It waits where the queue is empty.",
		"RFC 9293 §3.5 for the handshake behind it"},
	{"send", []string{"write", "sendall"}, `send(fd, "Welcome!\n")`,
		"Hands bytes to the kernel for sending.", "PSH+ACK with data, now or later: one send() can become several segments, several one",
		"It returns when the bytes are in the send buffer, not when they have arrived. Small segments may wait for the acknowledgment of earlier ones (Nagle, RFC 9293 §3.7.4) unless TCP_NODELAY is set.",
		"RFC 9293 §3.10.2"},
	{"recv", []string{"read", "receive"}, "recv(fd, 1024)",
		"Takes bytes that have arrived, in order, at most as many as asked for.", "none, or an ACK that tells of a window grown again",
		"TCP carries a stream: what two sends wrote can come in one recv, and the other way round. 0 means that the peer's FIN has come; ECONNRESET, its RST.",
		"RFC 9293 §3.10.3"},
	{"shutdown", []string{"shut_wr"}, "shutdown(fd, SHUT_WR)",
		"Closes one direction: ESTABLISHED → FIN-WAIT-1, or CLOSE-WAIT → LAST-ACK.", "FIN, after all data",
		"The other direction stays open, and recv() goes on working: explain half close.",
		"RFC 9293 §3.6.1"},
	{"close", []string{"so_linger", "linger"}, "close(fd)",
		"Gives the socket up: ESTABLISHED → FIN-WAIT-1, or CLOSE-WAIT → LAST-ACK.", "FIN, after all data; RST where received data is left unread, or with SO_LINGER at 0 s",
		"It returns at once, unless SO_LINGER asks it to wait; the kernel sees to the rest. Where two processes hold the socket the last close() counts.",
		"RFC 9293 §3.10.4; §3.10.5 for the abort"},
}

// callTopics are the calls as a whole and one by one.
func callTopics() []Topic {
	list := rows{}
	for _, c := range calls {
		list = append(list, [2]string{c.name + "()", c.help})
	}
	topics := []Topic{{
		Name: "calls", Group: groupCalls, aliases: []string{"socket calls", "syscalls", "sockets", "api"},
		Title: "The socket calls", Ref: "RFC 9293 §3.9.1",
		Help: "What a program asks of TCP. A server calls socket bind listen accept, a client socket connect; then both send, recv and close.",
		body: []block{list},
	}}
	for _, c := range calls {
		t := Topic{Name: c.name, Group: groupCalls, Title: c.usage, Help: c.help, Ref: c.ref, aliases: c.aliases,
			body: []block{rows{{"segments", c.segments}}}}
		if c.more != "" {
			t.body = append(t.body, para(c.more))
		}
		topics = append(topics, t)
	}
	return topics
}
