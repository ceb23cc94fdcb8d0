package view

import (
	"iter"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Remarks are what there is to say below an entry: what is special about a
// segment, what a conversation comes to. A text is valid until the next one.
func (e *Entry) Remarks() iter.Seq2[Tone, []byte] {
	return func(yield func(Tone, []byte) bool) {
		switch e.Kind {
		case timeline.Segment:
			e.ofSegment(yield)
		case timeline.Ended:
			e.ofConversation(yield)
		}
	}
}

func (e *Entry) ofSegment(yield func(Tone, []byte) bool) {
	seg := e.Event.Segment
	if e.Event.Analysis != 0 && !yield(Remarked, e.say(appendAnalysisOf(append(e.room, "Wireshark: "...), e.Event))) ||
		seg.Problem != nil && !yield(Bad, e.say(appendProblem(e.room, seg.Problem))) ||
		seg.VerifyChecksum() == decode.SumBad && !yield(Bad, e.say(append(e.room, "checksum is wrong"...))) {
		return
	}
	if seg.Comment != "" {
		yield(Quiet, e.say(append(e.room, seg.Comment...)))
	}
}

func (e *Entry) ofConversation(yield func(Tone, []byte) bool) {
	c := e.Conversation
	text := decimal.AppendBytes(append(e.room, "client sent "...), c.Flows[conversation.Client].Bytes)
	text = decimal.AppendBytes(append(text, ", server "...), c.Flows[conversation.Server].Bytes)
	if c.Ending != conversation.StillOpen {
		text = appendEnd(append(text, "; closed by "...), c)
	}
	if yield(Quiet, e.say(text)) {
		text = append(append(e.room, c.Seen.Text()...), ": "...)
		yield(Quiet, e.say(append(text, c.Seen.Sum()...)))
	}
}

// say keeps the room that a text has taken for the next one.
func (e *Entry) say(text []byte) []byte {
	e.room = text[:0]
	return text
}

// appendAnalysisOf appends Wireshark's words for a segment, each with the frame and
// the time that belong to it: "retransmission of #8, 11.157 ms later; window full".
func appendAnalysisOf(dst []byte, e *conversation.Event) []byte {
	words := e.Analysis
	const special = conversation.FastRetransmission | conversation.SpuriousRetransmission
	if words&special != 0 {
		words &^= conversation.Retransmission // which they are, too
	}
	const again = conversation.Retransmission | special
	start := len(dst)
	for i := range analysisTexts {
		word := words & (1 << i)
		if word == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, "; "...)
		}
		dst = append(dst, analysisTexts[i]...)
		switch {
		case word&again != 0 && e.AgainOf != 0:
			dst = decimal.AppendInt(append(dst, " of #"...), int64(e.AgainOf))
			dst = append(appendMs(append(dst, ", "...), e.AgainAfter), " ms later"...)
		case word&again != 0 && e.RTOFrame != 0:
			dst = append(appendMs(append(dst, ", "...), e.RTO), " ms after #"...)
			dst = decimal.AppendInt(dst, int64(e.RTOFrame))
		case word == conversation.DuplicateAck && e.DupAckFrame != 0:
			dst = decimal.AppendInt(append(dst, " of #"...), int64(e.DupAckFrame))
			dst = append(decimal.AppendInt(append(dst, " ("...), int64(e.DupAckNum)), ')')
		}
	}
	return dst
}
