package cases

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
)

// Kinds of options (RFC 9293 §3.2; RFC 7323, 2018, 2385).
const (
	kindEnd       = 0
	kindNOP       = 1
	kindMSS       = 2
	kindScale     = 3
	kindSACKOK    = 4
	kindSACK      = 5
	kindTimestamp = 8
	kindMD5       = 19
)

// option is a TCP option; a timestamp without a value is that of the clock.
type option struct {
	kind  uint8
	value []byte
}

// options reads a list that is known to be right.
func options(text string) (list []option) {
	for r := (reader{strings.Fields(text)}); r.more(); {
		o, _ := r.option(r.next(), nil)
		list = append(list, o)
	}
	return list
}

// option reads the option that begins with the word w, if one does.
func (r *reader) option(w string, c *connection) (option, bool) {
	switch w {
	case "mss":
		return option{kindMSS, binary.BigEndian.AppendUint16(nil, uint16(number(r.value(w), math.MaxUint16)))}, true
	case "sackOK":
		return option{kind: kindSACKOK}, true
	case "wscale":
		return option{kindScale, []byte{byte(number(r.value(w), math.MaxUint8))}}, true
	case "ts":
		if !r.more() || !strings.Contains(r.words[0], ":") {
			return option{kind: kindTimestamp}, true
		}
		val, ecr, _ := strings.Cut(r.next(), ":")
		value := binary.BigEndian.AppendUint32(nil, uint32(number(val, math.MaxUint32)))
		return option{kindTimestamp, binary.BigEndian.AppendUint32(value, uint32(number(ecr, math.MaxUint32)))}, true
	case "sack":
		var value []byte
		for block := range strings.SplitSeq(r.value(w), ",") {
			left, right, _ := strings.Cut(block, ":")
			value = binary.BigEndian.AppendUint32(value, c.sum(left))
			value = binary.BigEndian.AppendUint32(value, c.sum(right))
		}
		return option{kindSACK, value}, true
	case "md5":
		digest := make([]byte, 16)
		for i := range digest {
			digest[i] = byte(i)
		}
		if r.more() && len(r.words[0]) == 2*len(digest) {
			digest = bytesOf(r.next())
		}
		return option{kindMD5, digest}, true
	case "option":
		kind, value, _ := strings.Cut(r.value(w), ":")
		return option{uint8(number(kind, math.MaxUint8)), bytesOf(value)}, true
	case "nop":
		return option{kind: kindNOP}, true
	case "eol":
		return option{kind: kindEnd}, true
	}
	return option{}, false
}

func bytesOf(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		fail("%q are no bytes in hexadecimal", text)
	}
	return b
}

// put puts o into the place of the option of its kind, or at the end.
func put(list []option, o option) []option {
	for i := range list {
		if list[i].kind == o.kind && o.kind != kindNOP {
			list[i] = o
			return list
		}
	}
	return append(list, o)
}

// appendOptions appends the list as it stands in a header.
func appendOptions(dst []byte, list []option) []byte {
	begin := len(dst)
	for _, o := range list {
		switch o.kind {
		case kindEnd, kindNOP:
			dst = append(dst, o.kind)
			continue
		case kindTimestamp, kindSACK: // their numbers begin with a word
			for (len(dst)-begin+2)%4 != 0 {
				dst = append(dst, kindNOP)
			}
		}
		dst = append(dst, o.kind, byte(2+len(o.value)))
		dst = append(dst, o.value...)
	}
	for (len(dst)-begin)%4 != 0 {
		dst = append(dst, kindNOP)
	}
	if len(dst)-begin > 40 {
		fail("%d bytes of options are more than a header holds, 40", len(dst)-begin)
	}
	return dst
}
