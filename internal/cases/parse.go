package cases

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
)

// parser reads a script line by line, and builds each packet as it comes.
type parser struct {
	c           *Case
	connections map[string]*connection
	frames      []frame // the packets so far
	id          uint16  // IP identification of the last one that is no copy
}

// connection is a pair of ends and their numbers.
type connection struct {
	ends [2]end // client, server
}

const (
	client = iota
	server
)

// end is what packets of one end have unless they say otherwise.
type end struct {
	addr      netip.AddrPort
	isn       uint32
	ttl       uint8
	window    uint16
	synWindow uint16
	syn       []option // options of its SYNs
	plain     []option // options of its other segments but RSTs
	clock     *uint32  // TSval at time 0
	sent      uint32   // last TSval
	side      int
}

// frame is a packet without its link layer, for copies and quotes.
type frame struct {
	ip       []byte
	sender   netip.Addr
	from, to mac
	at       int64
}

// fault is why a line cannot be read; Parse adds which one it is.
type fault string

func fail(format string, args ...any) { panic(fault(fmt.Sprintf(format, args...))) }

// Parse reads the script called name. An error is an *Error.
func Parse(name, text string) (c *Case, err error) {
	p := parser{c: &Case{Name: name, Format: capture.PCAP, iface: capture.Interface{Link: capture.LinkEthernet}},
		connections: map[string]*connection{"": newConnection()}}
	var about []string
	begun, answers, number := false, false, 0
	defer func() {
		switch f := recover().(type) {
		case nil:
		case fault:
			c, err = nil, &Error{name, number, string(f)}
		default:
			panic(f)
		}
	}()
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n\t ")
		if said, isComment := strings.CutPrefix(line, "#"); isComment {
			if !begun {
				about = append(about, strings.TrimSpace(said))
			}
			continue
		}
		line, _, _ = strings.Cut(line, " #")
		words := strings.Fields(line)
		if len(words) == 0 {
			begun = begun || len(about) > 0
			continue
		}
		begun = true
		switch {
		case answers:
			p.c.answer(line, number, len(p.frames))
		case words[0] == "---":
			answers = true
		default:
			p.line(words)
		}
	}
	switch {
	case len(p.frames) == 0:
		fail("there is no packet")
	case !answers:
		fail("the line --- and the right reading after it are missing")
	case len(p.c.subjects) == 0 || p.c.subjects[len(p.c.subjects)-1].empty():
		fail("nothing is claimed")
	}
	p.c.About = strings.Join(about, "\n")
	return p.c, nil
}

// line reads a line before the right reading.
func (p *parser) line(words []string) {
	switch w := words[0]; {
	case w == "file":
		p.file(words[1:])
	case w == "client" || w == "server":
		p.talk("", words)
	case w == "connection":
		if len(words) < 3 || !isName(words[1]) {
			fail("say connection NAME client …: the name begins with a letter and is none of the words of the language")
		}
		if p.connections[words[1]] != nil {
			fail("connection %s has been told of", words[1])
		}
		first := *p.connections[""]
		for i := range first.ends {
			first.ends[i].sent = 0
		}
		p.connections[words[1]] = &first
		p.talk(words[1], words[2:])
	case w[0] == '@':
		p.packet(words)
	case w[0] >= '0' && w[0] <= '9':
		if n := number(w, math.MaxInt32); n != int64(len(p.frames)+1) {
			fail("this is frame %d, not %d", len(p.frames)+1, n)
		}
		if len(words) == 1 || words[1][0] != '@' {
			fail("after the frame's number stands its time: @0.5")
		}
		p.packet(words[1:])
	default:
		fail("%q begins no line: want file, client, server, connection, @TIME or a frame's number", w)
	}
}

func newConnection() *connection {
	return &connection{[2]end{
		{isn: 0x10000000, ttl: 64, window: 502, synWindow: 64240, syn: options("mss 1460 sackOK wscale 7"), side: client},
		{isn: 0x50000000, ttl: 55, window: 509, synWindow: 65160, syn: options("mss 1460 sackOK wscale 7"), side: server},
	}}
}

// isName reports whether w can name a connection.
func isName(w string) bool {
	if w == "" || w[0] < 'a' || w[0] > 'z' || strings.ContainsAny(w, ":=~;,") {
		return false
	}
	return !slices.Contains([]string{"client", "server", "copy", "icmp"}, w)
}

// file reads what the file is.
func (p *parser) file(words []string) {
	if len(p.frames) > 0 {
		fail("what the file is must be said before its first packet")
	}
	for r := (reader{words}); r.more(); {
		switch w := r.next(); w {
		case "pcap":
			p.c.Format = capture.PCAP
		case "pcapng":
			p.c.Format = capture.PCAPNG
		case "ethernet":
			p.c.iface.Link = capture.LinkEthernet
		case "sll":
			p.c.iface.Link = capture.LinkSLL
		case "raw":
			p.c.iface.Link = capture.LinkRaw
		case "snaplen":
			p.c.iface.Snaplen = int(number(r.value(w), math.MaxInt32))
		default:
			fail("%q is nothing that a file is: want pcap, pcapng, ethernet, sll, raw or snaplen N", w)
		}
	}
}

// talk reads who talks: client and server with their words.
func (p *parser) talk(name string, words []string) {
	c := p.connections[name]
	var e *end
	for r := (reader{words}); r.more(); {
		switch w := r.next(); {
		case w == "client" || w == "server":
			e = &c.ends[client]
			if w == "server" {
				e = &c.ends[server]
			}
			if r.more() && strings.Contains(r.words[0], ":") {
				e.addr = address(r.next(), e.addr)
			}
		case e == nil:
			fail("%q stands before client or server", w)
		case w == "isn":
			e.isn = uint32(number(r.value(w), math.MaxUint32))
		case w == "ttl":
			e.ttl = uint8(number(r.value(w), math.MaxUint8))
		case w == "win":
			e.window = uint16(number(r.value(w), math.MaxUint16))
		case w == "clock":
			clock := uint32(number(r.value(w), math.MaxUint32))
			e.clock, e.plain, e.syn = &clock, options("ts"), options("mss 1460 sackOK ts nop wscale 7")
		case w == "syn":
			e.syn = nil
			for r.more() && r.words[0] != "client" && r.words[0] != "server" {
				if w := r.next(); w == "win" {
					e.synWindow = uint16(number(r.value(w), math.MaxUint16))
				} else if o, ok := r.option(w, c); ok {
					e.syn = append(e.syn, o)
				} else {
					fail("%q is no window and no option of a SYN", w)
				}
			}
		default:
			fail("%q is no word for an end: want isn, ttl, win, clock or syn", w)
		}
	}
	for _, e := range c.ends {
		if e.addr.IsValid() && e.addr.Port() == 0 {
			fail("a port is missing: 192.0.2.10:40000")
		}
	}
}

// documentation are the addresses that a script may use.
var documentation = []netip.Prefix{
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("2001:db8::/32"),
}

// address reads ADDRESS:PORT, or :PORT, which leaves the address.
func address(text string, before netip.AddrPort) netip.AddrPort {
	if port, ok := strings.CutPrefix(text, ":"); ok {
		return netip.AddrPortFrom(before.Addr(), uint16(number(port, math.MaxUint16)))
	}
	a, err := netip.ParseAddrPort(text)
	if err != nil {
		fail("%q is no address with a port, as 192.0.2.10:40000 or [2001:db8::1]:40000 are", text)
	}
	documented(a.Addr())
	return a
}

func documented(a netip.Addr) {
	if !slices.ContainsFunc(documentation, func(p netip.Prefix) bool { return p.Contains(a) }) {
		fail("%s is not for documentation: take one of 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32", a)
	}
}

// reader takes the words of a line one by one.
type reader struct{ words []string }

func (r *reader) more() bool { return len(r.words) > 0 }

func (r *reader) next() string {
	w := r.words[0]
	r.words = r.words[1:]
	return w
}

// value is the word after the word of.
func (r *reader) value(of string) string {
	if !r.more() {
		fail("something is missing after %s", of)
	}
	return r.next()
}

// want takes the word that must come.
func (r *reader) want(word string) {
	if !r.more() || r.next() != word {
		fail("the word %q is missing", word)
	}
}

// number reads a number from 0 to most, decimal or 0x….
func number(text string, most int64) int64 {
	digits, base := text, 10
	if hex, ok := strings.CutPrefix(text, "0x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseInt(digits, base, 64)
	if err != nil || n < 0 || n > most {
		fail("%q is no number from 0 to %d", text, most)
	}
	return n
}

// sum reads a sum of numbers and of x and y, the initial sequence numbers.
func (c *connection) sum(text string) uint32 {
	var total uint32
	rest, minus := text, false
	for {
		term, sign := rest, byte(0)
		if i := strings.IndexAny(rest, "+-"); i >= 0 {
			term, sign, rest = rest[:i], rest[i], rest[i+1:]
		}
		var n uint32
		switch term {
		case "x":
			n = c.ends[client].isn
		case "y":
			n = c.ends[server].isn
		case "":
			fail("%q is no sum as x+1 is", text)
		default:
			n = uint32(number(term, math.MaxUint32))
		}
		if minus {
			n = -n
		}
		total += n
		if sign == 0 {
			return total
		}
		minus = sign == '-'
	}
}

var seconds = regexp.MustCompile(`^(-?)(\d{1,10})(?:\.(\d{1,9}))?$`)

// moment reads a time in seconds, in nanoseconds.
func moment(text string) int64 {
	m := seconds.FindStringSubmatch(text)
	if m == nil {
		fail("%q is no time in seconds", text)
	}
	whole, _ := strconv.ParseInt(m[2], 10, 64)
	part, _ := strconv.ParseInt((m[3] + "000000000")[:9], 10, 64)
	if m[1] == "-" {
		return -(whole*1e9 + part)
	}
	return whole*1e9 + part
}
