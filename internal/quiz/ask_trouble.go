package quiz

import (
	"fmt"
	"slices"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// confused are verdicts that are taken for one another, each with what would have
// to be seen for it. The right one is asked for where it is in a group.
var confused = [][]struct{ verdict, sentence, evidence string }{
	{
		{conversation.Refused, "the server refused: it answered the SYN with an RST", "That takes an RST in answer to the SYN."},
		{conversation.Filtered, "the SYN was never answered by TCP: nothing came back, or an ICMP error", "That takes a SYN to which no segment came back."},
		{conversation.AcceptQueueFull, "the server's accept queue was full: it dropped the client's last ACK", "That takes SYN+ACKs sent again although the client's ACK was on its way."},
		{conversation.Aborted, "the connection was open and was broken off by an RST", "That takes an RST on a connection whose handshake was complete."},
	},
	{
		{conversation.SYNLost, "the SYN was lost, and sent again", "Then the first answer would follow the repeated SYN, and no SYN+ACK the first one."},
		{conversation.SYNACKLost, "the SYN+ACK was lost, and sent again", "That takes a SYN+ACK that was sent more than once, and a client that did not have the first."},
		{conversation.LastACKLost, "the third step was lost: the server sent its SYN+ACK again", "That takes a client that had acknowledged the SYN+ACK before it was repeated."},
		{conversation.Refused, "the server refused: it answered the SYN with an RST", "That takes an RST in answer to the SYN."},
	},
	{
		{conversation.HalfOpen, "one end knows nothing of the connection that the other one holds", "That takes an RST without ACK in answer to a segment of the connection, or a SYN+ACK that no ACK follows."},
		{conversation.Aborted, "one end broke the open connection off with an RST", "That takes an RST of an end that holds the connection."},
		{conversation.HalfClose, "one end closed its direction, and the other went on sending", "That takes data behind the other end's FIN."},
		{conversation.Fine, "it was opened and closed as it should be", "That takes a FIN of each end, and an acknowledgment for each."},
	},
	{
		{conversation.SimultaneousOpen, "both ends opened at once: their SYNs crossed", "That takes a SYN without ACK from each end."},
		{conversation.SplitHandshake, "the server answered with a SYN of its own in place of SYN+ACK", "That takes an ACK and a SYN of the server in two segments."},
		{conversation.SimultaneousClose, "both ends closed at once: their FINs crossed", "That takes two FINs neither of which acknowledges the other."},
		{conversation.Fine, "it was opened and closed as it should be", "That takes a three-way handshake, and FINs that follow one another."},
	},
	{
		{conversation.WindowStalled, "the receiver's window was closed, and the sender had to wait", "That takes a window of 0, and probes."},
		{conversation.PathMTU, "segments were too large for a link on the way", "That takes an ICMP error that names the next hop's MTU, or large segments that alone were lost."},
		{conversation.DataNeverArrived, "data was sent again and again, and never acknowledged", "That takes repetitions of the same data, and no acknowledgment for it."},
		{conversation.Fine, "data went through without trouble", "That takes data that was acknowledged at once."},
	},
}

func askWhatHappened(m *maker, x *Exchange) {
	verdict := &x.Conversation.Verdict
	if len(verdict.Frames) == 0 {
		return
	}
	for _, group := range confused {
		at := slices.IndexFunc(group, func(v struct{ verdict, sentence, evidence string }) bool { return v.verdict == verdict.Name })
		if at < 0 {
			continue
		}
		options := []option{{text: group[at].sentence}}
		for i, other := range group {
			if i != at {
				options = append(options, option{other.sentence, other.evidence})
			}
		}
		list := x.Frames[:min(len(x.Frames), 14)]
		if verdict.Frames[len(verdict.Frames)-1] > list[len(list)-1].Number {
			continue // what proves it would not be shown
		}
		q := Question{
			Ask:     fmt.Sprintf("What happened to the connection between %s and %s?", x.socket(conversation.Client), x.socket(conversation.Server)),
			Show:    []Exhibit{table([]Column{Time, From, Flags, Seq, Ack, Len}, list)},
			Why:     verdict.Text,
			Section: "RFC 9293 §3.5 and §3.6",
		}
		q.choose(m.Shuffle, options...)
		m.add(q)
		return
	}
}

func askSYNTries(m *maker, x *Exchange) {
	askTries(m, x, conversation.Client, x.Conversation.Handshake.SYNs, "SYN")
}

func askSYNACKTries(m *maker, x *Exchange) {
	askTries(m, x, conversation.Server, x.Conversation.Handshake.SYNACKs, "SYN+ACK")
}

func askTries(m *maker, x *Exchange, of conversation.Side, sent int, name string) {
	list := x.Frames[:min(len(x.Frames), 14)]
	seen, last := 0, 0
	for _, f := range x.Frames {
		if f.Flags.Has(synFlag) && f.Event.From == of && f.Flags.Has(ackFlag) == (of == conversation.Server) && f.Reception != conversation.IsCopy {
			seen++
			last = f.Number
		}
	}
	if sent < 2 || seen != sent || slices.ContainsFunc(list, isCopy) || last > list[len(list)-1].Number {
		return
	}
	m.add(Question{
		Ask:      fmt.Sprintf("How often was the %s sent in all?", name),
		Show:     []Exhibit{table([]Column{Time, From, Flags, Seq, Ack}, list)},
		Answer:   count{uint64(sent), ""},
		Mistakes: []Mistake{{count{uint64(sent - 1), ""}, "Those are the repetitions. The first one counts too."}},
		Why:      fmt.Sprintf("%d times, with the same sequence number: once, and %d times again.", sent, sent-1),
		Section:  "RFC 9293 §3.8.1",
	})
}
