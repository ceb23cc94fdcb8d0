package main

import "encoding/binary"

const (
	flagFIN = 1 << iota
	flagSYN
	flagRST
	flagPSH
	flagACK
)

// turn is one segment of the dialogue.
type turn struct {
	client bool
	flags  byte
	text   string
}

// turns are the 18 segments of a greeting dialogue.
var turns = [...]turn{
	{true, flagSYN, ""},
	{false, flagSYN | flagACK, ""},
	{true, flagACK, ""},
	{false, flagPSH | flagACK, "Welcome!\n"},
	{true, flagACK, ""},
	{false, flagPSH | flagACK, "What's your name?"},
	{true, flagACK, ""},
	{true, flagPSH | flagACK, "Alice"},
	{false, flagPSH | flagACK, "Hello Alice!\n"},
	{true, flagACK, ""},
	{false, flagPSH | flagACK, "What's your name?"},
	{true, flagACK, ""},
	{true, flagPSH | flagACK, "exit"},
	{false, flagPSH | flagACK, "Good bye!\n"},
	{true, flagACK, ""},
	{false, flagFIN | flagACK, ""},
	{true, flagFIN | flagACK, ""},
	{false, flagACK, ""},
}

// flow is one dialogue: its number gives sockets and sequence numbers.
type flow struct {
	number uint32
	sent   [2]uint32 // sequence numbers used so far: by client, by server
}

func (f *flow) play(g *generator, n int) {
	t := turns[n]
	me, peer := 1, 0
	if t.client {
		me, peer = 0, 1
	}
	isn := [2]uint32{mix(f.number), mix(^f.number)}
	ack := isn[peer] + f.sent[peer]
	if n == 0 {
		ack = 0
	}
	g.segment(*f, t.client, t.flags, isn[me]+f.sent[me], ack, t.text)
	f.sent[me] += uint32(len(t.text))
	if t.flags&(flagSYN|flagFIN) != 0 {
		f.sent[me]++
	}
}

// segment writes one packet with a right checksum.
func (g *generator) segment(f flow, client bool, flags byte, seq, ack uint32, text string) {
	const ether, ip = 14, 20
	options := []byte{1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0}
	if flags&flagSYN != 0 {
		options = []byte{2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7}
	}
	stamp := options[len(options)-8:]
	if flags&flagSYN != 0 {
		stamp = options[8:16]
	}
	binary.BigEndian.PutUint32(stamp, uint32(g.nanos/1e6))
	size := 20 + len(options)
	total := ip + size + len(text)
	b := g.frame[:ether+total]
	clear(b)
	b[12] = 8
	p := b[ether:]
	p[0], p[6], p[8], p[9] = 0x45, 0x40, 64, 6
	binary.BigEndian.PutUint16(p[2:], uint16(total))
	host, port := 10<<24|f.number/50000, uint16(10000+f.number%50000)
	server := uint32(192)<<24 | 2<<8 | 1
	t := p[ip:]
	if client {
		put(p, t, host, server, port, 6000)
	} else {
		put(p, t, server, host, 6000, port)
	}
	binary.BigEndian.PutUint16(p[10:], ^sum(0, p[:ip]))
	binary.BigEndian.PutUint32(t[4:], seq)
	binary.BigEndian.PutUint32(t[8:], ack)
	t[12], t[13] = byte(size/4)<<4, flags
	binary.BigEndian.PutUint16(t[14:], 502)
	copy(t[20:], options)
	copy(t[size:], text)
	pseudo := uint32(6) + uint32(len(t)) + uint32(sum(0, p[12:20]))
	binary.BigEndian.PutUint16(t[16:], ^sum(pseudo, t))
	var h [16]byte
	binary.LittleEndian.PutUint32(h[0:], uint32(g.nanos/1e9))
	binary.LittleEndian.PutUint32(h[4:], uint32(g.nanos%1e9/1000))
	binary.LittleEndian.PutUint32(h[8:], uint32(len(b)))
	binary.LittleEndian.PutUint32(h[12:], uint32(len(b)))
	g.w.Write(h[:])
	g.w.Write(b)
}

func put(p, t []byte, src, dst uint32, sport, dport uint16) {
	binary.BigEndian.PutUint32(p[12:], src)
	binary.BigEndian.PutUint32(p[16:], dst)
	binary.BigEndian.PutUint16(t[0:], sport)
	binary.BigEndian.PutUint16(t[2:], dport)
}

// sum is the Internet checksum's sum (RFC 1071), folded.
func sum(start uint32, b []byte) uint16 {
	for ; len(b) > 1; b = b[2:] {
		start += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		start += uint32(b[0]) << 8
	}
	for start > 0xffff {
		start = start>>16 + start&0xffff
	}
	return uint16(start)
}
