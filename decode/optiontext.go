package decode

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// optionNames are the names at IANA (tcp-parameters), shortened where people
// have a shorter word for it.
var optionNames = map[uint8]string{
	kindEnd:           "end of options",
	kindNOP:           "no operation",
	kindMSS:           "maximum segment size",
	kindScale:         "window scale",
	kindSACKPermitted: "SACK permitted",
	kindSACK:          "SACK",
	6:                 "echo",
	7:                 "echo reply",
	kindTimestamps:    "timestamps",
	9:                 "partial order connection permitted",
	10:                "partial order service profile",
	11:                "CC",
	12:                "CC.NEW",
	13:                "CC.ECHO",
	14:                "alternate checksum request",
	15:                "alternate checksum data",
	16:                "Skeeter",
	17:                "Bubba",
	18:                "trailer checksum",
	kindMD5:           "MD5 signature",
	20:                "SCPS capabilities",
	21:                "selective negative acknowledgments",
	22:                "record boundaries",
	23:                "corruption experienced",
	24:                "SNAP",
	26:                "compression filter",
	27:                "quick-start response",
	kindUserTimeout:   "user timeout",
	kindAO:            "authentication (AO)",
	KindMPTCP:         "multipath TCP",
	kindFastOpen:      "Fast Open cookie",
	69:                "encryption negotiation",
	kindAccECN0:       "accurate ECN order 0",
	kindAccECN1:       "accurate ECN order 1",
	kindExperiment1:   "experiment 253",
	kindExperiment2:   "experiment 254",
}

// mptcpSubtypes are the subtypes of MPTCP by number (RFC 8684 §3).
var mptcpSubtypes = [...]string{"MP_CAPABLE", "MP_JOIN", "DSS", "ADD_ADDR", "REMOVE_ADDR", "MP_PRIO",
	"MP_FAIL", "MP_FASTCLOSE", "MP_TCPRST"}

// mptcpWords are tcpdump's words for them; tcpdump 4.99.3 has none for the last.
var mptcpWords = [len(mptcpSubtypes)]string{"capable", "join", "dss", "add-addr", "rem-addr", "prio", "fail", "fast-close", "tcprst"}

// Name is what the option is called: "window scale", "MPTCP MP_CAPABLE",
// "option 200" for one that has no name.
func (o Option) Name() string {
	switch {
	case o.Kind == KindMPTCP && len(o.Data) > 0:
		return "MPTCP " + mptcpSubtype(o.Data[0]>>4)
	case o.fastOpenExperiment():
		return "Fast Open cookie (experiment)"
	}
	if name, ok := optionNames[o.Kind]; ok {
		return name
	}
	return "option " + strconv.Itoa(int(o.Kind))
}

func mptcpSubtype(n byte) string {
	if int(n) < len(mptcpSubtypes) {
		return mptcpSubtypes[n]
	}
	return "subtype " + strconv.Itoa(int(n))
}

func (o Option) fastOpenExperiment() bool {
	return (o.Kind == kindExperiment1 || o.Kind == kindExperiment2) && len(o.Data) >= 2 &&
		binary.BigEndian.Uint16(o.Data) == experimentFastOpen
}

// AppendText appends the option in tcpdump's words: "mss 1460", "sackOK",
// "TS val 1 ecr 0", "nop", "wscale 7", "sack 1 {5:9}". Numbers are absolute.
// It keeps to tcpdump 4.99.3 but where that hides or misreads the value: an MD5
// signature stands bare, a user timeout has its unit (tcpdump shows 60 s as 30),
// an experiment's bytes are shown. Of MPTCP it has no more than the subtype;
// options that nobody uses any more have their number for a name.
func (o Option) AppendText(dst []byte) []byte {
	if o.Problem != nil {
		return append(append(append(dst, "[bad opt: "...), o.Problem.Reason...), ']')
	}
	d := o.Data
	number := func(dst []byte, word string, v uint32) []byte {
		return decimal.Append(append(dst, word...), uint64(v))
	}
	switch o.Kind {
	case kindEnd:
		return append(dst, "eol"...)
	case kindNOP:
		return append(dst, "nop"...)
	case kindMSS:
		return number(dst, "mss ", uint32(binary.BigEndian.Uint16(d)))
	case kindScale:
		return number(dst, "wscale ", uint32(d[0]))
	case kindSACKPermitted:
		return append(dst, "sackOK"...)
	case kindSACK:
		dst = append(number(dst, "sack ", uint32(len(d)/8)), ' ')
		for ; len(d) >= 8; d = d[8:] {
			dst = number(dst, "{", binary.BigEndian.Uint32(d))
			dst = append(number(dst, ":", binary.BigEndian.Uint32(d[4:])), '}')
		}
		return dst
	case kindTimestamps:
		return number(number(dst, "TS val ", binary.BigEndian.Uint32(d)), " ecr ", binary.BigEndian.Uint32(d[4:]))
	case kindMD5:
		return hex.AppendEncode(append(dst, "md5 "...), d)
	case kindAO:
		dst = number(number(dst, "tcp-ao keyid ", uint32(d[0])), " rnextkeyid ", uint32(d[1]))
		if len(d) == 2 {
			return dst
		}
		return hex.AppendEncode(append(dst, " mac 0x"...), d[2:])
	case kindUserTimeout:
		v := binary.BigEndian.Uint16(d)
		unit := " s"
		if v>>15 == 1 {
			unit = " min"
		}
		return append(number(dst, "uto ", uint32(v&0x7fff)), unit...)
	case KindMPTCP:
		return appendMPTCP(append(number(dst, "mptcp ", uint32(o.Length)), ' '), d[0])
	case kindFastOpen:
		return appendCookie(append(dst, "tfo  "...), d)
	}
	if o.fastOpenExperiment() {
		return appendCookie(append(dst, "exp-tfo "...), d[2:])
	}
	if o.Kind == kindExperiment2 && len(d) >= 2 {
		dst = hex.AppendEncode(append(dst, "exp-"...), d[:2])
		if len(d) == 2 {
			return dst
		}
		return hex.AppendEncode(append(dst, " 0x"...), d[2:])
	}
	dst = number(dst, "unknown-", uint32(o.Kind))
	if len(d) == 0 {
		return dst
	}
	return hex.AppendEncode(append(dst, " 0x"...), d)
}

// appendCookie appends a Fast Open cookie (RFC 7413 §4.1.1); without one the
// option asks for a cookie.
func appendCookie(dst, cookie []byte) []byte {
	if len(cookie) == 0 {
		return append(dst, "cookiereq"...)
	}
	return hex.AppendEncode(append(dst, "cookie "...), cookie)
}

// appendMPTCP appends the subtype of an MPTCP option, and the version where it
// has one (RFC 8684 §3.1), by the byte that holds both.
func appendMPTCP(dst []byte, b byte) []byte {
	n := int(b >> 4)
	if n >= len(mptcpWords) {
		return append(dst, mptcpSubtype(b>>4)...)
	}
	dst = append(dst, mptcpWords[n]...)
	if n == 0 {
		dst = decimal.Append(append(dst, " v"...), uint64(b&15))
	}
	return dst
}

// AppendText appends the whole list in tcpdump's words, joined by ", ".
func (o *Options) AppendText(dst []byte) []byte {
	first := true
	for opt := range o.All() {
		if !first {
			dst = append(dst, ", "...)
		}
		first = false
		dst = opt.AppendText(dst)
	}
	return dst
}

// Text is AppendText as a string: "mss 1460, sackOK, TS val 1 ecr 0, nop,
// wscale 7".
func (o *Options) Text() string { return string(o.AppendText(nil)) }
