package quiz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
)

// flags is the answer that is the set flags of a header.
type flags decode.Flags

// named leaves the reserved bits out, which have no names.
const named = decode.Flags(0x1ff)

func (f flags) String() string {
	of := decode.Flags(f)
	return fmt.Sprintf("%s (%s, 0x%03x)", of, of.Tcpdump(), uint16(of))
}

func (flags) Want() string { return "the flags, as in SYN+ACK, [S.], 0x012 or 00010010" }

func (f flags) Match(given string) (string, bool) {
	read, form, ok := readFlags(given)
	return form, ok && (read == decode.Flags(f) || form == "the flags byte" && read == decode.Flags(f)&0xff)
}

func (f flags) reads(given string) bool { _, _, ok := readFlags(given); return ok }

// readFlags reads flags by name, in tcpdump's or Wireshark's letters, as bits
// or as a number.
func readFlags(given string) (set decode.Flags, form string, ok bool) {
	given = strings.ToUpper(strings.Trim(given, " \t"))
	if set, ok = flagNames(given); ok {
		return set, "", true
	}
	if bits, isBits := flagBinary(given); isBits {
		return bits, "the flags byte", true
	}
	if inside, isDump := strings.CutPrefix(given, "["); isDump {
		set, ok = flagLetters(strings.TrimSuffix(inside, "]"), "FSRP.UEWe")
		return set, "tcpdump's letters", ok
	}
	if strings.Contains(given, "·") {
		set, ok = flagLetters(strings.ReplaceAll(given, "·", ""), "FSRPAUEC")
		return set, "Wireshark's letters", ok
	}
	if hex, isHex := strings.CutPrefix(given, "0X"); isHex {
		n, err := strconv.ParseUint(hex, 16, 12)
		return decode.Flags(n), "hexadecimal", err == nil
	}
	if n, err := strconv.ParseUint(given, 10, 12); err == nil {
		return decode.Flags(n), "a number", true
	}
	if set, ok = flagLetters(given, "FSRP.UEW"); ok {
		return set, "tcpdump's letters", true
	}
	set, ok = flagLetters(given, "FSRPAUEC")
	return set, "letters", ok
}

// flagBinary reads the six flags of old books, the byte, or all twelve bits, in groups or
// not, with 0b or without.
func flagBinary(given string) (set decode.Flags, ok bool) {
	digits, isMarked := strings.CutPrefix(strings.NewReplacer(" ", "", "_", "").Replace(given), "0B")
	usual := len(digits) == 6 || len(digits) == 8 || len(digits) == 12
	n, err := strconv.ParseUint(digits, 2, 12)
	return decode.Flags(n), err == nil && (isMarked || usual)
}

// flagNames reads names with anything usual between them, and what they are set to:
// "SYN=1, ACK=0".
func flagNames(given string) (set decode.Flags, ok bool) {
	given = strings.NewReplacer(" = ", "=", ": ", "=", ":", "=").Replace(given)
	for _, word := range strings.FieldsFunc(given, func(r rune) bool { return strings.ContainsRune(" +,;/&-|.", r) }) {
		if slices.Contains(fillers, word) {
			continue
		}
		name, value, isSet := strings.Cut(word, "=")
		bit, known := flagBits[name]
		switch {
		case !known || isSet && value != "0" && value != "1":
			return 0, false
		case value != "0":
			set |= bit
		}
		ok = true
	}
	return set, ok
}

// fillers are words that stand between names and mean nothing here.
var fillers = []string{"AND", "ONLY", "JUST", "BOTH", "THE", "FLAG", "FLAGS", "BIT", "BITS", "IS", "ARE", "SET"}

var flagBits = map[string]decode.Flags{"FIN": decode.FIN, "SYN": decode.SYN, "RST": decode.RST, "RESET": decode.RST,
	"PSH": decode.PSH, "PUSH": decode.PSH, "ACK": decode.ACK, "URG": decode.URG, "ECE": decode.ECE, "CWR": decode.CWR,
	"AE": decode.AE, "NONE": 0, "SYNACK": decode.SYN | decode.ACK}

// flagLetters reads one letter a flag: letters holds them from the lowest bit on.
func flagLetters(given, letters string) (set decode.Flags, ok bool) {
	for _, r := range given {
		at := strings.IndexRune(letters, r)
		if at < 0 {
			return 0, false
		}
		set |= 1 << at
	}
	return set, given != ""
}

// ReadFlags reads flags that are written so that they are nothing else: by name, SYN+ACK,
// in tcpdump's brackets, [S.], or as a number of 16, 0x012.
func ReadFlags(given string) (decode.Flags, bool) {
	if set, ok := flagNames(strings.ToUpper(strings.TrimSpace(given))); ok {
		return set, true
	}
	if !strings.HasPrefix(given, "[") && !strings.HasPrefix(strings.ToLower(given), "0x") {
		return 0, false
	}
	set, _, ok := readFlags(given)
	return set, ok
}
