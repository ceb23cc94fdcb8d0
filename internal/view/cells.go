package view

import (
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// Cells that several tables share.
var (
	cellFrame = ReaderColumn{"#", 5, Figures, 0, func(dst []byte, r *Row) []byte {
		return decimal.AppendInt(dst, int64(r.Segment.Number))
	}, nil}
	cellMs = ReaderColumn{"ms", 9, Figures, 3, func(dst []byte, r *Row) []byte {
		return appendTime(dst, r, 9)
	}, func(*Row) Tone { return Quiet }}
	cellWho = ReaderColumn{"stream", 7, Terms, 0, func(dst []byte, r *Row) []byte {
		if r.Conversation == nil {
			return dst
		}
		dst = decimal.AppendInt(dst, int64(r.Conversation.Stream))
		return append(dst, [...]string{" c→s", " s→c"}[r.Event.From]...)
	}, nil}
	cellFlags = ReaderColumn{"flags", 11, Terms, 0, func(dst []byte, r *Row) []byte {
		dst = r.Segment.Flags.Append(dst)
		if r.Event.Analysis != 0 {
			dst = append(dst, '!')
		}
		return dst
	}, toneOfFlags}
	cellBits = ReaderColumn{"104-111", 8, Terms, 0, func(dst []byte, r *Row) []byte {
		return colBits.value(dst, r)
	}, nil}
	cellSeq = ReaderColumn{"seq 32-63", 10, Figures, 0, func(dst []byte, r *Row) []byte {
		return colSeqRaw.value(dst, r)
	}, func(r *Row) Tone { return toneOf(r.Event.SeqRule.Base) }}
	cellAck = ReaderColumn{"ack 64-95", 10, Figures, 0, func(dst []byte, r *Row) []byte {
		return colAckRaw.value(dst, r)
	}, func(r *Row) Tone { return toneOf(r.Event.AckRule.Base) }}
)
