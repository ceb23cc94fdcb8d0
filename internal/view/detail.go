package view

import (
	"bytes"
	"iter"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// A Detail is a part of a segment as the story shows it: which, its value, and why
// that is so.
type Detail struct {
	Part  Part
	Tone  Tone
	Sum   bool // the reason is arithmetic: the value equals it
	Value uint32

	symbol bool // the value is told as what it is counted from
	entry  *Entry
	rule   *conversation.Rule // nil where no reason is known
}

// Part is what a detail is of a segment.
type Part uint8

// The parts.
const (
	Flags Part = iota
	Seq
	Ack
	Data
	Parts // how many there are
)

// String returns flags, seq, ack or data.
func (p Part) String() string { return [...]string{"flags", "seq", "ack", "data"}[p] }

// Bits are the first and the last bit of something in a segment.
type Bits struct{ First, Last int }

// Append appends "104-111".
func (b Bits) Append(dst []byte) []byte {
	return decimal.AppendInt(append(decimal.AppendInt(dst, int64(b.First)), '-'), int64(b.Last))
}

// bits are where flags and numbers stand, from the one table.
var bits = [Data]Bits{Flags: bitsOf(decode.FlagsField.Key), Seq: bitsOf("tcp.seq_raw"), Ack: bitsOf("tcp.ack_raw")}

func bitsOf(key string) Bits {
	f, _ := decode.ByKey(key)
	return Bits{f.Offset, f.End()}
}

// BitsNote says what the numbers of bits are that stand beside flags and numbers.
var BitsNote = func() string {
	var n []byte
	for i, b := range bits {
		if n = b.Append(n); i < len(bits)-1 {
			n = append(n, ", "...)
		}
	}
	return string(append(n, ": bits of the TCP header, counted from 0"...))
}()

// Details are the parts of a segment that the story shows below it: flags, both
// numbers and data, as far as there are such.
func (e *Entry) Details() iter.Seq[Detail] {
	return func(yield func(Detail) bool) {
		for part := range Parts {
			if d, ok := e.Detail(part); ok && !yield(d) {
				return
			}
		}
	}
}

// Detail is one of them, if there is such.
func (e *Entry) Detail(part Part) (d Detail, ok bool) {
	seg := e.Event.Segment
	if part == Data {
		return Detail{Part: Data, entry: e}, len(seg.Payload) > 0
	}
	if seg.Stunted() || len(seg.Header) < headerToWindow {
		return d, false
	}
	switch d.Part, d.entry = part, e; part {
	case Flags:
		d.Value, d.Tone = uint32(seg.Flags), Strong
	case Seq:
		n := seg.Seq
		if e.manner.isRelative() {
			n = e.Event.Seq
		}
		d.setNumber(n, &e.Event.SeqRule)
	case Ack:
		n := seg.Ack
		if e.manner.isRelative() {
			n = e.Event.Ack
		}
		d.setNumber(n, &e.Event.AckRule)
	}
	return d, true
}

func (d *Detail) setNumber(n uint32, rule *conversation.Rule) {
	d.Value, d.Tone = n, toneOf(rule.Base)
	switch {
	case rule.Base == conversation.NoBase,
		rule.Base == conversation.ServerAt && !d.entry.Event.Conversation.Guessed && *rule == conversation.Rule{Base: conversation.ServerAt}:
		return
	case d.entry.manner.isSymbolic(rule):
		d.symbol = true
	case rule.Base != conversation.Zero:
		d.Sum = true
	}
	d.rule = rule
}

// Bits are where it stands in the segment.
func (d *Detail) Bits() Bits {
	if d.Part < Data {
		return bits[d.Part]
	}
	first := 8 * d.entry.Event.Segment.HeaderLen
	return Bits{first, first + 8*max(d.entry.Event.Segment.PayloadLen, len(d.entry.Event.Segment.Payload)) - 1}
}

// AppendValue appends the bits of flags, a number, or data as they were captured.
func (d *Detail) AppendValue(dst []byte) []byte {
	switch d.Part {
	case Flags:
		return decode.Flags(d.Value).AppendBits(dst)
	case Data:
		return append(dst, d.entry.Event.Segment.Payload...)
	}
	if d.symbol {
		return d.entry.talk.letters.mark(d.rule.AppendShort(dst), len(dst))
	}
	return decimal.Append(dst, uint64(d.Value))
}

// AppendLetters appends the letters of flags, digit by digit: "···A··S·".
func (d *Detail) AppendLetters(dst []byte) []byte { return decode.Flags(d.Value).AppendLetters(dst) }

// BeforeBits is a flag that is set before the flags byte, and where it stands: "AE 103".
// As a rule there is none.
func (d *Detail) BeforeBits() string {
	if d.Part == Flags && decode.Flags(d.Value).Has(decode.AE) {
		return beforeBits
	}
	return ""
}

var beforeBits = func() string {
	f, _ := decode.ByKey("tcp.flags.ae")
	return f.Name + " " + string(decimal.AppendInt(nil, int64(f.Offset)))
}()

// AppendReason appends why a number is what it is, as fully as so many characters
// have room for: "x + 1 (SYN of #1)", "nothing to acknowledge"; nothing where that
// is not known.
func (d *Detail) AppendReason(dst []byte, room int) []byte {
	switch {
	case d.rule == nil:
		return dst
	case d.symbol:
		if proof := d.rule.AppendProof(nil); len(proof) > 0 && len(proof)-1 <= room {
			dst = append(dst, proof[1:]...)
		}
		return dst
	case d.Sum:
		number := d.entry.talk.letters
		return number.mark(appendSum(dst, d.rule, room-number.digits(), d.Part == Ack, d.entry.Event.Step), len(dst))
	}
	const full = "nothing to acknowledge"
	switch {
	case d.Part == Seq:
		return append(dst, whyZero(d.entry.Event, d.rule)...)
	case d.Value != 0:
		return append(dst, "no meaning: ACK is 0"...)
	case room < len(full):
		return append(dst, "nothing to ack"...)
	}
	return append(dst, full...)
}

// appendSum appends the arithmetic of a number.
func appendSum(dst []byte, rule *conversation.Rule, room int, acks bool, step conversation.Step) []byte {
	start := len(dst)
	room += start
	dst = rule.AppendTight(dst)
	if rule.Bytes > 0 && len(dst)+len("  ")*bytes.Count(dst[start:], []byte{'+'}) >= room {
		return dst // no room for blanks around each plus
	}
	dst = rule.AppendShort(dst[:start])
	bare := len(dst)
	if acks {
		if bare+len(" (#1)") <= room { // there may be room for the proof
			if dst = rule.AppendProof(dst); len(dst) <= room {
				return dst
			}
			dst = dst[:bare]
		}
	} else if step == conversation.StepSYN || step == conversation.StepSYNACK {
		if bare+len("  (ISN)") < room {
			dst = append(dst, ' ')
		}
		dst = append(dst, " (ISN)"...)
	}
	if len(dst) >= room && rule.Bytes > 0 || len(dst) > room {
		dst = rule.AppendTight(dst[:start])
	}
	return dst
}
