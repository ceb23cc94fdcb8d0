package quiz

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// askWaiting asks how many connections wait for their third step: what a server that is
// flooded with SYNs has too many of. It is asked of the begin of a capture, once.
func askWaiting(m *maker, x *Exchange) {
	all := m.capture.Frames
	list := all[:min(len(all), mostShown)]
	if x != m.capture.Exchanges[0] || len(list) == 0 {
		return
	}
	waits := map[[2]string]bool{} // by the pair of sockets: whether its third step is awaited
	opened := 0
	server := ""
	for _, f := range list {
		pair := [2]string{f.to(), f.from()} // as the server's segments have it
		if f.Event.From == conversation.Client {
			pair = [2]string{f.from(), f.to()}
		}
		known, isKnown := waits[pair]
		switch {
		case !f.isPlain() || isCopy(f) || f.CopyOf != 0 || server != "" && pair[1] != server:
			return // of one server, and each segment once
		case f.Flags.Has(synFlag | ackFlag):
			if f.Event.From != conversation.Server || isKnown && !known {
				return // no plain answer to a SYN
			}
			waits[pair] = true
		case f.Flags.Has(synFlag):
			if f.Event.From != conversation.Client || isKnown {
				return
			}
			opened++
		case isKnown && f.Event.From == conversation.Client:
			waits[pair] = false
		case isKnown && known:
			return // the server says more than SYN+ACK before the third step
		}
		server = pair[1]
	}
	waiting := 0
	for _, awaited := range waits {
		if awaited {
			waiting++
		}
	}
	if len(waits) < 2 || waiting == 0 {
		return
	}
	m.add(Question{
		Ask:    fmt.Sprintf("Take these segments alone. For how many connections to %s is the third step still awaited: a SYN+ACK was sent, and the client has sent nothing after it?", server),
		Show:   []Exhibit{table([]Column{From, To, Flags}, list)},
		Answer: count{uint64(waiting), ""},
		Mistakes: []Mistake{
			{count{uint64(opened), ""}, "Those are the SYNs. One that was not answered by a SYN+ACK, or whose third step has come, is none of them."},
			{count{uint64(len(waits)), ""}, "Those are all that were answered by a SYN+ACK. Take off those whose client has sent the third step, or an RST."},
			{count{uint64(len(waits) - waiting), ""}, "Those are the ones whose client has answered. The others are asked for."},
		},
		Why:     fmt.Sprintf("A SYN+ACK was sent for %s, and the client answered it for %d: %d - %d = %d. A server that does not answer with SYN cookies keeps each of them in SYN-RECEIVED, and a flood of SYNs fills its queue.", plural(len(waits), "connection"), len(waits)-waiting, len(waits), len(waits)-waiting, waiting),
		Section: "RFC 9293 §3.3.2",
	})
}
