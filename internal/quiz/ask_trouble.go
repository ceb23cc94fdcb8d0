package quiz

import (
	"fmt"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// mostShown is how many segments are shown of a connection of which the end is asked.
const mostShown = 14

func askWhatHappened(m *maker, x *Exchange) {
	verdict := &x.Conversation.Verdict
	is, isAsked := diagnoses[verdict.Name]
	if !isAsked || len(verdict.Frames) == 0 {
		return
	}
	all := x.unique()
	list := all[:min(len(all), mostShown)]
	if verdict.Frames[len(verdict.Frames)-1] > list[len(list)-1].Number || !is.isShown(x, list) {
		return // what proves it would not be shown
	}
	options := []option{{text: is.sentence}}
	for _, name := range is.others {
		other := diagnoses[name]
		if other.isShown(x, all) {
			return // that could be said too
		}
		options = append(options, option{other.sentence, other.evidence})
	}
	q := Question{
		Ask: fmt.Sprintf("What happened to the connection between %s and %s?", x.socket(conversation.Client), x.socket(conversation.Server)),
		// the window tells a receiver that is closed from one that is slow
		Show:    []Exhibit{table([]Column{Time, From, Flags, Seq, Ack, Len, Window}, list)},
		Why:     strings.ToUpper(verdict.Text[:1]) + verdict.Text[1:] + ".",
		Section: is.section,
	}
	if strings.Contains(verdict.Text, "RFC ") {
		q.Section = ""
	}
	q.choose(m.Shuffle, options...)
	m.add(q)
}

func askSYNTries(m *maker, x *Exchange) {
	askTries(m, x, conversation.Client, x.Conversation.Handshake.SYNs, "SYN")
}

func askSYNACKTries(m *maker, x *Exchange) {
	askTries(m, x, conversation.Server, x.Conversation.Handshake.SYNACKs, "SYN+ACK")
}

func askTries(m *maker, x *Exchange, of conversation.Side, sent int, name string) {
	all := x.unique()
	list := all[:min(len(all), mostShown)]
	seen, last := 0, 0
	var first *Frame
	for _, f := range all {
		if f.Flags.Has(synFlag) && f.Event.From != of && f.Flags.Has(ackFlag) == (of == conversation.Server) {
			return // both ends send one: which is meant?
		}
		if f.Flags.Has(synFlag) && f.Event.From == of && f.Flags.Has(ackFlag) == (of == conversation.Server) {
			if seen++; first == nil {
				first = f
			}
			if last = f.Number; f.Segment.Seq != first.Segment.Seq {
				return // another attempt
			}
		}
	}
	if sent < 2 || seen != sent || slices.ContainsFunc(x.Frames, isCopy) || last > list[len(list)-1].Number {
		return
	}
	again := "once again"
	if sent > 2 {
		again = fmt.Sprintf("%d times again", sent-1)
	}
	m.add(Question{
		Ask:      fmt.Sprintf("How often was the %s sent in all?", name),
		Show:     []Exhibit{table([]Column{Time, From, Flags, Seq, Ack}, list).with(Time, Seq, Ack)},
		Answer:   count{uint64(sent), ""},
		Mistakes: []Mistake{{count{uint64(sent - 1), ""}, "Those are the repetitions. The first one counts too."}},
		Why:      fmt.Sprintf("%d times, with the same sequence number: once, and %s.", sent, again),
		Section:  "RFC 9293 §3.8.1",
	})
}
