package quiz

import (
	"fmt"
	"strings"
)

// described is a frame without its number, as an item to put in order.
func described(f *Frame) string {
	text := fmt.Sprintf("%s to %s: %s, seq %d", f.from(), f.to(), f.Flags, f.Segment.Seq)
	if f.Flags.Has(ackFlag) {
		text += fmt.Sprintf(", ack %d", f.Segment.Ack)
	}
	if f.PayloadLen > 0 {
		text += fmt.Sprintf(", %d bytes", f.PayloadLen)
	}
	return text
}

func descriptions(list []*Frame) (items []string) {
	for _, f := range list {
		items = append(items, described(f))
	}
	return items
}

// numbersOf names frames in the order given.
func numbersOf(list []*Frame) string {
	var names []string
	for _, f := range list {
		names = append(names, hash(f.Number))
	}
	return strings.Join(names, ", ")
}

func askHandshakeOrder(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	q := Question{
		Ask:     "Put the three steps of the handshake in order.",
		Why:     fmt.Sprintf("SYN, SYN+ACK, ACK (%s): each acknowledges what the one before it brought, its ack is that seq + 1.", numbersOf(list)),
		Section: "RFC 9293 §3.5",
	}
	q.order(m.Shuffle, list)
	m.add(q)
}

// askConnectionOrder takes segments each of which could only be sent when the one
// before it had arrived.
func askConnectionOrder(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	ack := list[2]
	for _, d := range x.data() {
		if d.Number < ack.Number || d.AckRule.Base == 0 {
			continue
		}
		answer := x.acknowledger(d)
		if answer == nil || answer.PayloadLen > 0 || answer.Flags.Has(finFlag) {
			continue
		}
		list = append(list, d, answer)
		break
	}
	if len(list) < 5 {
		return
	}
	if first, second := x.fins(); first != nil && first.Number > list[4].Number && first.Event.From == list[4].Event.From && first.PayloadLen == 0 {
		list = append(list, first)
		if second != nil && second.Number > first.Number && second.Segment.Ack == first.Segment.Seq+1 && second.PayloadLen == 0 {
			list = append(list, second)
		}
	}
	q := Question{
		Ask:     "Put these segments of one connection in the order in which they were sent.",
		Why:     fmt.Sprintf("They are %s. Each could only be sent when the one before it had come: an ack names the byte that is expected next, so nobody acknowledges what was not sent yet.", numbersOf(list)),
		Section: "RFC 9293 §3.4",
	}
	q.order(m.Shuffle, list)
	m.add(q)
}

// acknowledger is the first segment that acknowledges all of another one; nil where
// none was captured, or where what it acknowledges is not alone.
func (x *Exchange) acknowledger(d *Frame) *Frame {
	for _, f := range x.Frames {
		if f.Number > d.Number && f.Event.From != d.Event.From && f.isPlain() && f.Flags.Has(ackFlag) && f.AcksFrame == d.Number && f.Segment.Ack == d.Segment.Seq+uint32(d.PayloadLen) {
			return f
		}
	}
	return nil
}

func askSYNACKTime(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil || !list[0].Time.Known || !list[2].Time.Known {
		return
	}
	between := func(a, b *Frame) span { return span(b.Time.Since(a.Time).Nanoseconds()) }
	answer, whole := between(list[0], list[1]), between(list[0], list[2])
	if answer < 1000 || whole < answer {
		return
	}
	m.add(Question{
		Ask:    fmt.Sprintf("How long after %s was %s, the answer to it, captured?", hash(list[0].Number), hash(list[1].Number)),
		Show:   []Exhibit{table([]Column{Clock, From, Flags}, list).with(From, Flags)},
		Answer: answer,
		asks:   []fact{{column: Time, frame: list[1].Number}},
		Mistakes: []Mistake{
			{whole, "That is the time until the handshake was complete: from the SYN to the ACK. Wireshark calls it iRTT."},
			{between(list[1], list[2]), "That is the time from the SYN+ACK to the ACK."},
		},
		Why:     fmt.Sprintf("From %s to %s: %s. At the client that is the round trip to the server and back.", hash(list[0].Number), hash(list[1].Number), answer),
		Section: "",
	})
}

func askThirdPayload(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil || list[2].PayloadLen > 0 {
		return
	}
	q := Question{
		Ask:     "The third step carries no data here. May it carry some?",
		Show:    []Exhibit{table([]Column{Flags, Seq, Ack, Len}, list).with(Flags, Seq, Ack, Len)},
		Why:     "The client is ESTABLISHED once the SYN+ACK has come, and may send data with the very segment that acknowledges it.",
		Section: "RFC 9293 §3.10.7.3",
	}
	q.choose(m.Shuffle,
		option{text: "yes: the client is ESTABLISHED once the SYN+ACK has come, and may send data at once"},
		option{"no: data may only follow when the server has acknowledged the third step", "Nobody acknowledges an ACK without data. The client does not wait for anything more."},
		option{"no: only a segment with the flag PSH can carry data", "Data needs no flag. PSH asks the receiver to hand it over without waiting for more."},
		option{"yes, but only where both ends have agreed on Fast Open", "Fast Open is for data in the SYN. With the third step data may come on any connection."})
	m.add(q)
}
