package explain

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// transition is one arrow of the state diagram (RFC 9293 §3.3.2, figure 5;
// the details of §3.10).
type transition struct {
	on   string             // what happens
	to   conversation.State // where it leads
	send string             // what is sent; "" for nothing
}

// sends says what is sent: "; ACK is sent".
func (m transition) sends() string {
	if m.send == "" {
		return ""
	}
	return "; " + m.send + " is sent"
}

type state struct {
	state   conversation.State
	help    string
	more    string
	aliases []string
	moves   []transition
}

const (
	closeCall = "the application closes"
	abort     = "the application aborts"
	either    = "the application closes or aborts"
	reset     = "RST arrives"
	unacked   = "no ACK for too long (user timeout)"
)

var states = []state{
	{conversation.Closed, "No connection: where every connection begins and ends.",
		"A segment that arrives for no connection is answered with an RST, unless it is one itself (RFC 9293 §3.10.7.1). " +
			"Which RST counts in the other states: explain RST.",
		nil, []transition{
			{"listen()", conversation.Listen, ""},
			{"connect()", conversation.SynSent, "SYN"},
		}},
	{conversation.Listen, "A server waits for connections from anywhere.",
		"The listening socket stays here: each SYN makes a connection of its own in SYN-RECEIVED. An RST is ignored, and a segment with ACK is answered by an RST (RFC 9293 §3.10.7.2). " +
			"The RFC has a way from here to SYN-SENT, by a SEND; sockets have not.",
		nil, []transition{
			{"SYN arrives", conversation.SynReceived, "SYN+ACK"},
			{either, conversation.Closed, ""},
		}},
	{conversation.SynSent, "A client has sent its SYN and waits for the answer: connect() is under way.",
		"Without an answer the SYN is sent again, on Linux first after 1 s; after some two minutes connect() fails with ETIMEDOUT.",
		nil, []transition{
			{"SYN+ACK to our SYN arrives", conversation.Established, "ACK"},
			{"SYN arrives (simultaneous open)", conversation.SynReceived, "SYN+ACK"},
			{"RST to our SYN arrives (refused)", conversation.Closed, ""},
			{"ICMP error: no way, or no such port", conversation.Closed, ""},
			{"no answer to any SYN (user timeout)", conversation.Closed, ""},
			{either, conversation.Closed, ""},
		}},
	{conversation.SynReceived, "The SYN has been answered; the third step is awaited.",
		"Linux and ss call it SYN-RECV. These are the connections that a SYN flood fills the queue with.",
		[]string{"syn-recv", "syn-rcvd"}, []transition{
			{"ACK of the SYN arrives", conversation.Established, ""},
			{"FIN arrives with the ACK of the SYN", conversation.CloseWait, "ACK"},
			{closeCall, conversation.FinWait1, "FIN"},
			{reset + " (after a passive open)", conversation.Listen, ""},
			{"new SYN in the window (after a passive open)", conversation.Listen, ""},
			{reset + " (after an active open)", conversation.Closed, ""},
			{abort, conversation.Closed, "RST"},
			{"no answer to any SYN+ACK (user timeout)", conversation.Closed, ""},
		}},
	{conversation.Established, "This end knows that the other has agreed: data flows both ways.",
		"The client gets here with the SYN+ACK, the server half a round trip later with the third step.",
		[]string{"estab"}, []transition{
			{closeCall + " (active close)", conversation.FinWait1, "FIN"},
			{"FIN arrives (passive close)", conversation.CloseWait, "ACK"},
			{reset, conversation.Closed, ""},
			{abort, conversation.Closed, "RST"},
			{unacked, conversation.Closed, ""},
		}},
	{conversation.FinWait1, "This end has sent its FIN before the other's had come; it is not yet acknowledged.",
		"Data still arrives.", nil, []transition{
			{"ACK of the FIN arrives", conversation.FinWait2, ""},
			{"FIN arrives, without ACK of ours", conversation.Closing, "ACK"},
			{"FIN arrives, with ACK of ours", conversation.TimeWait, "ACK"},
			{reset, conversation.Closed, ""},
			{abort, conversation.Closed, "RST"},
			{unacked, conversation.Closed, ""},
		}},
	{conversation.FinWait2, "This end's FIN is acknowledged; the other end still has to close.",
		"The connection is half closed (RFC 9293 §3.6.1). Where the program has closed the socket altogether Linux waits 60 s (tcp_fin_timeout) and no longer.",
		nil, []transition{
			{"FIN arrives", conversation.TimeWait, "ACK"},
			{reset, conversation.Closed, ""},
			{abort, conversation.Closed, "RST"},
			{"no FIN for too long", conversation.Closed, ""},
		}},
	{conversation.CloseWait, "The other end has closed; this one has not.",
		"recv() has returned 0. A connection that stays here belongs to a program that forgot close().",
		nil, []transition{
			{closeCall, conversation.LastAck, "FIN"},
			{reset, conversation.Closed, ""},
			{abort, conversation.Closed, "RST"},
			{unacked, conversation.Closed, ""},
		}},
	{conversation.Closing, "Both have closed at the same time; the ACK of this end's FIN is awaited.",
		"The FINs crossed: explain simultaneous close.", nil, []transition{
			{"ACK of the FIN arrives", conversation.TimeWait, ""},
			{reset, conversation.Closed, ""},
			{abort, conversation.Closed, ""},
			{unacked, conversation.Closed, ""},
		}},
	{conversation.LastAck, "Both have closed, the other end first; the ACK of this end's FIN is awaited.",
		"", nil, []transition{
			{"ACK of the FIN arrives", conversation.Closed, ""},
			{reset, conversation.Closed, ""},
			{abort, conversation.Closed, ""},
			{unacked, conversation.Closed, ""},
		}},
	{conversation.TimeWait, "Over; the end that closed first waits for twice the longest life of a segment.",
		"After a simultaneous close both ends do. So the last ACK can be sent again if it was lost, and old segments do not reach a new connection (RFC 9293 §3.3.2, §3.6.1). " +
			"MSL is 2 minutes in the RFC (§3.4.2), so 4 in all; on Linux the whole wait is 60 s. Its port pair is taken meanwhile: a server that restarts needs SO_REUSEADDR to bind.",
		[]string{"2msl", "msl"}, []transition{
			{"2 MSL have passed", conversation.Closed, ""},
			{"FIN arrives again", conversation.TimeWait, "ACK"},
			{"new SYN arrives, and the host takes it", conversation.SynReceived, "SYN+ACK"},
			{reset, conversation.Closed, ""},
			{abort, conversation.Closed, ""},
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
		Title: "The eleven states of a connection", Help: "Each end has its own; the two differ while a segment is on its way.",
		Ref: "RFC 9293 §3.3.2", body: []block{list},
	}}
	for _, s := range states {
		topics = append(topics, s.topic())
	}
	return topics
}

func (s state) topic() Topic {
	t := Topic{
		Name: s.state.String(), Group: groupStates, Title: s.state.String() + ", a state", Help: s.help, Ref: "RFC 9293 §3.3.2, and §3.10 for the details",
		aliases: s.aliases,
	}
	if s.more != "" {
		t.body = append(t.body, para(s.more))
	}
	leaving := rows{}
	for _, m := range s.moves {
		leaving = append(leaving, [2]string{m.on, "→ " + m.to.String() + m.sends()})
	}
	t.body = append(t.body, heading("It ends when"), leaving)
	if arriving := s.arriving(); len(arriving) > 0 {
		t.body = append(t.body, heading("It begins when"), arriving)
	}
	return t
}

// arriving lists what leads to the state; what happens alike in several states
// is one row.
func (s state) arriving() rows {
	var causes []transition
	from := map[transition][]string{}
	for _, other := range states {
		for _, m := range other.moves {
			if m.to != s.state || other.state == s.state {
				continue
			}
			if from[m] == nil {
				causes = append(causes, m)
			}
			from[m] = append(from[m], other.state.String())
		}
	}
	list := rows{}
	for _, m := range causes {
		list = append(list, [2]string{m.on, "from " + strings.Join(from[m], ", ") + m.sends()})
	}
	return list
}
