package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// subtypes are the kinds of MPTCP option (RFC 8684 §3) seen so far, a bit
// each. Wireshark calls an ACK no duplicate where they have grown in the
// conversation since the sender's last segment was analyzed: with MPTCP a
// repeated ACK may be there for its option (RFC 8684 §4).
type subtypes uint8

// add takes up those of a segment. Wireshark counts the eight subtypes of
// RFC 6824 only.
func (t *subtypes) add(o *decode.Options) {
	if !o.MPTCP {
		return
	}
	for option := range o.All() {
		if option.Kind != decode.KindMPTCP || option.Problem != nil || len(option.Data) == 0 {
			continue
		}
		*t |= 1 << (option.Data[0] >> 4) // beyond the eighth: no bit
	}
}
