package main

import (
	"bufio"
	"encoding/binary"
	"strconv"
	"strings"
)

// writer writes captures, little endian.
type writer struct {
	*bufio.Writer
	nanos int64
}

func (w *writer) u32(n uint32) {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], n)
	w.Write(b[:])
}

func (w *writer) pcap(link uint32) {
	for _, n := range []uint32{0xa1b23c4d, 2 | 4<<16, 0, 0, 262144, link} {
		w.u32(n)
	}
}

// record writes a packet, of which more bytes were on the wire than captured.
func (w *writer) record(b []byte, more int) {
	w.nanos += 1000
	w.u32(uint32(1_700_000_000 + w.nanos/1e9))
	w.u32(uint32(w.nanos % 1e9))
	w.u32(uint32(len(b)))
	w.u32(uint32(len(b) + more))
	w.Write(b)
}

// segment writes a TCP segment of a connection with 192.0.2.1:6000, its data
// not captured.
func (w *writer) segment(n int, client bool, flags byte, seq, ack uint32, data int) {
	w.record(tcp(n, client, flags, seq, ack, data), data)
}

func (w *writer) fragment(id, offset int, more bool, n int) {
	b := make([]byte, 20+n)
	ip(b, 6, uint32(id), 192<<24|2<<8|1, len(b))
	binary.BigEndian.PutUint16(b[4:], uint16(id))
	at := uint16(offset / 8)
	if more {
		at |= 0x2000
	}
	binary.BigEndian.PutUint16(b[6:], at)
	w.record(b, 0)
}

func (w *writer) pcapng() {
	w.block(0x0a0d0d0a, []byte{0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255})
}

func (w *writer) block(kind uint32, body []byte) {
	for len(body)%4 > 0 {
		body = append(body, 0)
	}
	w.u32(kind)
	w.u32(uint32(len(body) + 12))
	w.Write(body)
	w.u32(uint32(len(body) + 12))
}

func idb(name string) []byte {
	b := []byte{228, 0, 0, 0, 0, 0, 0, 0, 2, 0}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(name)))
	b = append(b, name...)
	return append(b, strings.Repeat("\x00", 3)...)
}

func epb(packet []byte) []byte {
	b := make([]byte, 20, 20+len(packet)+4)
	binary.LittleEndian.PutUint32(b[12:], uint32(len(packet)))
	binary.LittleEndian.PutUint32(b[16:], uint32(len(packet)))
	b = append(b, packet...)
	for len(b)%4 > 0 {
		b = append(b, 0)
	}
	return b
}

func ip(b []byte, protocol byte, src, dst uint32, length int) {
	b[0], b[8], b[9] = 0x45, 64, protocol
	binary.BigEndian.PutUint16(b[2:], uint16(length))
	binary.BigEndian.PutUint32(b[12:], src)
	binary.BigEndian.PutUint32(b[16:], dst)
}

// tcp is a segment over IPv4, without its data.
func tcp(n int, client bool, flags byte, seq, ack uint32, data int) []byte {
	b := make([]byte, 40)
	host, server := 10<<24|uint32(n)/50000, uint32(192<<24|2<<8|1)
	port := uint16(10000 + n%50000)
	t := b[20:]
	if client {
		ip(b, 6, host, server, 40+data)
		binary.BigEndian.PutUint16(t[0:], port)
		binary.BigEndian.PutUint16(t[2:], 6000)
	} else {
		ip(b, 6, server, host, 40+data)
		binary.BigEndian.PutUint16(t[0:], 6000)
		binary.BigEndian.PutUint16(t[2:], port)
	}
	binary.BigEndian.PutUint32(t[4:], seq)
	binary.BigEndian.PutUint32(t[8:], ack)
	t[12], t[13], t[14] = 5<<4, flags, 2
	return b
}

// icmp is an error that quotes a segment.
func icmp(n int) []byte {
	b := make([]byte, 28, 68)
	ip(b, 1, 192<<24|2<<8|99, 192<<24|2<<8|1, 68)
	b[20], b[21] = 3, 1
	return append(b, tcp(n, true, 2, 1, 0, 0)...)
}

// nested is IPv4 in IPv4, so many times.
func nested(depth int) []byte {
	b := make([]byte, 20*depth+20)
	for i := range depth {
		ip(b[20*i:], 4, uint32(i), uint32(i), len(b)-20*i)
	}
	copy(b[20*(depth-1):], tcp(1, true, 2, 1, 0, 0))
	return b
}

func (h *hungry) title(view string) string { return h.name + ", " + strconv.Itoa(h.n) + ", " + view }
