package view

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// appendCounted appends a number as arithmetic, as fully as there is room for,
// with a ? where it is assumed: x + 1 + 9, or as appendTightly has it.
func appendCounted(dst []byte, n uint32, rule conversation.Rule, assumed bool, room int) []byte {
	start := len(dst)
	dst = rule.AppendShort(dst)
	if assumed && len(dst) > start {
		dst = append(dst, '?')
	}
	if len(dst) == start || len(dst)-start > room {
		return appendTightly(dst[:start], n, rule, assumed, room)
	}
	return dst
}

// appendTightly does it without blanks: x+1+9, x+10 where that is too long, or
// as the header has it.
func appendTightly(dst []byte, n uint32, rule conversation.Rule, assumed bool, room int) []byte {
	if assumed {
		return append(appendTightly(dst, n, rule, false, room-len("?")), '?')
	}
	start := len(dst)
	dst = rule.AppendTight(dst)
	if len(dst)-start > room {
		sum := conversation.Rule{Base: rule.Base, Bytes: rule.Bytes}
		for _, one := range [...]bool{rule.SYN, rule.FIN} {
			if one {
				sum.Bytes++
			}
		}
		dst = sum.AppendTight(dst[:start])
	}
	if len(dst) == start || len(dst)-start > room {
		dst = decimal.Append(dst[:start], uint64(n))
	}
	return dst
}
