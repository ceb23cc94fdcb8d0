package quiz

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// opening is a connection's first segments, up to the third step.
func (x *Exchange) opening() []*Frame {
	syn, synack, ack, ok := x.steps()
	if !ok {
		return nil
	}
	return []*Frame{syn, synack, ack}
}

func askClientSocket(m *maker, x *Exchange) { askSocket(m, x, conversation.Client) }
func askServerSocket(m *maker, x *Exchange) { askSocket(m, x, conversation.Server) }

func askSocket(m *maker, x *Exchange, of conversation.Side) {
	list := x.opening()
	if list == nil {
		return
	}
	role := "opens the connection: it sends the SYN (active OPEN)"
	if of == conversation.Server {
		role = "waits for connections: the SYN goes to it (passive OPEN)"
	}
	m.add(Question{
		Ask:      fmt.Sprintf("What is the socket, address and port, of the %s?", of),
		Show:     []Exhibit{table([]Column{From, To, Flags}, list).whole()},
		Answer:   x.socket(of),
		Mistakes: []Mistake{{x.socket(of.Other()), fmt.Sprintf("That is the %s's. Look at who sends the SYN without ACK.", of.Other())}},
		Why:      fmt.Sprintf("The %s %s. In %s that is %s.", of, role, hash(list[0].Number), x.socket(of)),
		Section:  "RFC 9293 §3.5",
	})
}

// portClasses are IANA's ranges (RFC 6335).
var portClasses = []struct {
	name  string
	below int
}{{"system port (0 to 1023)", 1024}, {"user port (1024 to 49151)", 49152}, {"dynamic port (49152 to 65535)", 65536}}

func classOf(port uint16) int {
	for i := range portClasses {
		if int(port) < portClasses[i].below {
			return i
		}
	}
	return 0
}

func askPortClass(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	of := conversation.Side(m.IntN(2))
	port := x.socket(of).port
	right := classOf(port)
	options := []option{{text: portClasses[right].name}}
	for i := range portClasses {
		if i != right {
			options = append(options, option{portClasses[i].name, fmt.Sprintf("%d does not lie in that range.", port)})
		}
	}
	q := Question{
		Ask:     fmt.Sprintf("Of which class is the port %d?", port),
		Show:    []Exhibit{table([]Column{From, To, Flags}, list[:1]).with(Flags)},
		Why:     fmt.Sprintf("%d is a %s. The ranges belong to IANA; from which one a system takes the ports of its clients it decides by itself (Linux: 32768 to 60999 unless told otherwise).", port, portClasses[right].name),
		Section: "IANA's registry of port numbers, RFC 6335",
	}
	q.choose(m.Shuffle, options...)
	m.add(q)
}

func askPortsOfReply(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	client, server := x.socket(conversation.Client).port, x.socket(conversation.Server).port
	if client == server {
		return
	}
	q := Question{
		Ask:  fmt.Sprintf("The SYN went from port %d to port %d. Which ports does the SYN+ACK carry?", client, server),
		Show: []Exhibit{table([]Column{From, To, Flags}, list[:1]).with(Flags)},
		Why: fmt.Sprintf("The answer goes the other way: what was the source is the destination now. %s goes from %d to %d.",
			hash(list[1].Number), server, client),
		Section: "RFC 9293 §3.1",
	}
	q.choose(m.Shuffle,
		option{text: fmt.Sprintf("source %d, destination %d", server, client)},
		option{fmt.Sprintf("source %d, destination %d", client, server), "Those are the SYN's own. The answer goes the other way, so the two change places."},
		option{fmt.Sprintf("source %d, destination %d", server, int(client)+1), "Numbers count up, ports do not: a connection keeps its two ports."},
		option{fmt.Sprintf("source %d, destination %d", client, int(server)+1), "A connection keeps its two ports, and the answer goes the other way."})
	m.add(q)
}
