package decode

import (
	"encoding/binary"
	"fmt"
	"iter"
)

// Block is one SACK block (RFC 2018 §3): left edge, right edge, absolute.
type Block struct{ Left, Right uint32 }

// Options are the options of a TCP header that the program uses, read in one
// pass. Raw keeps the list for those who show it. Where an option stands
// twice the first one counts, and one whose length is wrong does not count.
type Options struct {
	MSS           uint16 // bytes
	HasMSS        bool
	HasScale      bool
	Scale         uint8 // shift count as sent
	SACKPermitted bool
	HasTimestamps bool
	FastOpen      bool
	MPTCP         bool
	Signed        bool  // by TCP MD5 (RFC 2385) or TCP-AO (RFC 5925)
	SACKCount     uint8 // blocks in SACK
	TSVal, TSEcr  uint32
	Raw           []byte // from bit 160 on, as far as captured
	SACK          [4]Block
}

// Kinds of options, by their numbers at IANA (tcp-parameters).
const (
	kindEnd           = 0   // RFC 9293 §3.2
	kindNOP           = 1   // RFC 9293 §3.2
	kindMSS           = 2   // RFC 9293 §3.2
	kindScale         = 3   // RFC 7323 §2
	kindSACKPermitted = 4   // RFC 2018 §2
	kindSACK          = 5   // RFC 2018 §3
	kindTimestamps    = 8   // RFC 7323 §3
	kindMD5           = 19  // RFC 2385
	kindUserTimeout   = 28  // RFC 5482
	kindAO            = 29  // RFC 5925
	KindMPTCP         = 30  // RFC 8684
	kindFastOpen      = 34  // RFC 7413
	kindAccECN0       = 172 // RFC 9768
	kindAccECN1       = 174 // RFC 9768
	kindExperiment1   = 253 // RFC 6994
	kindExperiment2   = 254 // RFC 6994

	experimentFastOpen = 0xF989 // the identifier that Fast Open had before kind 34
)

// read takes up the options that the program uses; the first thing wrong in
// the list is what it returns.
func (o *Options) read(raw []byte) *Problem {
	o.Raw = raw
	// What nearly every segment of a modern stack carries: two NOPs and
	// timestamps, and nothing else.
	if len(raw) == 12 && binary.BigEndian.Uint32(raw) == 0x0101080a {
		o.HasTimestamps = true
		o.TSVal, o.TSEcr = binary.BigEndian.Uint32(raw[4:]), binary.BigEndian.Uint32(raw[8:])
		return nil
	}
	var first *Problem
	for at := 0; at < len(raw); {
		kind := raw[at]
		if kind == kindNOP {
			at++
			continue
		}
		if kind == kindEnd {
			break
		}
		if at+1 >= len(raw) || raw[at+1] < 2 || at+int(raw[at+1]) > len(raw) {
			if first == nil {
				opt, _ := optionAt(raw, at)
				first = opt.Problem
			}
			break
		}
		n := int(raw[at+1])
		if first == nil && !rightLength(kind, n) {
			opt, _ := optionAt(raw, at)
			first = opt.Problem
		}
		o.take(kind, raw[at+2:at+n])
		at += n
	}
	return first
}

// take keeps what one option says. Like Wireshark it leaves out the value of
// an option whose length is wrong; SACK permitted has no value to doubt.
func (o *Options) take(kind uint8, d []byte) {
	switch kind {
	case kindMSS:
		if len(d) == 2 && !o.HasMSS {
			o.HasMSS, o.MSS = true, binary.BigEndian.Uint16(d)
		}
	case kindScale:
		if len(d) == 1 && !o.HasScale {
			o.HasScale, o.Scale = true, d[0]
		}
	case kindSACKPermitted:
		o.SACKPermitted = true
	case kindSACK:
		for ; len(d) >= 8 && int(o.SACKCount) < len(o.SACK); d = d[8:] {
			o.SACK[o.SACKCount] = Block{binary.BigEndian.Uint32(d), binary.BigEndian.Uint32(d[4:])}
			o.SACKCount++
		}
	case kindTimestamps:
		if len(d) == 8 && !o.HasTimestamps {
			o.HasTimestamps = true
			o.TSVal, o.TSEcr = binary.BigEndian.Uint32(d), binary.BigEndian.Uint32(d[4:])
		}
	case kindMD5, kindAO:
		o.Signed = true
	case kindFastOpen:
		o.FastOpen = true
	case KindMPTCP:
		o.MPTCP = true
	case kindExperiment1, kindExperiment2:
		o.FastOpen = o.FastOpen || len(d) >= 2 && binary.BigEndian.Uint16(d) == experimentFastOpen
	}
}

// Option is one option of the list.
type Option struct {
	Kind    uint8
	Length  int      // bytes, kind and length byte included; 1 for end and NOP; as sent where it is wrong
	Bit     int      // offset in bits from the header's first bit: 160 for the first option
	Data    []byte   // the bytes behind kind and length; nil where the length is wrong
	Problem *Problem // what is wrong with it; nil where nothing is
}

// All walks the list as it stands in the header, up to the end-of-options
// mark; the padding behind that is no option. An option whose length leads
// nowhere is the last one; one whose length is only wrong for its kind is
// followed by the others. Both have a Problem.
func (o *Options) All() iter.Seq[Option] {
	return func(yield func(Option) bool) {
		for at := 0; at < len(o.Raw); {
			opt, ok := optionAt(o.Raw, at)
			if !yield(opt) || !ok || opt.Kind == kindEnd {
				return
			}
			at += opt.Length
		}
	}
}

// optionAt reads the option at raw[at]; false where none can be found behind
// it because its length is broken.
func optionAt(raw []byte, at int) (Option, bool) {
	opt := Option{Kind: raw[at], Length: 1, Bit: optionsOffset + 8*at}
	if opt.Kind == kindEnd || opt.Kind == kindNOP {
		return opt, true
	}
	if at+1 >= len(raw) {
		opt.Problem = opt.problem("the options end before its length")
		return opt, false
	}
	opt.Length = int(raw[at+1])
	if opt.Length < 2 {
		opt.Problem = opt.problem(fmt.Sprintf("length %d, the minimum is 2", opt.Length))
		return opt, false
	}
	if at+opt.Length > len(raw) {
		opt.Problem = opt.problem(fmt.Sprintf("length %d, only %d bytes of options are left", opt.Length, len(raw)-at))
		return opt, false
	}
	opt.Data = raw[at+2 : at+opt.Length]
	if !rightLength(opt.Kind, opt.Length) {
		opt.Problem = opt.problem(fmt.Sprintf("length %d, it should be %s", opt.Length, lengthRules[opt.Kind]))
	}
	return opt, true
}

// problem says what is wrong with the option; the bit is where it begins.
func (o Option) problem(reason string) *Problem {
	return &Problem{Layer: "TCP option", Bit: o.Bit, Reason: o.Name() + ": " + reason}
}

// rightLength reports whether an option of a kind may be n bytes long.
func rightLength(kind uint8, n int) bool {
	switch kind {
	case kindMSS, kindUserTimeout:
		return n == 4
	case kindScale:
		return n == 3
	case kindSACKPermitted:
		return n == 2
	case kindTimestamps:
		return n == 10
	case kindSACK:
		return n >= 10 && n%8 == 2
	case kindMD5:
		return n == 18
	case kindAO:
		return n >= 4
	case KindMPTCP:
		return n >= 3
	case kindAccECN0, kindAccECN1:
		return n <= 11 && n%3 == 2
	}
	return true
}

// lengthRules says what rightLength holds an option to.
var lengthRules = map[uint8]string{
	kindMSS:           "4 (RFC 9293 §3.2)",
	kindScale:         "3 (RFC 7323 §2.2)",
	kindSACKPermitted: "2 (RFC 2018 §2)",
	kindSACK:          "2 and 8 for each block (RFC 2018 §3)",
	kindTimestamps:    "10 (RFC 7323 §3.2)",
	kindMD5:           "18 (RFC 2385 §3.0)",
	kindUserTimeout:   "4 (RFC 5482 §3.3)",
	kindAO:            "at least 4 (RFC 5925 §2.2)",
	KindMPTCP:         "at least 3 (RFC 8684 §3)",
	kindAccECN0:       "2 and 3 for each counter (RFC 9768 §3.2.3)",
	kindAccECN1:       "2 and 3 for each counter (RFC 9768 §3.2.3)",
}
