package quiz

import "fmt"

func askSYNSeq(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	readNumberFrom(m, list[0], "x")
}

func askSYNACKSeq(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	readNumberFrom(m, list[1], "y")
}

// readNumberFrom asks for a sequence number that has to be read from the bytes.
func readNumberFrom(m *maker, f *Frame, letter string) {
	answer := f.seqNumber()
	m.add(Question{
		Ask:    fmt.Sprintf("What is the sequence number of %s? Its header is shown in bytes; write the number as it stands there, in decimal digits or with 0x.", hash(f.Number)),
		Show:   []Exhibit{header(f)},
		Answer: number{raw: answer.raw},
		asks:   []fact{numbered(answer.raw)},
		Mistakes: []Mistake{
			{count{n: 0}, "0 is the relative number, which Wireshark counts from. In the header stands the raw one."},
			{number{raw: f.Segment.Ack}, "That is the acknowledgment number, bits 64 to 95."},
			{count{n: uint64(f.SrcPort)<<16 | uint64(f.DstPort)}, "Those are the two ports, bits 0 to 31."},
		},
		Why:     fmt.Sprintf("Bits 32 to 63, the bytes 5 to 8: 0x%08x = %d. It is the number that the story calls %s.", f.Segment.Seq, f.Segment.Seq, letter),
		Section: "RFC 9293 §3.1",
	})
}

func askSYNACKAck(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	syn, synack := list[0], list[1]
	m.add(Question{
		Ask:    fmt.Sprintf("%s answers %s. Which acknowledgment number does it carry?", hash(synack.Number), hash(syn.Number)),
		Show:   []Exhibit{table([]Column{From, Flags, Seq, Ack, Len}, list[:2], Cell{synack.Number, Ack}).with(Flags, Ack, Len)},
		Answer: synack.ackNumber(),
		Mistakes: []Mistake{
			{syn.seqNumber(), "You repeated the SYN's own number. The ack names the next one that is expected, and a SYN takes one number: x + 1."},
			{syn.seqNumber().plus(2), "You added the SYN twice."},
			{synack.seqNumber(), "That is the server's own number y. The ack counts what the client sends."},
			{synack.seqNumber().plus(1), "That is y + 1, what the client will acknowledge. Here the server acknowledges the client's x."},
		},
		Why:     fmt.Sprintf("x + 1 = %d + 1 = %d: the SYN of %s takes one sequence number, and the ack names the next.", syn.Segment.Seq, synack.Segment.Ack, hash(syn.Number)),
		Section: "RFC 9293 §3.4",
	})
}

func askSYNACKAckWhy(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	q := Question{
		Ask:     fmt.Sprintf("How did the server find the acknowledgment number of %s?", hash(list[1].Number)),
		Show:    []Exhibit{table([]Column{From, Flags, Seq, Ack, Len}, list[:2]).with(Flags, Seq, Ack, Len)},
		Why:     fmt.Sprintf("The ack names the number that is expected next. The SYN of %s has taken x, so that is x + 1 = %d.", hash(list[0].Number), list[1].Segment.Ack),
		Section: "RFC 9293 §3.4",
	}
	q.choose(m.Shuffle,
		option{text: "it took the SYN's sequence number and added 1, as a SYN counts as one"},
		option{"it took the SYN's sequence number and added the bytes of its header", "Headers have no sequence numbers: data has, and SYN and FIN."},
		option{"it took its own sequence number and added 1", "That will be the client's ack, in the third step."},
		option{"it chose it so that nobody outside can predict it", "That is how it chose its own sequence number, y."})
	m.add(q)
}

func askThirdSeq(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	syn, synack, ack := list[0], list[1], list[2]
	m.add(Question{
		Ask:    fmt.Sprintf("Which sequence number does %s, the third step, carry?", hash(ack.Number)),
		Show:   []Exhibit{table([]Column{From, Flags, Seq, Len}, list, Cell{ack.Number, Seq}).with(Flags, Len)},
		Answer: ack.seqNumber(),
		Mistakes: []Mistake{
			{syn.seqNumber(), "That number is taken: the SYN has used it."},
			{syn.seqNumber().plus(2), "You added the SYN twice."},
			{synack.seqNumber().plus(1), "That is y + 1, its ack. Its seq counts what the client itself has sent."},
			{synack.seqNumber(), "That is the server's number. Each end counts what it sends itself."},
		},
		Why:     fmt.Sprintf("x + 1 = %d: the client has sent its SYN, which takes one number.", ack.Segment.Seq),
		Section: "RFC 9293 §3.4",
	})
}

func askThirdAck(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	syn, synack, ack := list[0], list[1], list[2]
	m.add(Question{
		Ask:    fmt.Sprintf("Which acknowledgment number does %s, the third step, carry?", hash(ack.Number)),
		Show:   []Exhibit{table([]Column{From, Flags, Seq, Ack, Len}, list, Cell{ack.Number, Ack}).with(Flags, Ack, Len)},
		Answer: ack.ackNumber(),
		Mistakes: []Mistake{
			{synack.seqNumber(), "You repeated the server's number. The ack names the next one, and the SYN in the SYN+ACK takes one: y + 1."},
			{synack.seqNumber().plus(2), "You added the SYN twice."},
			{syn.seqNumber().plus(1), "That is x + 1, its own seq. The ack counts what the server has sent."},
			{syn.seqNumber(), "That is the client's own first number."},
		},
		Why:     fmt.Sprintf("y + 1 = %d + 1 = %d: the SYN in %s takes one number of the server's.", synack.Segment.Seq, ack.Segment.Ack, hash(synack.Number)),
		Section: "RFC 9293 §3.4",
	})
}

func askACKZero(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil || list[0].Segment.Ack != 0 {
		return
	}
	q := Question{
		Ask:     fmt.Sprintf("Why is the acknowledgment number of %s 0?", hash(list[0].Number)),
		Show:    []Exhibit{table([]Column{From, Flags, Seq, Ack}, list[:1]).with(Seq)},
		Why:     "The field counts only where ACK is set. When the first SYN is sent the client knows no number of the server's.",
		Section: "RFC 9293 §3.1",
	}
	q.choose(m.Shuffle,
		option{text: "ACK is not set, so the field means nothing: there is nothing to acknowledge yet"},
		option{"the server's first sequence number is 0", "The server chooses its number only when it answers, and it may be any. Only the relative number is always 0."},
		option{"the client has received 0 bytes and acknowledges that", "What is acknowledged is a sequence number, not a count of bytes, and only where ACK is set."},
		option{"every segment without data has ack 0", "The third step has no data either, and acknowledges y + 1."})
	m.add(q)
}

func askISN(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	q := Question{
		Ask:     "Why does a connection not simply begin to count at 0?",
		Show:    []Exhibit{table([]Column{From, Flags, Seq}, list[:2]).with(Flags, Seq)},
		Why:     "Initial numbers come from a clock, so that segments of an earlier connection between the same sockets are not taken for this one's, plus a keyed hash of the sockets, so that somebody who does not see the segments cannot guess them.",
		Section: "RFC 9293 §3.4.1",
	}
	q.choose(m.Shuffle,
		option{text: "so that old segments are not taken for new ones, and nobody outside can guess a number that is accepted"},
		option{"so that the two ends never use the same number", "They may: the two directions are counted apart."},
		option{"because 0 is kept for segments without data", "No number is kept. A count can pass 0 when it wraps around."},
		option{"so that the data is encrypted", "TCP encrypts nothing. The numbers are open to all on the way."})
	m.add(q)
}
