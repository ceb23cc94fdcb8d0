package scenarios

import "github.com/handshake-lab/handshake-lab/decode/conversation"

// table is every recording, each of a real kernel's TCP. A name once given stays:
// lab sheets bear it. What went wrong was made on the path between the two hosts,
// or by a script at one end; where a script sent segments the sentence says so.
//
// Those that the lab stages (internal/staged) are recorded at both ends, and say of
// themselves what they are; here they have their place in the course, and what they
// were recorded as before.
var table = []row{
	// The handshake and its variants.
	{"normal", "A client is greeted: opened in three steps, data both ways, closed by a FIN of each end.", conversation.Fine, 0, "greeting.pcapng"},
	{"three-clients", "Three clients at once, each with an x and a y of its own.", conversation.Fine, 1, "three-clients.pcapng"},
	{"ipv6", "The same greeting over IPv6.", conversation.Fine, 0, "ipv6.pcapng"},
	{Name: "asymmetric"},
	{"simultaneous-open", "Both ends call connect() and their SYNs cross: four segments make one connection.", conversation.SimultaneousOpen, 0, "trouble/simultaneous-open.pcapng"},
	{Name: "split-handshake"},
	{"fast-open", "A first connection gets a cookie; the second carries data in its SYN.", conversation.Fine, 1, "trouble/fast-open.pcapng"},
	{"mptcp", "The handshake agrees on Multipath TCP by the option MP_CAPABLE.", conversation.Fine, 0, "trouble/mptcp.pcapng"},
	{"ecn", "SYN and SYN+ACK agree on ECN; a mark of congestion on the way comes back as ECE.", conversation.Fine, 0, "trouble/ecn.pcapng"},
	{Name: "mtu"},
	{Name: "mss-clamp"},
	{Name: "no-options"},

	// The connection is not made.
	{"refused", "Nobody listens on the port: the SYN is answered by an RST.", conversation.Refused, 0, "trouble/refused.pcapng"},
	{"filtered", "Every SYN is dropped on the way: the client asks again and again, and nothing comes back.", conversation.Filtered, 0, "trouble/filtered.pcapng"},
	{"prohibited", "A firewall answers the SYN by an ICMP error: administratively prohibited.", conversation.Filtered, 0, "trouble/prohibited.pcapng"},
	{"port-unreachable", "The SYN is answered by an ICMP error, port unreachable, in place of an RST.", conversation.Filtered, 0, "trouble/port-unreachable.pcapng"},
	{Name: "forged-syn-ack"},

	// Part of the handshake is lost, or an old part comes.
	{"syn-lost", "The SYN is lost and sent again after a second.", conversation.SYNLost, 0, "trouble/syn-lost.pcapng"},
	{Name: "syn-lost-twice"},
	{"syn-ack-lost", "The SYN+ACK is lost and sent again, captured at the server.", conversation.SYNACKLost, 0, "trouble/synack-lost-server.pcapng"},
	{"synack-lost-client", "The SYN+ACK is lost, captured at the client, which never sees the first one.", conversation.SYNACKLost, 0, "trouble/synack-lost-client.pcapng"},
	{"ack-lost-client", "The third step is lost, captured at the client: the SYN+ACK comes again.", conversation.LastACKLost, 0, "trouble/last-ack-lost-client.pcapng"},
	{"ack-lost-server", "The third step is lost, captured at the server, which never sees the first ACK.", conversation.LastACKLost, 0, "trouble/last-ack-lost-server.pcapng"},
	{"duplicate-syn", "The path makes a copy of the SYN; the server answers both, and no harm is done.", conversation.Fine, 0, "trouble/duplicate-syn.pcapng"},
	{Name: "late-duplicate-syn"},
	{"old-duplicate-syn", "The server answers an old SYN, sent by a script; the client rejects that by an RST (its end).", conversation.OldDuplicateSYN, 0, "trouble/old-duplicate-client.pcapng"},
	{"old-duplicate-server", "The same at the server's end: the old SYN, sent by a script, is a conversation of its own.", conversation.OldDuplicateSYN, 0, "trouble/old-duplicate-server.pcapng"},

	// The queues of a server.
	{"accept-queue-full", "The server is slow to accept(): SYNs are dropped until there is room in its queue.", conversation.AcceptQueueFull, 2, "trouble/accept-queue-full.pcapng"},
	{"accept-overflow", "The accept queue is full: the server drops the third step, and repeats its SYN+ACK.", conversation.AcceptQueueFull, 1, "trouble/accept-overflow.pcapng"},
	{"overflow-abort", "The accept queue is full, and the server answers the third step by an RST (tcp_abort_on_overflow).", conversation.AcceptQueueFull, 1, "trouble/accept-overflow-abort.pcapng"},
	{"syn-flood", "Twenty SYNs that a script sends fill the server's queue, and an honest client gets no answer.", conversation.SYNFlood, 20, "trouble/flood.pcapng"},
	{"syn-cookies", "The same flood against SYN cookies: the honest client is let in.", conversation.SYNCookies, 20, "trouble/cookies.pcapng"},

	// One end has lost the connection, or its ports come again.
	{"half-open", "The server has lost the connection: it answers the client's data by an RST.", conversation.HalfOpen, 0, "trouble/half-open-data.pcapng"},
	{"left-half-open", "A script sends a SYN and never answers the SYN+ACK: the server is left in SYN-RECEIVED.", conversation.HalfOpen, 0, "trouble/left-half-open.pcapng"},
	{"reconnect-after-crash", "The client forgets the connection and comes back on the same ports: ACK, RST, and the SYN again.", conversation.HalfOpen, 1, "trouble/half-open-reconnect.pcapng"},
	{"port-reuse", "A new connection takes the ports of one that is still in TIME-WAIT.", conversation.PortReused, 1, "trouble/port-reuse.pcapng"},
	{Name: "time-wait"},

	// The end.
	{"simultaneous-close", "Both ends close at once and their FINs cross.", conversation.SimultaneousClose, 0, "trouble/simultaneous-close.pcapng"},
	{"half-close", "The client closes its direction and goes on receiving.", conversation.HalfClose, 0, "trouble/half-close.pcapng"},
	{"abort", "The client aborts by an RST (SO_LINGER 0).", conversation.Aborted, 0, "trouble/abort.pcapng"},
	{Name: "unread-data"},
	{Name: "fin-lost"},
	{Name: "last-ack-lost"},
	{"scan", "A script sends a SYN, and the SYN+ACK is answered by an RST: a port scan.", conversation.Aborted, 0, "trouble/scan.pcapng"},
	{"data-after-close", "The server has closed, data still comes, and it answers by an RST.", conversation.Aborted, 0, "trouble/data-after-close.pcapng"},
	{"blind-reset", "A forged RST with a wrong number is ignored, one with the exact number ends the connection.", conversation.Aborted, 0, "trouble/blind-rst.pcapng"},
	{"blind-reset-survived", "A forged RST with a wrong number gets a challenge ACK, and the connection goes on.", conversation.Fine, 0, "trouble/blind-rst-survived.pcapng"},

	// Data.
	{"data-lost", "A segment with data is lost and sent again by the timer.", conversation.Fine, 0, "trouble/data-lost.pcapng"},
	{Name: "data-corrupted"},
	{"fast-retransmit", "A segment is lost and sent again after duplicate ACKs, without waiting for the timer.", conversation.Fine, 0, "trouble/fast-retransmit.pcapng"},
	{"reorder", "Segments overtake each other; SACK says what has arrived, and one is sent again in vain.", conversation.Fine, 0, "trouble/reorder.pcapng"},
	{"duplicate-data", "The path makes a copy of a segment with data; the receiver says so by D-SACK.", conversation.Fine, 0, "trouble/duplicate-data.pcapng"},
	{"zero-window", "The client does not read: its window closes, is probed, and opens (the server's end is a script).", conversation.WindowStalled, 0, "trouble/zero-window-probe.pcapng"},
	{"zero-window-never", "The window closes and stays so; the server probes as Linux does, ever more slowly.", conversation.WindowStalled, 0, "trouble/zero-window-never.pcapng"},
	{"keep-alive", "Nothing is said for a while; keep-alives ask whether the other end is there, and it is.", conversation.SimultaneousClose, 0, "trouble/keepalive.pcapng"},
	{"keepalive-unanswered", "The cable is cut: keep-alives get no answer, and the client gives up.", conversation.Aborted, 0, "trouble/keepalive-unanswered.pcapng"},
	{Name: "nagle-delayed-ack"},
	{Name: "nodelay"},
	{"path-mtu", "A router says by ICMP that the packets are too big; smaller ones pass.", conversation.PathMTUFound, 0, "trouble/path-mtu.pcapng"},
	{Name: "path-mtu-ipv6"},
	{"black-hole", "Large packets vanish without a word, small ones pass.", conversation.PathMTU, 0, "trouble/black-hole.pcapng"},

	// What a capture does not hold.
	{"began-late", "The capture begins when the connection is open already.", conversation.CaptureBeganLate, 0, "trouble/began-late.pcapng"},
	{"one-direction", "Only the client's segments are captured.", conversation.OneDirection, 0, "trouble/one-direction.pcapng"},
}
