// Package decode turns the bytes of a captured frame into a Segment. It finds
// the way from the link layer through tags and tunnels to the innermost TCP
// header itself, without allocation for the stacks that are common. Make a
// Decoder with New, and give it the packets of one capture in order.
package decode

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Decoder decodes packets one after another; it remembers IP fragments, and how
// much it has unpacked.
type Decoder struct {
	fragments fragments
	unpacking unpacking
}

// New returns a decoder.
func New() *Decoder { return &Decoder{unpacking: unpacking{work: unpackedFirst}} }

// Decode reads one packet into s. It never panics, whatever the bytes are. s
// is filled for TCP and Quoted, and means nothing for the other kinds.
func (d *Decoder) Decode(p *capture.Packet, s *Segment) Result {
	s.begin(p)
	d.unpacking.begin(len(p.Data))
	if p.Link == capture.LinkEthernet && s.common(p) {
		return Result{Kind: TCP}
	}
	return d.walk(p, s)
}

// begin empties s but for what the capture tells of the packet.
func (s *Segment) begin(p *capture.Packet) {
	*s = Segment{} // one with these values would be made elsewhere first, and copied
	s.Number, s.Time, s.Comment = p.Number, p.Time, p.Comment
	s.Length, s.Captured, s.Iface = p.Length, len(p.Data), p.Interface
}

// walk reads a packet layer by layer.
func (d *Decoder) walk(p *capture.Packet, s *Segment) Result {
	w := walk{d: d, s: s, b: p.Data, n: max(p.Length, len(p.Data)), fcs: p.FCS}
	w.link(p.Link)
	return w.run()
}

// layer says what a walk stands before.
type layer uint8

// The layers; those of a number space carry the number in walk.number.
const (
	layerNone      layer = iota // nothing that could hold TCP: the walk ends
	layerDone                   // the result is there: the walk ends
	layerEthernet               // a frame with two MAC addresses
	layerEtherType              // what the EtherType walk.number stands for
	layerIP                     // IPv4 or IPv6 by the version nibble
	layerIPv4
	layerIPv6
	layerProtocol // what the IP protocol walk.number stands for
	layerPPP      // the protocol field of a PPP frame
	layerHDLCPPP  // a PPP frame in HDLC-like framing, or Cisco's HDLC
	layerLLC      // IEEE 802.2
	layerMPLS     // a label stack
	layerWLAN     // an IEEE 802.11 frame
	layerHDLC     // Cisco HDLC
	layerFrameRelay
)

// maxLayers bounds how deep tunnels and tags may be stacked.
const maxLayers = 64

// walk is the way through one frame, from the link layer inwards. b and n
// always stand at the first byte of the layer that comes next.
type walk struct {
	d      *Decoder
	s      *Segment
	b      []byte // captured bytes from here on; never more than n
	n      int    // bytes on the wire from here on, by the innermost length so far
	next   layer
	number uint16 // EtherType or IP protocol
	vlan   uint16 // identifier of the innermost VLAN, to keep fragments apart
	fcs    int8   // bytes of frame check sequence behind the frame; -1 unknown

	seen    uint32 // layers, a bit each
	dressed bool   // there are more than a bare segment has

	guessed bool // a UDP port or the like was taken for a tunnel: what fails from here on is no fault
	excerpt bool // from here on no length can be trusted (samples, first fragments)
	quoting bool // inside an ICMP error
	result  Result
}

// run goes from layer to layer until there is a result.
func (w *walk) run() Result {
	for range maxLayers {
		w.visit()
		switch w.next {
		case layerEtherType:
			w.etherType()
		case layerIPv4:
			w.ipv4()
		case layerIPv6:
			w.ipv6()
		case layerProtocol:
			w.protocol()
		case layerIP:
			w.ip()
		case layerEthernet:
			w.ethernet()
		case layerPPP:
			w.ppp()
		case layerHDLCPPP:
			w.pppSerial()
		case layerLLC:
			w.llc()
		case layerMPLS:
			w.mpls()
		case layerWLAN:
			w.wlan()
		case layerHDLC:
			w.hdlc()
		case layerFrameRelay:
			w.frameRelay()
		default:
			return w.result
		}
	}
	w.fail("frame", -1, "more than %d layers inside one another", maxLayers)
	return w.result
}

// visit notes which layer comes next. A segment is bare where there are none but a
// link layer and one IP header.
func (w *walk) visit() {
	seen := uint32(1) << w.next
	const alone = 1<<layerEthernet | 1<<layerEtherType | 1<<layerIP | 1<<layerIPv4 | 1<<layerIPv6 | 1<<layerProtocol | 1<<layerDone | 1<<layerNone
	if seen&alone == 0 || w.seen&seen != 0 || w.excerpt || w.quoting {
		w.dressed = true
	}
	w.seen |= seen
	w.s.Bare = !w.dressed && !w.s.Fragmented
}

// skip goes n bytes on; false, and the end of the walk, where the frame does
// not have as many, or they were not captured.
func (w *walk) skip(n int) bool {
	if n > len(w.b) || n < 0 {
		w.next = layerNone
		return false
	}
	w.b, w.n = w.b[n:], w.n-n
	return true
}

// clip takes n bytes from here on as all there is: padding behind them is
// none of the layers' business. A greater n than is left changes nothing.
func (w *walk) clip(n int) {
	if n < 0 || n >= w.n {
		return
	}
	w.n = n
	w.b = w.b[:min(len(w.b), n)]
}

// then sets what comes next, after n bytes of header.
func (w *walk) then(n int, next layer, number uint16) {
	if w.skip(n) {
		w.next, w.number = next, number
	}
}

// end is the end of the walk with what the result has so far.
func (w *walk) end() { w.next = layerNone }

// fail ends the walk with a problem: something that was to be IP or TCP
// cannot be read. Behind a guess it only means that the guess was wrong.
func (w *walk) fail(layerName string, bit int, format string, args ...any) {
	w.next = layerDone
	if w.guessed || w.quoting {
		return
	}
	w.result.Kind = Undecoded
	w.result.Problem = &Problem{Layer: layerName, Bit: bit, Reason: fmt.Sprintf(format, args...)}
}

// short ends the walk where a header of want bytes is not all there: cut by
// the capture, or by a length around it.
func (w *walk) short(layerName string, want int) {
	if w.n < want {
		w.fail(layerName, 8*w.n, "%d bytes, the minimum is %d", w.n, want)
		return
	}
	w.fail(layerName, 8*len(w.b), "cut by the capture after %d bytes of its header, %d are needed", len(w.b), want)
}

// length32 reads a length of 32 bits. What an int of 32 bits cannot hold comes out
// as the most it can: no frame is as long, so it means the same there.
func length32(b []byte) int {
	return int(min(binary.BigEndian.Uint32(b), math.MaxInt32))
}
