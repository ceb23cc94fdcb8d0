package conversation

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// AppendSentence appends one plain sentence that explains the segment, in
// printable ASCII: what the accounts of the two ends make of it. Wireshark's
// words, where they say otherwise, are its own.
func (e *Event) AppendSentence(dst []byte) []byte {
	sentence, _ := e.tell()
	dst = e.fill(dst, sentence)
	if e.CopyOf != 0 {
		return dst
	}
	for _, more := range e.besides() {
		dst = append(append(dst, ' '), more...)
	}
	return dst
}

// Sentence returns what AppendSentence appends.
func (e *Event) Sentence() string { return string(e.AppendSentence(nil)) }

// Section names the text that the sentence rests on.
func (e *Event) Section() string {
	_, section := e.tell()
	return section
}

// fill appends a sentence, with something of the segment for each % and the
// letter behind it.
func (e *Event) fill(dst []byte, sentence string) []byte {
	for {
		at := strings.IndexByte(sentence, '%')
		if at < 0 {
			return append(dst, sentence...)
		}
		dst = append(dst, sentence[:at]...)
		switch sentence[at+1] {
		case 'm': // me
			dst = append(dst, e.From.String()...)
		case 'p': // my peer
			dst = append(dst, e.From.Other().String()...)
		case 'b': // payload with its unit
			dst = decimal.AppendBytes(dst, uint64(e.Segment.PayloadLen))
		case 'w': // window, scaled
			dst = decimal.Append(dst, uint64(e.WindowSize))
		case 'n': // the next number
			dst = e.appendFollowing(dst)
		case 'a': // the frame that is acknowledged
			dst = decimal.AppendInt(dst, int64(e.AcksFrame))
			if e.AcksAgain != 0 {
				dst = decimal.AppendInt(append(dst, ", or its repetition "...), int64(e.AcksAgain))
			}
		case 'd': // which duplicate ACK it is
			dst = decimal.AppendInt(dst, int64(e.DupAckNum))
		case 'f': // the frame that it duplicates
			dst = decimal.AppendInt(dst, int64(e.DupAckFrame))
		case 'c': // the frame that it is a copy of
			dst = decimal.AppendInt(dst, int64(e.CopyOf))
		case 'k': // the acknowledgment number by what it is counted from
			dst = e.appendAcknowledged(dst)
		case 'x': // my number, and my peer's
			dst = append(dst, "xy"[e.From])
		case 'y':
			dst = append(dst, "xy"[e.From.Other()])
		case 'o': // the server's port
			dst = decimal.Append(dst, uint64(e.Conversation.Ends[Server].Port))
		default:
			dst = append(dst, sentence[at:at+2]...) // a mistake that is to be seen
		}
		sentence = sentence[at+2:]
	}
}

// appendFollowing appends the arithmetic of the number after the segment.
func (e *Event) appendFollowing(dst []byte) []byte {
	r := e.SeqRule
	if r.Base == NoBase || r.Base == Zero {
		return decimal.Append(dst, uint64(e.Segment.Seq+uint32(e.Segment.PayloadLen)))
	}
	r.Bytes += uint64(e.Segment.PayloadLen)
	return r.Append(dst)
}

// appendAcknowledged appends the acknowledgment number as x + 1, or as it is
// where nothing is known that it is counted from.
func (e *Event) appendAcknowledged(dst []byte) []byte {
	if e.AckRule.Base == NoBase || e.AckRule.Base == Zero {
		return decimal.Append(dst, uint64(e.Segment.Ack))
	}
	return e.AckRule.Append(dst)
}

// besides are sentences that stand behind the first.
func (e *Event) besides() (more []string) {
	s := e.Segment
	const ecn = decode.ECE | decode.CWR // RFC 3168 §6.1.1
	switch {
	case e.Step == StepSYN && s.Flags&ecn == ecn:
		more = append(more, "It offers ECN (RFC 3168).")
	case e.Step == StepSYNACK && s.Flags&ecn == decode.ECE && e.Conversation.Offers[e.From.Other()].ECN:
		more = append(more, "It agrees to ECN (RFC 3168).")
	case s.Flags.Has(decode.ECE) && e.Conversation.Agreed().ECN && s.Flags&(decode.SYN|decode.RST) == 0:
		more = append(more, "Its ECE says that a router has marked congestion (RFC 3168).")
	}
	if e.Step == StepSYN && s.Flags.Has(decode.FIN) {
		more = append(more, "It has FIN set too, as no ordinary stack sends it, but probes do.")
	}
	if e.Step == StepSYN && s.PayloadLen > 0 {
		more = append(more, "It carries data already (Fast Open).")
	}
	if e.about.has(aboutForeign) {
		more = append(more, "Its TTL is not that of the "+e.From.String()+"'s other segments: another machine may have sent it, or those.")
	}
	return more
}
