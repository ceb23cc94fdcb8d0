package quiz

import (
	"fmt"
	"slices"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

const (
	synFlag = decode.SYN
	rstFlag = decode.RST
)

// fins are the first FIN of each end in the order of the capture, where every FIN
// was sent once and none was cut off; nil where there was none.
func (x *Exchange) fins() (first, second *Frame) {
	for _, f := range x.Frames {
		if !f.Flags.Has(finFlag) || f.Reception == conversation.IsCopy {
			continue
		}
		switch {
		case !f.isPlain() || f.Repeats || f.Flags.Has(synFlag):
			return nil, nil
		case first == nil:
			first = f
		case second == nil && f.Event.From != first.Event.From:
			second = f
		default:
			return nil, nil
		}
	}
	return first, second
}

func askFINFrames(m *maker, x *Exchange) {
	first, second := x.fins()
	if first == nil || x.Conversation.Flows[0].RSTs+x.Conversation.Flows[1].RSTs > 0 {
		return
	}
	list := x.tail(first.Number, 8)
	if slices.ContainsFunc(x.Frames, isCopy) {
		return // a copy carries a FIN as well, and was not sent
	}
	numbers := frames{first.Number}
	if second != nil && slices.Contains(list, second) {
		numbers = append(numbers, second.Number)
	}
	var mistakes []Mistake
	if len(numbers) > 1 {
		mistakes = []Mistake{
			{frames{first.Number}, "That is the first alone. Each direction is closed by a FIN of its own."},
			{frames{second.Number}, "That is the second alone. Each direction is closed by a FIN of its own."},
		}
	}
	m.add(Question{
		Ask:      "Which of these segments carry a FIN? Look at the flags byte, bits 104 to 111.",
		Show:     []Exhibit{table([]Column{From, Byte, Seq, Ack, Len}, list).with(Seq, Ack, Len)},
		asks:     flagsOf(list),
		Answer:   numbers,
		Mistakes: mistakes,
		Why:      fmt.Sprintf("FIN is bit 111, the last digit of the byte: it is set in %s.", numbers),
		Section:  "RFC 9293 §3.1",
	})
}

// flagsOf are the flags of some segments.
func flagsOf(list []*Frame) (facts []fact) {
	for _, f := range list {
		facts = append(facts, f.facts(Flags)...)
	}
	return facts
}

// tail are up to so many frames, without second copies of them, from two before the
// one given on.
func (x *Exchange) tail(from, most int) []*Frame {
	all := x.unique()
	at := slices.IndexFunc(all, func(f *Frame) bool { return f.Number >= from })
	list := all[max(0, at-2):]
	return list[:min(len(list), max(most, 0))]
}

// isCopy reports whether a frame is one that was captured twice.
func isCopy(f *Frame) bool { return f.Reception == conversation.IsCopy }

func askWhoCloses(m *maker, x *Exchange) {
	first, second := x.fins()
	if first == nil || second == nil || second.Segment.Ack != first.Segment.Seq+uint32(first.PayloadLen)+1 || x.Conversation.Flows[0].RSTs+x.Conversation.Flows[1].RSTs > 0 {
		return
	}
	list := x.tail(first.Number, 8)
	if !slices.Contains(list, second) {
		return
	}
	answer := x.side(first.Event.From)
	m.add(Question{
		Ask:      "Which end closes the connection first?",
		Show:     []Exhibit{table([]Column{From, Flags, Seq, Ack, Len}, list).with(Seq, Ack, Len)},
		Answer:   answer,
		Mistakes: []Mistake{{x.side(first.Event.From.Other()), fmt.Sprintf("Its FIN is the second: it acknowledges the other one. Look at %s.", hash(first.Number))}},
		Why:      fmt.Sprintf("The first FIN is in %s, from %s (active CLOSE). That of %s acknowledges it.", hash(first.Number), answer, hash(second.Number)),
		Section:  "RFC 9293 §3.6",
	})
}

func askClosingOrder(m *maker, x *Exchange) {
	list := x.closing()
	if len(list) < 3 {
		return
	}
	q := Question{
		Ask:     "Put the end of the connection in order.",
		Why:     fmt.Sprintf("%s: a FIN takes one number, as a SYN does, and each is acknowledged by its number + 1. Where the second end closes at once its ACK and its FIN are one segment.", numbersOf(list)),
		Section: "RFC 9293 §3.6",
	}
	q.order(m.Shuffle, list)
	m.add(q)
}

// closing are the FINs and what acknowledges them, where each could only be sent
// when the one before had come.
func (x *Exchange) closing() []*Frame {
	first, second := x.fins()
	if first == nil || second == nil || second.PayloadLen > 0 || first.PayloadLen > 0 {
		return nil
	}
	list := []*Frame{first}
	for _, f := range x.Frames {
		if f.Number > first.Number && f.Number < second.Number && f.Event.From == second.Event.From && f.isPlain() && f.PayloadLen == 0 && f.Segment.Ack == first.Segment.Seq+1 {
			list = append(list, f)
			break
		}
	}
	if second.Segment.Ack != first.Segment.Seq+1 {
		return nil // their FINs crossed
	}
	list = append(list, second)
	for _, f := range x.Frames {
		if f.Number > second.Number && f.Event.From == first.Event.From && f.isPlain() && f.PayloadLen == 0 && !f.Flags.Has(rstFlag) && f.Segment.Ack == second.Segment.Seq+1 {
			return append(list, f)
		}
	}
	return nil
}

func askFINAck(m *maker, x *Exchange) {
	list := x.closing()
	if list == nil {
		return
	}
	fin, answer := list[len(list)-2], list[len(list)-1]
	m.add(Question{
		Ask:    fmt.Sprintf("%s acknowledges all of %s. Which acknowledgment number does it carry?", hash(answer.Number), hash(fin.Number)),
		Show:   []Exhibit{table([]Column{From, Flags, Seq, Ack, Len}, []*Frame{fin, answer}, Cell{answer.Number, Ack}).with(Ack)},
		Answer: answer.ackNumber(),
		Mistakes: []Mistake{
			{fin.seqNumber(), "That is the FIN's own number. A FIN takes one, as a SYN does, so the ack is one more."},
			{fin.seqNumber().plus(2), "You counted the FIN twice."},
			{fin.ackNumber(), "That is what the FIN's own segment acknowledges, in the other direction."},
		},
		Why:     fmt.Sprintf("%d + 1 = %d: the FIN takes one sequence number.", fin.Segment.Seq, answer.Segment.Ack),
		Section: "RFC 9293 §3.4 and §3.6",
	})
}

// askResetNumber takes a moment at which everything that the one end had sent was
// acknowledged.
func askResetNumber(m *maker, x *Exchange) {
	opening := x.opening()
	f, answer := x.acknowledged(m)
	if opening == nil || f == nil || f.Flags.Has(finFlag) || answer.Flags.Has(finFlag) {
		return
	}
	if answer.WindowSize < 2 {
		return // the number after the next would not lie in the window
	}
	sender := f.Event.From
	for _, other := range x.Frames {
		if other.Number < answer.Number && other.Event.From == sender && int32(other.Segment.Seq+uint32(other.PayloadLen)-answer.Segment.Ack) > 0 {
			return // more is on its way
		}
	}
	mistakes := []Mistake{
		{f.seqNumber(), "That is data that has come already: outside of the window, so the RST is dropped without a word."},
		{answer.ackNumber().plus(1), "That lies in the window, but is not exactly the next number expected: it brings a challenge ACK, and the connection goes on."},
		{answer.seqNumber(), "That is the number of the other direction."},
	}
	if uint64(-answer.Segment.Ack) >= uint64(answer.WindowSize) { // no window across the wrap
		mistakes = append(mistakes, Mistake{count{n: 0}, "0 is right for an RST that answers a segment without ACK. Here it would lie outside of the window."})
	}
	m.add(Question{
		Ask:      fmt.Sprintf("Right after %s somebody sends an RST in the name of %s. Which sequence number must it carry so that the receiver, which keeps to RFC 9293, resets the connection at once?", hash(answer.Number), x.socket(sender)),
		Show:     []Exhibit{table([]Column{From, Flags, Seq, Ack, Len}, []*Frame{f, answer}, Cell{answer.Number, Ack}).with(Flags, Ack)},
		Answer:   answer.ackNumber(),
		Mistakes: mistakes,
		Why:      fmt.Sprintf("Exactly RCV.NXT, the number that the receiver expects next: %d + %d = %d. Elsewhere in the window an RST brings a challenge ACK, outside of it nothing.", f.Segment.Seq, f.PayloadLen, answer.Segment.Ack),
		Section:  "RFC 9293 §3.5.3 and §3.10.7.4",
	})
}
