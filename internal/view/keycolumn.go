package view

import "github.com/handshake-lab/handshake-lab/internal/decimal"

// Type is what a key's value is.
type Type uint8

// The types of values. In ndjson a list is an array, in csv it is joined by ";".
const (
	Number Type = iota
	Boolean
	Word    // a string of our own making: printable, without quotes and backslashes
	Text    // a string out of the capture, made visible
	Numbers // a list of numbers
	Words   // a list of words
)

// String returns number, boolean, string, list of numbers or list of strings.
func (t Type) String() string {
	return [...]string{"number", "boolean", "string", "string", "list of numbers", "list of strings"}[t]
}

// KeyColumn is one key of a view's machine-readable rows.
type KeyColumn struct {
	Key  string
	Type Type
	Unit string // bytes, seconds, bits; empty where there is none
	Help string // its meaning, one sentence without a full stop

	Needs  Need // what a row must have for it; 0: the value itself says whether it applies
	Append AppendFunc
}

// AppendFunc appends the value, with what the row has between the members of a
// list; nothing where the key does not apply.
type AppendFunc = func(dst []byte, r *Row) []byte

// value appends the column's value, or nothing where it does not apply.
func (c *KeyColumn) value(dst []byte, r *Row) []byte {
	if c.Needs&^r.Has != 0 {
		return dst
	}
	return c.Append(dst, r)
}

// if_ makes a value apply only where a condition holds.
func when(holds func(*Row) bool, value AppendFunc) AppendFunc {
	return func(dst []byte, r *Row) []byte {
		if holds(r) {
			return value(dst, r)
		}
		return dst
	}
}

// number makes the append function of a number that always applies.
func number(value func(r *Row) int64) AppendFunc {
	return func(dst []byte, r *Row) []byte { return decimal.AppendInt(dst, value(r)) }
}

// positive makes the append function of a number that applies above 0.
func positive(value func(r *Row) int64) AppendFunc {
	return func(dst []byte, r *Row) []byte {
		if n := value(r); n > 0 {
			return decimal.AppendInt(dst, n)
		}
		return dst
	}
}

// truth makes the append function of a boolean that is left out where false.
func truth(value func(r *Row) bool) AppendFunc {
	return func(dst []byte, r *Row) []byte {
		if value(r) {
			return append(dst, "true"...)
		}
		return dst
	}
}
