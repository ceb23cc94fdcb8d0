package capture

import (
	"encoding/binary"
	"io"
	"testing"
)

// ng builds pcapng files block by block, in either byte order.
type ng struct{ binary.AppendByteOrder }

var (
	little = ng{binary.LittleEndian}
	big    = ng{binary.BigEndian}
)

// option is one option, padded.
func (e ng) option(code uint16, value ...byte) []byte {
	b := e.AppendUint16(nil, code)
	b = e.AppendUint16(b, uint16(len(value)))
	return pad(append(b, value...))
}

// block is a block of a body, padded, between its lengths.
func (e ng) block(kind uint32, parts ...[]byte) []byte {
	var body []byte
	for _, part := range parts {
		body = append(body, part...)
	}
	body = pad(body)
	b := e.AppendUint32(nil, kind)
	b = e.AppendUint32(b, uint32(len(body)+12))
	b = append(b, body...)
	return e.AppendUint32(b, uint32(len(body)+12))
}

func (e ng) section(major, minor uint16) []byte {
	b := e.AppendUint32(nil, sectionMagic)
	b = e.AppendUint16(b, major)
	b = e.AppendUint16(b, minor)
	return e.block(blockSection, e.AppendUint64(b, 1<<64-1))
}

func (e ng) iface(link LinkType, snaplen uint32, options ...[]byte) []byte {
	b := e.AppendUint16(nil, uint16(link))
	b = e.AppendUint32(e.AppendUint16(b, 0), snaplen)
	return e.block(blockInterface, append([][]byte{b}, options...)...)
}

// enhanced is an enhanced packet block that claims captured and length bytes.
func (e ng) enhanced(id uint32, stamp uint64, captured, length int, data []byte, options ...[]byte) []byte {
	b := e.AppendUint32(nil, id)
	b = e.AppendUint32(b, uint32(stamp>>32))
	b = e.AppendUint32(b, uint32(stamp))
	b = e.AppendUint32(b, uint32(captured))
	b = e.AppendUint32(b, uint32(length))
	return e.block(blockEnhancedPacket, append([][]byte{b, pad(append([]byte(nil), data...))}, options...)...)
}

// packet is a plain enhanced packet block of the section's first interface.
func (e ng) packet(stamp uint64) []byte { return e.enhanced(0, stamp, len(frame), len(frame), frame) }

func (e ng) simple(length int, data []byte) []byte {
	return e.block(blockSimplePacket, e.AppendUint32(nil, uint32(length)), data)
}

func (e ng) obsolete(id uint16, stamp uint64, data []byte) []byte {
	b := e.AppendUint16(nil, id)
	b = e.AppendUint16(b, 7) // drops
	b = e.AppendUint32(b, uint32(stamp>>32))
	b = e.AppendUint32(b, uint32(stamp))
	b = e.AppendUint32(b, uint32(len(data)))
	b = e.AppendUint32(b, uint32(len(data)))
	return e.block(blockPacket, b, data)
}

// header is a classic file header.
func (e ng) header(magic uint32, major, minor uint16, snaplen, link uint32) []byte {
	b := e.AppendUint32(nil, magic)
	b = e.AppendUint16(b, major)
	b = e.AppendUint16(b, minor)
	b = append(b, make([]byte, 8)...)
	b = e.AppendUint32(b, snaplen)
	return e.AppendUint32(b, link)
}

// record is a classic record that claims captured and length bytes.
func (e ng) record(sec, frac uint32, captured, length int, data []byte) []byte {
	b := e.AppendUint32(nil, sec)
	b = e.AppendUint32(b, frac)
	b = e.AppendUint32(b, uint32(captured))
	b = e.AppendUint32(b, uint32(length))
	return append(b, data...)
}

func pad(b []byte) []byte { return append(b, make([]byte, -len(b)&3)...) }

func join(parts ...[]byte) (all []byte) {
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// frame is a SYN in Ethernet: 54 bytes, so that pcapng pads it.
var frame = []byte{
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0,
	0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x04, 0xd2, 0, 80, 0, 0, 3, 0xe8, 0, 0, 0, 0, 0x50, 2, 0x20, 0, 0, 0, 0, 0,
}

const second = 1_700_000_000 // of most packets here

// drainAll reads every packet, keeping copies, and what ended them.
func drainAll(t testing.TB, s Source) (packets []Packet, end error) {
	t.Helper()
	for {
		var p Packet
		err := s.Next(&p)
		if err != nil {
			if again := s.Next(&p); again != err {
				t.Errorf("the end is %v, and then %v", err, again)
			}
			if err == io.EOF {
				err = nil
			}
			return packets, err
		}
		p.Data = append([]byte(nil), p.Data...)
		packets = append(packets, p)
	}
}
