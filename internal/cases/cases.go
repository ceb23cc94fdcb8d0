// Package cases is for tests: a case is a script of packets with the right
// reading of them, in a text file that reads like the protocol. The packets are
// built as a real capture; what a program says of that is held to the reading.
// No part of the program.
//
//	# The server answers each SYN by an RST without ACK, which means nothing to
//	# a client in SYN-SENT (RFC 9293 §3.10.7.3).
//	client 192.0.2.10:40000
//	server 198.51.100.20:443
//
//	1  @0       > S  x
//	2  @0.0005  < R  y
//	3  @1       > S  x
//	---
//	conversation 0:  ending open; client SYN-SENT
//		verdict ~ without (an )?ACK
//		frames 1 or 3; frames 2
//	frame 2:  client SYN-SENT; sentence !~ nobody listens
//
// A line that begins with # is a comment, as is the rest of a line after " #".
//
// # Who talks
//
//	client ADDRESS:PORT WORDS
//	server ADDRESS:PORT WORDS
//	connection NAME  client …  server …
//
// The first connection has no name, others have one, and take from the first
// what they do not say: "connection b client :40001 isn 7" has the addresses of
// the first, and the server's numbers as well. Addresses are those for
// documentation (RFC 5737, RFC 3849). The words:
//
//	isn N        initial sequence number; x of the client (else 0x10000000), y of the server (0x50000000)
//	ttl N        time to live, or hop limit; else 64 and 55
//	win N        window of what is no SYN and no RST; else 502 and 509
//	clock N      timestamps: TSval is N at time 0 and counts milliseconds; TSecr is the last TSval of the peer
//	syn WORDS    up to the end of the line, or the next end: the window of its SYNs, else 64240 and 65160, and
//	             all their options; without it mss 1460 sackOK wscale 7, with a clock mss 1460 sackOK ts nop wscale 7
//
// The file is a classic pcap of Ethernet frames; this says otherwise:
//
//	file FORMAT LINK snaplen N     pcap or pcapng; ethernet, sll or raw
//
// # Packets
//
//	NUMBER @TIME NAME DIRECTION FLAGS SEQ WORDS
//
// NUMBER is the frame's, and may be left out; it is checked. TIME is seconds since
// the capture began, of any order and sign. NAME is that of the connection,
// nothing for the first. DIRECTION is > for the client's and < for the server's
// packets. FLAGS are letters, S A F R P U E C N (the last is AE), or -. SEQ, and
// all numbers of sequences, are sums: x+1, y+1+100, 4660. The words:
//
//	ack SUM        acknowledgment number; a must with A
//	len N          so many bytes of payload: the client's are x, the server's y
//	win N          window as in the header; else as the end says, 0 for an RST
//	ttl N          else as the end says
//	id N           IP identification; else one more than the packet before has, from 1
//	tos N          type of service, or traffic class, all eight bits
//	nodf           without "don't fragment"
//	urg N          urgent pointer
//	checksum WHAT  wrong; partial, the pseudo-header's sum alone, as offload leaves it; or a number
//	from-mac M     the frame's source, and to-mac M its destination; else made of the address
//
// and options, in the order in which they are written: mss N, sackOK, wscale N,
// ts or ts TSVAL:TSECR, sack SUM:SUM,SUM:SUM, md5 or md5 HEX, option KIND:HEX, nop,
// eol. An option takes the place of the same one of the end's, or is the last;
// "bare" takes away the end's first. ts and sack are moved to a word's boundary,
// and the list is filled up, by NOPs. RSTs have no options but those they are
// given.
//
//	@TIME copy of FRAME ttl N                       the same packet again, as another interface sees it
//	@TIME icmp ERROR from ADDRESS about FRAME       an ICMP or ICMPv6 error to the sender of FRAME, which it quotes
//
// A copy may have another TTL, from-mac and to-mac. ERROR is net-unreachable,
// host-unreachable, protocol-unreachable, port-unreachable, prohibited,
// host-prohibited, net-prohibited, time-exceeded, or too-big MTU. Its words
// are ttl, id, tos, and bytes N: so much of the quoted packet, else the header and
// 8 bytes, for IPv6 all that fits.
//
// # The right reading
//
// It follows the line ---: subjects, each with its claims, which are divided
// by ; or stand in lines of their own that begin with a blank.
//
//	capture:             of the whole
//	conversation 0, 3-5: of the rows of the conversations view, by tcp.stream
//	frame 2, 7:          of the rows of the segments view, and the sentence in the story
//
// Claims, where A or B stands for any number of them, one of which must hold, and
// - for a key that is left out:
//
//	conversations N             rows in that view (capture)
//	segments N                  rows in that view (capture)
//	says ~ PATTERN              some verdict, remark or message (capture)
//	verdict ~ PATTERN           in "name: text" of the verdict (conversation)
//	frames 1, 3; frames 1 or 3  all of them, or one, are in lab.verdict_frames; frames not 1, 3 (conversation)
//	ending A or B               lab.ending (conversation)
//	sentence ~ PATTERN          lab.sentence (frame)
//	flags A, B; flags not A, B  in tcp.analysis.flags (frame)
//	client A or B; client not A or B   lab.client_state; server likewise
//	KEY = A or B                any key of the row
//	KEY = A +- B                … that is a number, and how far it may be from A
//
// and !~ for a pattern that must not be found. Patterns are regular expressions
// that ignore case; @name stands for one of Words.
package cases

import (
	"fmt"
	"io"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
)

// A Case is a capture and what is right to say of it.
type Case struct {
	Name   string
	About  string // the comment at its top
	Format capture.Format

	iface    capture.Interface
	packets  []capture.Packet
	subjects []subject
}

// Packets are the frames of the capture, none cut.
func (c *Case) Packets() []capture.Packet { return c.packets }

// Write writes the capture file.
func (c *Case) Write(w io.Writer) error {
	out, err := savefile.NewWriter(w, c.Format, capture.Section{}, []capture.Interface{c.iface})
	if err != nil {
		return err
	}
	for _, p := range c.packets {
		if c.iface.Snaplen > 0 {
			p.Data = p.Data[:min(len(p.Data), c.iface.Snaplen)]
		}
		if err := out.Append(&p); err != nil {
			return err
		}
	}
	return out.Flush()
}

// An Error says which line of a script is wrong.
type Error struct {
	Name string
	Line int // from 1
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("%s.txt, line %d: %s", e.Name, e.Line, e.Text) }
