package explain

// call is what the reference says of one socket call.
type call struct {
	name       string
	aliases    []string
	usage      string
	help       string
	parameters rows // with their usual values
	returns    string
	segments   string // that it causes
	more       string
	flags      rows
	errors     []failure
	goes       string // what is different in Go
	ref        string
}

// failure is an error of a call: its name by POSIX, and what has caused it.
type failure struct{ name, cause string }

var calls = []call{
	{
		name: "socket", usage: "socket(AF_INET, SOCK_STREAM, 0)",
		help: "Makes an endpoint that has no address yet.",
		parameters: rows{
			{"domain", "AF_INET for IPv4, AF_INET6 for IPv6"},
			{"type", "SOCK_STREAM for TCP, SOCK_DGRAM for UDP"},
			{"protocol", "0: the usual one of the type, TCP for SOCK_STREAM"},
		},
		returns:  "a file descriptor, the smallest number that is free; -1 for an error",
		segments: "none",
		errors: []failure{
			{"EMFILE", "the process has as many files open as it may: often a server that forgets close()"},
			{"EAFNOSUPPORT", "the system does not have this family of addresses, as IPv6 where it is switched off"},
		},
		goes: "net.Listen is socket(), bind() and listen() in one; net.Dial is socket() and connect(). On Linux strace shows IPPROTO_MPTCP at a listener: it takes plain TCP all the same.",
		ref:  "RFC 9293 §3.9.1, socket(2)",
	},
	{
		name: "bind", usage: `bind(fd, "127.0.0.1:6000")`,
		help: "Gives the socket its own address and port.",
		parameters: rows{
			{"sockfd", "what socket() has returned"},
			{"addr", "an address of this host, or 0.0.0.0 for all of them; a port, 0 for any that is free"},
			{"addrlen", "the size of addr: Python and Go see to it"},
		},
		returns:  "0; -1 for an error",
		segments: "none",
		more:     "A client usually leaves it out: connect() picks a port. SO_REUSEADDR, set before it, takes a port on which old connections are left in TIME-WAIT; Go's net.Listen sets it by itself.",
		errors: []failure{
			{"EADDRINUSE", "another socket listens there, or old connections are left, as in TIME-WAIT, and SO_REUSEADDR is not set"},
			{"EADDRNOTAVAIL", "the address is none of this host's"},
			{"EACCES", "a port below 1024 (net.ipv4.ip_unprivileged_port_start), and no right to it"},
			{"EINVAL", "the socket has an address already"},
		},
		goes: "net.Listen is socket(), bind() and listen() in one.",
		ref:  "RFC 9293 §3.9.1.1, bind(2), ip(7)",
	},
	{
		name: "listen", aliases: []string{"backlog", "accept queue"}, usage: "listen(fd, 5)",
		help: "Makes the socket wait for connections: CLOSED → LISTEN.",
		parameters: rows{
			{"sockfd", "a socket that has its address"},
			{"backlog", "how many connections may wait, complete, for accept(): 5 in many lessons, 128 or more in programs, at most net.core.somaxconn"},
		},
		returns:  "0 at once, it does not wait; -1 for an error",
		segments: "none; but from now on the kernel answers each SYN with a SYN+ACK",
		more:     "The handshake is the kernel's work. The backlog bounds how many connections may wait for accept(); Linux takes one more. While the queue is full Linux drops SYNs, which the client sends again, first after 1 s; and it drops the last ACK of handshakes: that client believes it is connected, while the server stays in SYN-RECEIVED and repeats its SYN+ACK.",
		errors: []failure{
			{"EADDRINUSE", "another socket is listening on the same port"},
			{"EOPNOTSUPP", "the socket is not of a type that listens, as one of UDP"},
		},
		goes: "net.Listen is socket(), bind() and listen() in one; its backlog is net.core.somaxconn.",
		ref:  "RFC 9293 §3.10.1 (passive OPEN), listen(2)",
	},
	{
		name: "connect", usage: `connect(fd, "127.0.0.1:6000")`,
		help: "Opens a connection: CLOSED → SYN-SENT → ESTABLISHED.",
		parameters: rows{
			{"sockfd", "what socket() has returned"},
			{"addr", "the server's address and port"},
			{"addrlen", "the size of addr: Python and Go see to it"},
		},
		returns:  "0 after one round trip, when the SYN+ACK has come; -1 for an error",
		segments: "SYN at once; it returns when the SYN+ACK has come, and the ACK has been sent",
		errors: []failure{
			{"ECONNREFUSED", "an RST came back, as nobody listens there, or ICMP port unreachable"},
			{"ETIMEDOUT", "no answer came to any SYN: on Linux after some two minutes"},
			{"EHOSTUNREACH", "ICMP said that there is no way to it, or nobody on the own network answered ARP for its address"},
			{"ENETUNREACH", "no route leads there"},
			{"EISCONN", "the socket is connected already"},
			{"EINPROGRESS", "the socket does not wait, and the handshake is under way: no failure"},
			{"EADDRNOTAVAIL", "no ephemeral port is free for this server any more"},
		},
		goes: "net.Dial is socket() and connect(); of a name with several addresses it tries the others too.",
		ref:  "RFC 9293 §3.10.1 (active OPEN), connect(2)",
	},
	{
		name: "accept", usage: "accept(fd)",
		help: "Takes the next complete connection off the queue and returns a new socket for it.",
		parameters: rows{
			{"sockfd", "the listening socket, which goes on listening"},
			{"addr", "filled in: the client's address and port"},
			{"addrlen", "the size of addr: Python and Go see to it"},
		},
		returns:  "a new file descriptor, for this one connection; -1 for an error",
		segments: "none",
		more:     "The handshake was the kernel's work and is over by then: accept() does not answer the SYN. It waits where the queue is empty. The new socket has the same port as the listening one.",
		errors: []failure{
			{"EAGAIN", "nobody waits in the queue, and the socket was told not to wait"},
			{"ECONNABORTED", "a connection was aborted before it was taken; Linux hands it out all the same, and recv() tells of it"},
			{"EMFILE", "the process has as many files open as it may: often a server that forgets close()"},
			{"EINVAL", "the socket does not listen: listen() is missing"},
			{"EBADF", "the socket has been closed"},
		},
		ref: "RFC 9293 §3.5 for the handshake behind it, accept(2)",
	},
	{
		name: "thread", aliases: []string{"goroutine", "threads", "goroutines", "pthread_create", "concurrency"}, usage: "A thread or a goroutine for each client",
		help: "Serves one client while accept() waits for the next; no socket call, but no server does without something like it.",
		parameters: rows{
			{"target", "the function that serves a client"},
			{"args", "the socket that accept() returned"},
		},
		returns:  "at once, while the function runs beside",
		segments: "none",
		more:     "Without it a second client is connected all the same, as the kernel does the handshake, but nobody says Welcome to it before the first has gone: it waits in the queue (explain listen). Threads share the process: what two of them write needs a lock.",
		errors:   []failure{{"EAGAIN", "the system has no more threads. Python: RuntimeError, can't start new thread; Go: none, as a go statement returns nothing"}},
		goes:     "A goroutine begins with a few kilobytes: one for each client is usual for many thousands of them.",
		ref:      "pthread_create(3), Python's threading, the Go specification's Go statements",
	},
	{
		name: "send", aliases: []string{"write", "sendall"}, usage: `send(fd, "Welcome!\n")`,
		help: "Hands bytes to the kernel for sending.",
		parameters: rows{
			{"sockfd", "a socket that is connected"},
			{"buf, len", "the bytes, and how many"},
			{"flags", "0, or some of those below"},
		},
		returns:  "how many bytes the kernel took: fewer than len are possible; -1 for an error. Python's sendall and Go's Write go on until it has taken all",
		segments: "PSH+ACK with data, now or later: one send() can become several segments, several one",
		more:     "It returns when the bytes are in the send buffer, not when they have arrived. Small segments may wait for the acknowledgment of earlier ones (Nagle, RFC 9293 §3.7.4) unless TCP_NODELAY is set, which Go sets by itself.",
		flags: rows{
			{"MSG_DONTWAIT", "do not wait for room in the send buffer: EAGAIN"},
			{"MSG_NOSIGNAL", "EPIPE without the signal SIGPIPE, which would end the process. Python and Go see to that themselves"},
			{"MSG_OOB", "the last byte is urgent: the segment has the URG bit and the urgent pointer. Not for new programs (explain URG)"},
			{"MSG_MORE", "more follows at once: wait with a segment that is not full (Linux)"},
		},
		errors: []failure{
			{"EPIPE", "this end has shut down its direction, or the connection is over: an RST came, and an earlier call has told of it"},
			{"ECONNRESET", "an RST came: the peer aborted, or closed with data unread, or has forgotten the connection"},
			{"EAGAIN", "the send buffer is full, and the socket was told not to wait"},
			{"ETIMEDOUT", "what was sent has not been acknowledged for too long"},
		},
		ref: "RFC 9293 §3.10.2, send(2)",
	},
	{
		name: "recv", aliases: []string{"read", "receive"}, usage: "recv(fd, 1024)",
		help: "Takes bytes that have arrived, in order, at most as many as asked for.",
		parameters: rows{
			{"sockfd", "a socket that is connected"},
			{"buf, len", "where to put them, and how many at most: 1024 or 4096 in many lessons"},
			{"flags", "0, or some of those below"},
		},
		returns:  "how many bytes there are in buf; 0 once the peer's FIN has come and all before it is read; -1 for an error",
		segments: "none, or an ACK that tells of a window grown again",
		more:     "TCP carries a stream: what two sends wrote can come in one recv, and the other way round. A program that wants a whole line or a certain number of bytes goes on reading. In Python the end is b\"\", in Go the error io.EOF.",
		flags: rows{
			{"MSG_PEEK", "look at the bytes and leave them: the next recv() returns them again"},
			{"MSG_WAITALL", "wait until all len bytes are there; fewer come where the connection ends or a signal arrives"},
			{"MSG_DONTWAIT", "do not wait: EAGAIN where nothing has arrived"},
			{"MSG_OOB", "the urgent byte, which the stream leaves out; EINVAL where there is none"},
			{"MSG_TRUNC", "throw the bytes away and say how many (Linux, TCP)"},
		},
		errors: []failure{
			{"ECONNRESET", "an RST came: the peer aborted, or closed with data unread, or has forgotten the connection"},
			{"EAGAIN", "nothing has arrived, and the socket was told not to wait"},
			{"ENOTCONN", "the socket is not connected, as the listening one, from which no data comes"},
			{"ETIMEDOUT", "what was sent has not been acknowledged for too long"},
			{"EBADF", "the socket has been closed"},
		},
		ref: "RFC 9293 §3.10.3, recv(2), tcp(7)",
	},
	{
		name: "shutdown", aliases: []string{"shut_wr"}, usage: "shutdown(fd, SHUT_WR)",
		help: "Closes one direction: ESTABLISHED → FIN-WAIT-1, or CLOSE-WAIT → LAST-ACK.",
		parameters: rows{
			{"sockfd", "a socket that is connected"},
			{"how", "SHUT_WR: nothing more is sent, the usual one; SHUT_RD: nothing more is read, which the peer does not see; SHUT_RDWR: both"},
		},
		returns:  "0; -1 for an error. The descriptor stays, and wants its close()",
		segments: "FIN, after all data; none for SHUT_RD",
		more:     "The other direction stays open, and recv() goes on working: explain half close.",
		errors: []failure{
			{"ENOTCONN", "the socket is not connected, or no longer: an RST came"},
		},
		ref: "RFC 9293 §3.6.1, shutdown(2)",
	},
	{
		name: "close", aliases: []string{"so_linger", "linger"}, usage: "close(fd)",
		help:       "Gives the socket up: ESTABLISHED → FIN-WAIT-1, or CLOSE-WAIT → LAST-ACK.",
		parameters: rows{{"fd", "any socket. The number is free then, and the next socket() or accept() may return it"}},
		returns:    "0 at once; -1 for an error",
		segments:   "FIN, after all data; RST where received data is left unread, or with SO_LINGER at 0 s",
		more:       "It returns at once, unless SO_LINGER asks it to wait; the kernel sees to the rest. Where two processes hold the socket the last close() counts. To close a listening socket sends nothing to those it has accepted.",
		errors:     []failure{{"EBADF", "it has been closed already. Python does not mind a second close()"}},
		ref:        "RFC 9293 §3.10.4; §3.10.5 for the abort; close(2)",
	},
}

// callTopics are the calls as a whole and one by one.
func callTopics() []Topic {
	list := rows{}
	for _, c := range calls {
		list = append(list, [2]string{c.title(), c.help})
	}
	topics := []Topic{{
		Name: "calls", Group: groupCalls, aliases: []string{"socket calls", "syscalls", "sockets", "api"},
		Title: "The socket calls", Ref: "RFC 9293 §3.9.1",
		Help: "What a program asks of TCP. A server calls socket bind listen accept, a client socket connect; then both send, recv and close.",
		body: []block{list, para("A server and a client, whole, in Python and in Go: explain programs. When each call happens: explain phases.")},
	}}
	for _, c := range calls {
		topics = append(topics, c.topic())
	}
	return topics
}

func (c *call) title() string {
	if c.name == "thread" {
		return c.name
	}
	return c.name + "()"
}

func (c *call) topic() Topic {
	t := Topic{Name: c.name, Group: groupCalls, Title: c.usage, Help: c.help, Ref: c.ref, aliases: c.aliases}
	about := append(rows{}, c.parameters...)
	t.body = append(t.body, append(about, [2]string{"returns", c.returns}, [2]string{"segments", c.segments}))
	if c.more != "" {
		t.body = append(t.body, para(c.more))
	}
	for _, p := range programs {
		if forms, ok := p.forms(c.name); ok {
			t.body = append(t.body, forms)
		}
	}
	if c.goes != "" {
		t.body = append(t.body, para(c.goes))
	}
	if c.flags != nil {
		t.body = append(t.body, heading("Flags"), c.flags)
	}
	if c.errors != nil {
		list := rows{}
		for _, e := range c.errors {
			list = append(list, [2]string{e.name, capitalText(e.cause) + "." + c.seen(e.name)})
		}
		t.body = append(t.body, heading("Errors"), list)
	}
	return t
}

// words are what an error is called in Python and in Go; "" where Go's net never
// shows it.
var words = map[string][2]string{
	"EACCES":        {"PermissionError", "permission denied"},
	"EADDRINUSE":    {"OSError", "address already in use"},
	"EADDRNOTAVAIL": {"OSError", "cannot assign requested address"},
	"EAFNOSUPPORT":  {"OSError", "address family not supported by protocol"},
	"EAGAIN":        {"BlockingIOError, after settimeout() TimeoutError", "i/o timeout, after SetDeadline()"},
	"EBADF":         {"OSError", "use of closed network connection"},
	"ECONNABORTED":  {"ConnectionAbortedError", "software caused connection abort"},
	"ECONNREFUSED":  {"ConnectionRefusedError", "connection refused"},
	"ECONNRESET":    {"ConnectionResetError", "connection reset by peer"},
	"EHOSTUNREACH":  {"OSError", "no route to host"},
	"EINPROGRESS":   {"BlockingIOError", ""},
	"EINVAL":        {"OSError", "invalid argument"},
	"EISCONN":       {"OSError", "transport endpoint is already connected"},
	"EMFILE":        {"OSError", "too many open files"},
	"ENETUNREACH":   {"OSError", "network is unreachable"},
	"ENOTCONN":      {"OSError", "transport endpoint is not connected"},
	"EOPNOTSUPP":    {"OSError", "operation not supported"},
	"EPIPE":         {"BrokenPipeError", "broken pipe"},
	"ETIMEDOUT":     {"TimeoutError", "connection timed out"},
}

// seen says what a student sees of an error.
func (c *call) seen(name string) string {
	w := words[name]
	switch {
	case c.name == "thread": // none of a socket
		return ""
	case w[1] == "":
		return " Python: " + w[0] + "; in Go net waits."
	}
	return " Python: " + w[0] + "; Go: " + w[1] + "."
}
