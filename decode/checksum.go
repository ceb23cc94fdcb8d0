package decode

import (
	"encoding/binary"
	"math/bits"
)

// VerifyChecksum says what the checksum says about the segment: good, bad,
// partial where it is only the pseudo-header's sum that the network card was
// to complete (as on loopback), unchecked where not all bytes were captured
// (RFC 9293 §3.1, RFC 8200 §8.1). It reads the whole payload, so it is done on
// demand; the packet's data must still be valid.
func (s *Segment) VerifyChecksum() Sum {
	if !s.whole {
		return SumUnchecked
	}
	addresses := s.addressSum() + protoTCP
	pseudo := addresses + uint64(len(s.Header)+len(s.Payload))
	if fold(pseudo+wideSum(s.Header)+wideSum(s.Payload)) == 0xffff { // the header is words of 32 bits
		return SumGood
	}
	// Offload leaves the sum of the pseudo-header, not complemented; some
	// drivers leave its length out where the card is to cut the segment up.
	if s.Checksum == fold(pseudo) || s.Checksum == fold(addresses) {
		return SumPartial
	}
	return SumBad
}

// addressSum adds up both addresses as 16-bit words.
func (s *Segment) addressSum() uint64 {
	if s.Src.Is4() {
		a, b := s.Src.As4(), s.Dst.As4()
		from, to := uint64(binary.BigEndian.Uint32(a[:])), uint64(binary.BigEndian.Uint32(b[:]))
		return from>>16 + from&0xffff + to>>16 + to&0xffff
	}
	a, b := s.Src.As16(), s.Final().As16()
	return wideSum(a[:]) + wideSum(b[:])
}

// wideSum adds up the data as 16-bit words, 8 bytes at a time; the last odd
// byte is padded with zero (RFC 1071 §2). The result is at most 17 bits wide.
func wideSum(b []byte) uint64 {
	var sum, carry uint64
	for len(b) >= 32 {
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b), carry)
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b[8:]), carry)
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b[16:]), carry)
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b[24:]), carry)
		b = b[32:]
	}
	for len(b) >= 8 {
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b), carry)
		b = b[8:]
	}
	var rest uint64 // where a word stands in a sum of words does not matter
	if len(b) >= 4 {
		rest = uint64(binary.BigEndian.Uint32(b))
		b = b[4:]
	}
	if len(b) >= 2 {
		rest += uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) > 0 {
		rest += uint64(b[0]) << 8
	}
	sum, carry = bits.Add64(sum, rest, carry)
	sum, carry = bits.Add64(sum, 0, carry)
	sum += carry
	sum = sum>>32 + sum&0xffffffff
	sum = sum>>32 + sum&0xffffffff
	return sum>>16 + sum&0xffff
}

// fold brings a sum down to 16 bits with end-around carry.
func fold(sum uint64) uint16 {
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}
