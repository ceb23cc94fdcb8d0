package savefile

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Blocks and their options, draft-ietf-opsawg-pcapng §4.1 to §4.3 and §3.5.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacket    = 6

	optEnd            = 0
	optComment        = 1
	optHardware       = 2 // of a section
	optSystem         = 3
	optApplication    = 4
	optName           = 2 // of an interface
	optDescription    = 3
	optTimeResolution = 9
	optFlags          = 2 // of a packet
)

// pcapng appends the blocks of pcapng: one section, its interfaces, the packets.
// A block is a type, its length, a body, options, and the length again.
type pcapng struct{}

func (pcapng) header(dst []byte, s capture.Section, _ []capture.Interface) []byte {
	begin := len(dst)
	dst = le.AppendUint32(dst, blockSection)
	dst = le.AppendUint32(dst, 0) // the length; endBlock knows it
	dst = le.AppendUint32(dst, 0x1a2b3c4d)
	dst = le.AppendUint16(dst, 1) // version 1.0
	dst = le.AppendUint16(dst, 0)
	dst = le.AppendUint64(dst, math.MaxUint64) // the section's length is not known
	dst = appendText(dst, optComment, s.Comment)
	if s.Application == "" {
		s.Application = Application
	}
	dst = appendText(dst, optApplication, s.Application)
	dst = appendText(dst, optHardware, runtime.GOARCH)
	dst = appendText(dst, optSystem, runtime.GOOS)
	return endBlock(dst, begin, true)
}

func (pcapng) iface(dst []byte, i capture.Interface) ([]byte, error) {
	begin := len(dst)
	dst = le.AppendUint32(dst, blockInterface)
	dst = le.AppendUint32(dst, 0)
	dst = le.AppendUint16(dst, uint16(i.Link))
	dst = le.AppendUint16(dst, 0)
	dst = le.AppendUint32(dst, uint32(i.Snaplen))
	dst = appendText(dst, optName, i.Name)
	dst = appendText(dst, optDescription, i.Description)
	dst = appendOption(dst, optTimeResolution, []byte{i.Digits})
	return endBlock(dst, begin, true), nil
}

func (pcapng) packet(dst []byte, i *capture.Interface, p *capture.Packet) ([]byte, error) {
	sec, nsec := clock(p.Time)
	stamp, ok := ticks(sec, nsec, i.Digits)
	if !ok {
		return nil, fmt.Errorf("a time of %d s since 1970 with %d digits: pcapng cannot hold it", sec, i.Digits)
	}
	begin := len(dst)
	dst = le.AppendUint32(dst, blockPacket)
	dst = le.AppendUint32(dst, 0)
	dst = le.AppendUint32(dst, uint32(p.Interface))
	dst = le.AppendUint32(dst, uint32(stamp>>32))
	dst = le.AppendUint32(dst, uint32(stamp))
	dst = le.AppendUint32(dst, uint32(len(p.Data)))
	dst = le.AppendUint32(dst, lengthOf(p))
	dst = append(dst, p.Data...)
	dst = pad(dst, len(p.Data))
	options := len(dst)
	dst = appendText(dst, optComment, p.Comment)
	if p.FCS > 0 && p.FCS < 16 { // in bits 5 to 8, where 0 says that it is not known
		dst = appendOption(dst, optFlags, []byte{byte(p.FCS << 5), byte(p.FCS >> 3), 0, 0})
	}
	return endBlock(dst, begin, len(dst) > options), nil
}

// endBlock completes the block at begin: the end of its options, if it has
// any, and its length at both ends.
func endBlock(dst []byte, begin int, options bool) []byte {
	if options {
		dst = appendOption(dst, optEnd, "")
	}
	length := uint32(len(dst) - begin + 4)
	le.PutUint32(dst[begin+4:], length)
	return le.AppendUint32(dst, length)
}

// appendText appends a text as an option, nothing where it is empty.
func appendText(dst []byte, code uint16, s string) []byte {
	if s == "" {
		return dst
	}
	return appendOption(dst, code, clean(s))
}

// appendOption appends an option of at most maxOption bytes.
func appendOption[T string | []byte](dst []byte, code uint16, value T) []byte {
	dst = le.AppendUint16(dst, code)
	dst = le.AppendUint16(dst, uint16(len(value)))
	dst = append(dst, value...)
	return pad(dst, len(value))
}

// pad appends what fills up n bytes to a multiple of four.
func pad(dst []byte, n int) []byte { return append(dst, "\x00\x00\x00"[:-n&3]...) }

const maxOption = math.MaxUint16 // bytes of a value: its length has 16 bits

// clean makes a text one of the format's: UTF-8, of maxOption bytes at most. A NUL
// too is replaced by U+FFFD, as to many readers a text ends there.
func clean(s string) string {
	if len(s) <= maxOption && utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	var text []byte
	for _, r := range s { // a byte that is no UTF-8 comes as U+FFFD
		if r == 0 {
			r = utf8.RuneError
		}
		if len(text)+utf8.RuneLen(r) > maxOption {
			break
		}
		text = utf8.AppendRune(text, r)
	}
	return string(text)
}
