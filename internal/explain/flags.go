package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
)

// allFlags are the bits 100-111.
const allFlags = 0xfff

// flagTopics is the flags byte as a whole; the single flags are fields, and
// any combination is made by flagByte.
func flagTopics() []Topic {
	f := decode.FlagsField
	meanings := rows{}
	for _, known := range knownBytes {
		name := known.flags.String()
		if known.flags > 0xff {
			name += fmt.Sprintf(" (%s)", spanText(reservedBit, f.End()))
		}
		meanings = append(meanings, [2]string{flagBits(known.flags), name + ": " + known.means})
	}
	return []Topic{{
		Name: "flags", Group: groupFlags, aliases: []string{f.Key, f.Name, "flag", "flags byte"},
		Title: f.Name + ", " + bitRange(f), Help: f.Help, Ref: f.Ref,
		body: []block{grid{f.Offset, f.End()}, meanings,
			para("Ask for any byte in any notation: 00010010, 0x12, SA, SYN+ACK, [S.], syn,ack.")},
	}}
}

// knownBytes are the flag bytes that people meet, and what each is for.
var knownBytes = []struct {
	flags decode.Flags
	means string
}{
	{decode.SYN, "the first step of the handshake: a connection is asked for; seq = x, ack = 0"},
	{decode.SYN | decode.ACK, "the second step: agreed; seq = y, ack = x + 1"},
	{decode.ACK, "the third step, seq = x + 1, ack = y + 1; later any acknowledgment, with or without data"},
	{decode.PSH | decode.ACK, "data, usually the last segment of what one send() gave"},
	{decode.FIN | decode.ACK, "the sender has no more data"},
	{decode.FIN | decode.PSH | decode.ACK, "the last data and the end of the sender's half in one"},
	{decode.RST, "reset: the answer to a segment with ACK that belongs to no connection, with that ack as seq (RFC 9293 §3.5.2); an abort as §3.10.5 has it"},
	{decode.RST | decode.ACK, "reset: a SYN refused, with seq 0 (RFC 9293 §3.5.2), or a connection aborted, as Linux does it"},
	{decode.SYN | decode.ECE | decode.CWR, "the first step, with ECN offered (RFC 3168 §6.1.1)"},
	{decode.SYN | decode.ACK | decode.ECE, "the second step, with ECN agreed (RFC 3168 §6.1.1)"},
	{decode.SYN | decode.ECE | decode.CWR | decode.AE, "the first step, with Accurate ECN offered (RFC 9768 §3.1.1)"},
	{0, "no flag: TCP never sends it on an open connection; port scanners do (null scan)"},
	{decode.FIN | decode.PSH | decode.URG, "never sent by TCP; port scanners do (Xmas scan)"},
	{decode.SYN | decode.FIN, "opens and closes at once: never sent by an ordinary stack"},
	{decode.SYN | decode.RST, "opens and resets at once: never sent by an ordinary stack"},
}

// flagByte reads a flags byte in any notation.
func flagByte(words string) (Topic, bool, error) {
	flags, ok, err := parseFlags(words)
	if !ok || err != nil {
		return Topic{}, false, err
	}
	return byteTopic(flags), true, nil
}

// byteTopic explains one value of bits 100-111.
func byteTopic(flags decode.Flags) Topic {
	t := Topic{
		Name: flags.String(), Group: groupFlags,
		Title: fmt.Sprintf("%s, flags byte %s", flags, flags.Bits()),
		Ref:   decode.FlagsField.Ref,
	}
	first := decode.FlagsField.Offset
	if flags > 0xff {
		first = reservedBit
		t.Title = fmt.Sprintf("%s, %s: %s", flags, spanText(first, decode.FlagsField.End()), flagBits(flags))
	}
	for _, known := range knownBytes {
		if known.flags == flags {
			t.Help = strings.ToUpper(known.means[:1]) + known.means[1:] + "."
		}
	}
	var set []decode.Field
	names, values := "", ""
	for _, f := range decode.Fields {
		flag, ok := flagOf(f)
		if !ok {
			continue
		}
		if flags&flag != 0 {
			set = append(set, f)
		}
		if f.Offset >= first {
			names += fmt.Sprintf("%-4s", f.Name)
			values += fmt.Sprintf("%-4d", (flags&flag)>>flagShift(f))
		}
	}
	span := spanText(first, decode.FlagsField.End())
	t.body = []block{code{
		span + "  " + names,
		strings.Repeat(" ", len(span)) + "  " + values,
	}}
	if len(set) > 0 {
		t.body = append(t.body, fieldRows(set))
	}
	t.body = append(t.body, byteRows(flags))
	return t
}

// reservedBit is the first bit of allFlags.
const reservedBit = 100

// flagBits writes the flags byte, and the four bits before it where one of them
// is set.
func flagBits(flags decode.Flags) string {
	if flags <= 0xff {
		return flags.Bits()
	}
	return fmt.Sprintf("%04b %s", flags>>8, flags.Bits())
}

// byteRows are the notations of one value, and the filters for just this value.
func byteRows(flags decode.Flags) rows {
	r := append(notations(flags), filters(exactly(flags, "tcp", 0), exactly(flags, "ip6", ip6Header), fmt.Sprintf("tcp.flags == 0x%03x", uint16(flags)))...)
	finds := "The filters find segments with just these flags"
	if flags <= 0xff {
		finds += "; the first two look at bits 104-111 only"
	}
	if flags&decode.SYN != 0 && flags <= 0xff {
		r = append(r, [2]string{"or more", fmt.Sprintf("tcp[13] & 0x%02x == 0x%02x, whatever else is set, as ECE and CWR are to offer ECN", uint8(flags|decode.ACK), uint8(flags))})
	}
	return append(r, [2]string{"", finds + ". " + ip4Only})
}

// oneFlagRows are the notations of one flag, and the filters for every segment
// that has it.
func oneFlagRows(flag decode.Flags) rows {
	name := flagKeywords[flag]
	key := "tcp.flags." + name
	test := fmt.Sprintf("tcp[tcpflags] & tcp-%s != 0", name)
	if flag == decode.AE {
		test = "tcp[12] & 0x01 != 0" // pcap-filter(7) has no word for it
	}
	if flag == decode.RST {
		key = "tcp.flags.reset"
	}
	ip6 := fmt.Sprintf("ip6[%d] & 0x%02x != 0", ip6Header+13-int(flag>>8), uint8(flag|flag>>8))
	return append(append(notations(flag), filters(test, ip6, key+" == 1")...),
		[2]string{"", "The filters find every segment with the flag. " + ip4Only})
}

// filters are rows of filters: of pcap-filter(7) for IPv4 and for IPv6, and of
// Wireshark.
func filters(ip4, ip6, display string) rows {
	return rows{{"capture", ip4}, {"over IPv6", "ip6[6] == 6 and " + ip6}, {"display", display}}
}

// ip4Only says what a capture filter of bytes does not see.
const ip4Only = "Capture filters with tcp[…] look at IPv4 alone; those with ip6[…] want TCP right behind the IPv6 header."

// flagKeywords are the flags as pcap-filter(7) and Wireshark's keys name them.
var flagKeywords = map[decode.Flags]string{decode.FIN: "fin", decode.SYN: "syn", decode.RST: "rst", decode.PSH: "push",
	decode.ACK: "ack", decode.URG: "urg", decode.ECE: "ece", decode.CWR: "cwr", decode.AE: "ae"}

func notations(flags decode.Flags) rows {
	tcpdump := flags.Tcpdump()
	if flags&decode.AE != 0 {
		tcpdump += "; 4.99.3 leaves AE out: " + (flags &^ decode.AE).Tcpdump()
	}
	return rows{
		{"bits", flagBits(flags)},
		{"hex", fmt.Sprintf("0x%02x; tcp.flags 0x%04x", uint16(flags), uint16(flags))},
		{"tcpdump", tcpdump},
		{"Wireshark", flags.Wireshark()},
	}
}

// ip6Header is the length of an IPv6 header, in bytes.
const ip6Header = 40

// exactly is the capture filter for just these flags: those of the flags byte,
// or of bits 100-111 where one of the first four is set. The TCP header begins
// at a byte of what the protocol names.
func exactly(flags decode.Flags, protocol string, at int) string {
	if flags <= 0xff {
		return fmt.Sprintf("%s[%d] == 0x%02x", protocol, at+13, uint8(flags))
	}
	return fmt.Sprintf("%s[%d:2] & 0xfff == 0x%03x", protocol, at+12, uint16(flags))
}

// flagOf is the flag that a one-bit field of the header holds; false for
// other fields.
func flagOf(f decode.Field) (decode.Flags, bool) {
	if f.Width != 1 || flagShift(f) < 0 || flagShift(f) > 11 {
		return 0, false
	}
	return 1 << flagShift(f), true
}

// flagShift is how far the field's bit stands from the last flag.
func flagShift(f decode.Field) int { return decode.FlagsField.End() - f.Offset }

// parseFlags reads 00010010, 000010010, 0b00010010, 0x12, 0x012, SYN+ACK, syn,ack, SA, [S.],
// ·······A··S· and the like. ok is false where the words are no flags.
func parseFlags(words string) (flags decode.Flags, ok bool, err error) {
	if hex, is := strings.CutPrefix(strings.ToLower(words), "0x"); is {
		v, err := strconv.ParseUint(hex, 16, 64)
		if err != nil || v > allFlags {
			return 0, false, fmt.Errorf("flags %q: want a hexadecimal number up to 0xfff, the bits 100-111", words)
		}
		return decode.Flags(v), true, nil
	}
	digits := strings.TrimPrefix(strings.NewReplacer(" ", "", "_", "").Replace(strings.ToLower(words)), "0b")
	if strings.Trim(digits, "01") == "" && (len(digits) == 8 || len(digits) == 9 || len(digits) == 12) {
		v, err := strconv.ParseUint(digits, 2, 16)
		return decode.Flags(v), err == nil, nil
	}
	if inner, is := strings.CutPrefix(words, "["); is {
		inner, is = strings.CutSuffix(inner, "]")
		if flags, ok = letters(inner); is && ok {
			return flags, true, nil
		}
		words = inner
	}
	if flags, ok = flagNames(words); ok {
		return flags, true, nil
	}
	if strings.Contains(words, "·") {
		flags, ok = letters(strings.ReplaceAll(words, "·", ""))
		return flags, ok, nil
	}
	if words == strings.ToUpper(words) || len(words) <= 3 {
		flags, ok = letters(words)
	}
	return flags, ok, nil
}

// flagNames reads names joined by anything: SYN+ACK, "syn, ack", tcp-syn|tcp-ack.
func flagNames(words string) (flags decode.Flags, ok bool) {
	words = strings.ReplaceAll(strings.ToLower(words), "tcp-", "")
	parts := strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune("+,|/&- _", r) })
	for _, part := range parts {
		flag, known := flagByName[part]
		for !known && len(part) > 3 { // synack
			if flag, known = flagByName[part[:3]]; !known {
				return 0, false
			}
			flags |= flag
			part = part[3:]
			flag, known = flagByName[part]
		}
		if !known {
			return 0, false
		}
		flags |= flag
	}
	return flags, len(parts) > 0
}

var flagByName = map[string]decode.Flags{
	"fin": decode.FIN, "syn": decode.SYN, "rst": decode.RST, "reset": decode.RST, "psh": decode.PSH, "push": decode.PSH,
	"ack": decode.ACK, "urg": decode.URG, "ece": decode.ECE, "ecn": decode.ECE, "cwr": decode.CWR, "ae": decode.AE,
	"ns": decode.AE, "none": 0,
}

// letters reads one letter a flag: tcpdump's FSRP.UEWe, Wireshark's and
// Scapy's FSRPAUECN. None may stand twice.
func letters(word string) (flags decode.Flags, ok bool) {
	if word == "none" {
		return 0, true
	}
	for _, r := range word {
		flag, known := flagByLetter[r]
		if !known {
			flag, known = flagByLetter[[]rune(strings.ToUpper(string(r)))[0]]
		}
		if !known || flags&flag != 0 {
			return 0, false
		}
		flags |= flag
	}
	return flags, word != ""
}

var flagByLetter = map[rune]decode.Flags{
	'F': decode.FIN, 'S': decode.SYN, 'R': decode.RST, 'P': decode.PSH, '.': decode.ACK, 'A': decode.ACK,
	'U': decode.URG, 'E': decode.ECE, 'W': decode.CWR, 'C': decode.CWR, 'e': decode.AE, 'N': decode.AE,
}
