package palette

import (
	"bytes"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/view"
)

// AppendBits appends bits as they are drawn everywhere, digits ("00010010") or flags'
// letters ("···A··S·"): those that are set stand out in a tone, the others are quiet.
// A nil Palette has no colours.
func (p *Palette) AppendBits(dst []byte, set view.Tone, bits []byte) []byte {
	if p == nil {
		return append(dst, bits...)
	}
	for len(bits) > 0 {
		tone, isSet := view.Quiet, isSetBit(bits)
		if isSet {
			tone = set
		}
		end := 0
		for end < len(bits) && isSetBit(bits[end:]) == isSet {
			_, size := utf8.DecodeRune(bits[end:])
			end += size
		}
		dst = p.Append(dst, tone, bits[:end])
		bits = bits[end:]
	}
	return dst
}

// isSetBit reports whether bits begin with one that is set.
func isSetBit(bits []byte) bool {
	return bits[0] != '0' && bits[0] != '.' && bits[0] != ' ' && !bytes.HasPrefix(bits, []byte("·"))
}

// Append appends text of a tone.
func (p *Palette) Append(dst []byte, tone view.Tone, text []byte) []byte {
	if p == nil || p[tone] == "" || len(text) == 0 {
		return append(dst, text...)
	}
	return append(append(append(dst, p[tone]...), text...), Off...)
}
