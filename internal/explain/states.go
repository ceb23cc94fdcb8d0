package explain

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// transition is one arrow of the state diagram (RFC 9293 §3.3.2, figure 5;
// the details of §3.10).
type transition struct {
	on   string             // what happens
	to   conversation.State // where it leads
	send string             // what is sent; "" for nothing
}

type state struct {
	state   conversation.State
	help    string
	more    string
	aliases []string
	moves   []transition
}

const (
	reset     = "RST arrives"
	closeCall = "the application closes"
)

var states = []state{
	{conversation.Closed, "No connection: where every connection begins and ends.",
		"A segment that arrives for no connection is answered with an RST, unless it is one itself (RFC 9293 §3.10.7.1).",
		nil, []transition{
			{"listen()", conversation.Listen, ""},
			{"connect()", conversation.SynSent, "SYN"},
		}},
	{conversation.Listen, "A server waits for connections from anywhere.",
		"The listening socket stays here: each SYN makes a connection of its own in SYN-RECEIVED.",
		nil, []transition{
			{"SYN arrives", conversation.SynReceived, "SYN+ACK"},
			{closeCall, conversation.Closed, ""},
		}},
	{conversation.SynSent, "A client has sent its SYN and waits for the answer: connect() is under way.",
		"Without an answer the SYN is sent again, on Linux first after 1 s; after some two minutes connect() fails with ETIMEDOUT.",
		nil, []transition{
			{"SYN+ACK arrives", conversation.Established, "ACK"},
			{"SYN arrives (simultaneous open, §3.5)", conversation.SynReceived, "SYN+ACK"},
			{"RST that acknowledges the SYN (refused)", conversation.Closed, ""},
			{closeCall, conversation.Closed, ""},
		}},
	{conversation.SynReceived, "The SYN has been answered; the third step is awaited.",
		"Linux and ss call it SYN-RECV. These are the connections that a SYN flood fills the queue with. A connection that came from a simultaneous open ends in CLOSED when it is reset.",
		[]string{"syn-recv", "syn-rcvd"}, []transition{
			{"ACK of the SYN arrives", conversation.Established, ""},
			{closeCall, conversation.FinWait1, "FIN"},
			{"FIN arrives with the ACK of the SYN", conversation.CloseWait, "ACK"},
			{reset + " (after a passive open)", conversation.Listen, ""},
		}},
	{conversation.Established, "Both know that the other is there: data flows both ways.",
		"The client gets here with the SYN+ACK, the server half a round trip later with the third step.",
		[]string{"estab"}, []transition{
			{closeCall + " (active close)", conversation.FinWait1, "FIN"},
			{"FIN arrives (passive close)", conversation.CloseWait, "ACK"},
			{reset, conversation.Closed, ""},
			{"the application aborts", conversation.Closed, "RST"},
		}},
	{conversation.FinWait1, "This end has closed first and sent its FIN; the FIN is not yet acknowledged.",
		"Data still arrives.", nil, []transition{
			{"ACK of the FIN arrives", conversation.FinWait2, ""},
			{"FIN arrives, without ACK of ours", conversation.Closing, "ACK"},
			{"FIN arrives, with ACK of ours", conversation.TimeWait, "ACK"},
			{reset, conversation.Closed, ""},
		}},
	{conversation.FinWait2, "This end's FIN is acknowledged; the other end still has to close.",
		"The connection is half closed (§3.6.1). Linux gives up after 60 s (tcp_fin_timeout) where the program has closed the socket altogether.",
		nil, []transition{
			{"FIN arrives", conversation.TimeWait, "ACK"},
			{reset, conversation.Closed, ""},
		}},
	{conversation.CloseWait, "The other end has closed; this one has not.",
		"recv() has returned 0. A connection that stays here belongs to a program that forgot close().",
		nil, []transition{
			{closeCall, conversation.LastAck, "FIN"},
			{reset, conversation.Closed, ""},
		}},
	{conversation.Closing, "Both have closed at the same time; the ACK of this end's FIN is awaited.",
		"The FINs crossed: a simultaneous close (§3.6).", nil, []transition{
			{"ACK of the FIN arrives", conversation.TimeWait, ""},
			{reset, conversation.Closed, ""},
		}},
	{conversation.LastAck, "Both have closed, the other end first; the ACK of this end's FIN is awaited.",
		"", nil, []transition{
			{"ACK of the FIN arrives", conversation.Closed, ""},
			{reset, conversation.Closed, ""},
		}},
	{conversation.TimeWait, "Over; the end that closed first waits for twice the longest life of a segment.",
		"So that the last ACK can be sent again, and that old segments do not reach a new connection (RFC 9293 §3.6.1). " +
			"MSL is 2 minutes in the RFC (§3.4.2), so 4 in all; on Linux the whole wait is 60 s. Its port pair is taken meanwhile: a server that restarts needs SO_REUSEADDR to bind.",
		[]string{"2msl", "msl"}, []transition{
			{"2 MSL have passed", conversation.Closed, ""},
			{"FIN arrives again", conversation.TimeWait, "ACK"},
		}},
}

// stateTopics are the diagram as a whole and each of its eleven states.
func stateTopics() []Topic {
	list := rows{}
	for _, s := range states {
		list = append(list, [2]string{s.state.String(), s.help})
	}
	topics := []Topic{{
		Name: "states", Group: groupStates, aliases: []string{"state", "state machine", "state diagram"},
		Title: "The eleven states of a connection", Help: "Each end has its own; the two differ for at least half a round trip.",
		Ref: "RFC 9293 §3.3.2", body: []block{list},
	}}
	for _, s := range states {
		topics = append(topics, s.topic())
	}
	return topics
}

func (s state) topic() Topic {
	t := Topic{
		Name: s.state.String(), Group: groupStates, Title: s.state.String() + ", a state", Help: s.help, Ref: "RFC 9293 §3.3.2",
		aliases: s.aliases,
	}
	if s.more != "" {
		t.body = append(t.body, para(s.more))
	}
	moves := func(from string, m transition) [2]string {
		text := from
		if m.send != "" {
			text += "; " + m.send + " is sent"
		}
		return [2]string{m.on, text}
	}
	leaving, arriving := rows{}, rows{}
	for _, m := range s.moves {
		leaving = append(leaving, moves("→ "+m.to.String(), m))
	}
	for _, from := range states {
		for _, m := range from.moves {
			if m.to == s.state && from.state != s.state {
				arriving = append(arriving, moves(fmt.Sprintf("from %s", from.state), m))
			}
		}
	}
	t.body = append(t.body, heading("It ends when"), leaving)
	if len(arriving) > 0 {
		t.body = append(t.body, heading("It begins when"), arriving)
	}
	return t
}
