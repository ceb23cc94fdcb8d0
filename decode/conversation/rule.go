package conversation

import "github.com/handshake-lab/handshake-lab/internal/decimal"

// Base is the unknown that a number is counted from.
type Base uint8

// The handshake's two numbers: x, the client's initial sequence number, and
// y, the server's (RFC 9293 §3.4).
const (
	NoBase   Base = iota // no arithmetic is known: the number stands for itself
	X                    // the client's initial sequence number
	Y                    // the server's
	ClientAt             // the first number seen of a client whose SYN was not captured
	ServerAt             // the same of a server
	Zero                 // the field is 0 because nothing is acknowledged
)

// Rule is the arithmetic behind a sequence or acknowledgment number:
// Base + 1 for the SYN + Bytes + 1 for the FIN, proved by Frame.
type Rule struct {
	Base  Base
	SYN   bool   // + 1: the SYN has been counted
	Bytes uint64 // + payload bytes, counted from the first
	FIN   bool   // + 1: the FIN has been counted
	Frame int    // the frame that shows it; 0 for none
	Again int    // its latest repetition, which may be what was received; 0 for none
	OfSYN bool   // Frame is the SYN (or SYN+ACK) itself
}

// Append appends "x", "x + 1", "y + 1 + 9", "y + 1 + 9 + 1"; nothing
// where there is no arithmetic.
func (r *Rule) Append(dst []byte) []byte {
	switch r.Base {
	case X:
		dst = append(dst, 'x')
	case Y:
		dst = append(dst, 'y')
	case ClientAt:
		dst = append(dst, "client's first"...)
	case ServerAt:
		dst = append(dst, "server's first"...)
	case Zero:
		return append(dst, '0')
	default:
		return dst
	}
	return r.appendCounted(dst, false)
}

// AppendShort is Append with c and s for the first numbers seen of client and
// server.
func (r *Rule) AppendShort(dst []byte) []byte {
	if letter := letters[r.Base]; letter != 0 {
		return r.appendCounted(append(dst, letter), false)
	}
	return r.Append(dst)
}

// letters stand for the bases.
var letters = [...]byte{NoBase: 0, X: 'x', Y: 'y', ClientAt: 'c', ServerAt: 's', Zero: 0}

// AppendTight is AppendShort without blanks: "y+1+9".
func (r *Rule) AppendTight(dst []byte) []byte {
	if letter := letters[r.Base]; letter != 0 {
		return r.appendCounted(append(dst, letter), true)
	}
	return r.Append(dst)
}

// appendCounted appends what is added to the base.
func (r *Rule) appendCounted(dst []byte, tight bool) []byte {
	if r.SYN {
		dst = append(appendPlus(dst, tight), '1')
	}
	if r.Bytes > 0 {
		dst = decimal.Append(appendPlus(dst, tight), r.Bytes)
	}
	if r.FIN {
		dst = append(appendPlus(dst, tight), '1')
	}
	return dst
}

func appendPlus(dst []byte, tight bool) []byte {
	if tight {
		return append(dst, '+')
	}
	return append(dst, " + "...)
}

// AppendProved appends the rule with the frame that proves it:
// "x + 1 (SYN of #1)", "y + 1 + 9 (#4)".
func (r *Rule) AppendProved(dst []byte) []byte { return r.AppendProof(r.Append(dst)) }

// AppendProof appends the frame alone, behind a rule: " (#4)"; nothing where
// none proves it.
func (r *Rule) AppendProof(dst []byte) []byte {
	if r.Frame == 0 || r.Base == NoBase || r.Base == Zero {
		return dst
	}
	if r.OfSYN {
		dst = append(dst, " (SYN of #"...)
	} else {
		dst = append(dst, " (#"...)
	}
	dst = decimal.AppendInt(dst, int64(r.Frame))
	if r.Again != 0 {
		dst = decimal.AppendInt(append(dst, " or #"...), int64(r.Again))
	}
	return append(dst, ')')
}

// String returns the rule without its frame.
func (r Rule) String() string { return string(r.Append(nil)) }
