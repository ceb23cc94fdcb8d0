package quiz

import (
	"fmt"
	"slices"
)

func askFirstData(m *maker, x *Exchange) {
	list := x.opening()
	data := x.data()
	if list == nil || len(data) == 0 {
		return
	}
	f := data[0]
	if slices.ContainsFunc(x.Frames, func(g *Frame) bool { return g.Number < f.Number && g.PayloadLen > 0 }) {
		return // it is not the first
	}
	if f.Number <= list[2].Number || f.SeqRule.Bytes != 0 || !f.SeqRule.SYN {
		return
	}
	first := list[f.Event.From]
	m.add(Question{
		Ask:    fmt.Sprintf("Which sequence number does the first segment with data, %s, carry?", hash(f.Number)),
		Show:   []Exhibit{table([]Column{From, Flags, Seq, Len}, append(list[:2:2], f), Cell{f.Number, Seq}).with(Flags, Len)},
		Answer: f.seqNumber(),
		Mistakes: []Mistake{
			{first.seqNumber(), "That number was used up by the SYN."},
			{f.seqNumber().plus(1), "Neither an ACK without data nor the handshake's third step takes a number: only the SYN has taken one so far."},
			{f.seqNumber().plus(f.PayloadLen), "That is the number behind this data. A segment is numbered by its first byte."},
			{f.ackNumber(), "That is its ack, which counts the other direction."},
		},
		Why:     fmt.Sprintf("%s = %d: the sender's SYN (%s) took one number, and nothing else has been sent since.", f.SeqRule, f.Segment.Seq, hash(first.Number)),
		Section: "RFC 9293 §3.4",
	})
}

func askDataSize(m *maker, x *Exchange) {
	f, answer := x.acknowledged(m)
	if f == nil || f.Flags.Has(finFlag) {
		return
	}
	m.add(Question{
		Ask:    fmt.Sprintf("%s is acknowledged by %s. How many bytes of data did it carry?", hash(f.Number), hash(answer.Number)),
		Show:   []Exhibit{table([]Column{From, Flags, Seq, Ack, Len}, []*Frame{f, answer}, Cell{f.Number, Len}).with(Flags)},
		Answer: count{uint64(f.PayloadLen), "bytes"},
		Mistakes: []Mistake{
			{count{uint64(f.PayloadLen) - 1, "bytes"}, "You took off 1, as for a SYN. Data counts its bytes, and nothing more."},
			{count{uint64(f.PayloadLen + f.HeaderLen), "bytes"}, "That is with the TCP header, which has no sequence numbers."},
			{count{uint64(f.PayloadLen) + 1, "bytes"}, "You added 1. The ack names the byte after the last one, so the difference is the size itself."},
		},
		Why:     fmt.Sprintf("The ack names the byte after the last one: %d - %d = %d bytes.", answer.Segment.Ack, f.Segment.Seq, f.PayloadLen),
		Section: "RFC 9293 §3.4",
	})
}

// acknowledged picks a segment with data, and the one that acknowledges it and
// nothing more.
func (x *Exchange) acknowledged(m *maker) (f, answer *Frame) {
	var list []*Frame
	for _, d := range x.data() {
		if x.acknowledger(d) != nil {
			list = append(list, d)
		}
	}
	if f = pick(m, list); f == nil {
		return nil, nil
	}
	return f, x.acknowledger(f)
}

func askNextAck(m *maker, x *Exchange) {
	f, answer := x.acknowledged(m)
	if f == nil || f.Flags.Has(finFlag) || x.opening() == nil {
		return
	}
	mistakes := []Mistake{
		{f.seqNumber().plus(f.PayloadLen + 1), "You counted one too many: SYN and FIN take a number, data takes only its bytes."},
		{f.seqNumber(), "That is the data's own first byte, which has come. The ack names the next one expected."},
		{f.seqNumber().plus(1), "TCP counts bytes, not segments: all of the data is acknowledged."},
		{f.seqNumber().plus(f.PayloadLen - 1), "That is the last byte that came. The ack names the one after it."},
		{count{n: uint64(f.PayloadLen)}, "That is the size alone. It is added to the sequence number."},
		{answer.seqNumber(), "That is the number of its own direction, its seq."},
	}
	m.add(Question{
		Ask:      fmt.Sprintf("%s acknowledges the data of %s. Which acknowledgment number does it carry?", hash(answer.Number), hash(f.Number)),
		Show:     []Exhibit{table([]Column{From, Flags, Seq, Ack, Len}, []*Frame{f, answer}, Cell{answer.Number, Ack}).with(Flags, Ack)},
		Answer:   answer.ackNumber(),
		Mistakes: mistakes,
		Why:      fmt.Sprintf("seq + bytes = %d + %d = %d: the next byte that is expected.", f.Segment.Seq, f.PayloadLen, answer.Segment.Ack),
		Section:  "RFC 9293 §3.4",
	})
}

func askDataTime(m *maker, x *Exchange) {
	f, answer := x.acknowledged(m)
	if f == nil || !f.Time.Known || !answer.Time.Known {
		return
	}
	after := span(answer.Time.Since(f.Time).Nanoseconds())
	if after < 1000 {
		return
	}
	shown := table([]Column{Time, From, Flags, Seq, Ack, Len}, []*Frame{f, answer}).with(Flags, Seq, Ack, Len)
	var mistakes []Mistake
	if first := x.Frames[0]; first.Time.Known && f.Time.Since(first.Time).Nanoseconds() > 0 {
		shown.start = first // so that there is something to work out
		mistakes = []Mistake{
			{span(answer.Time.Since(first.Time).Nanoseconds()), "That is when it was captured, counted from the first frame of the connection. Take away when the data was."},
			{span(f.Time.Since(first.Time).Nanoseconds()), "That is when the data was captured. Take it away from when the acknowledgment was."},
		}
	}
	m.add(Question{
		Ask:      fmt.Sprintf("How long after %s was the acknowledgment of its data captured? Times count from the first frame of the connection.", hash(f.Number)),
		Show:     []Exhibit{shown},
		Answer:   after,
		asks:     []fact{{column: Time, frame: answer.Number}},
		Mistakes: mistakes,
		Why:      fmt.Sprintf("From %s to %s, whose ack is %d + %d: %s. Where the capture was made at the sender that is a round trip; the receiver may have waited a little before it answered (delayed ACK).", hash(f.Number), hash(answer.Number), f.Segment.Seq, f.PayloadLen, after),
		Section:  "",
	})
}
