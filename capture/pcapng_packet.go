package capture

import "fmt"

// enhancedPacket reads an enhanced packet block, draft-ietf-opsawg-pcapng §4.3.
func (r *pcapng) enhancedPacket(body []byte, p *Packet) error {
	if len(body) < 20 {
		return r.shortPacket("an enhanced", len(body), 20)
	}
	return r.timedPacket(r.order.u32(body), body, p)
}

// obsoletePacket reads a packet block: an enhanced one but for its first word,
// the interface's number in 16 bits and a count of drops.
func (r *pcapng) obsoletePacket(body []byte, p *Packet) error {
	if len(body) < 20 {
		return r.shortPacket("an obsolete", len(body), 20)
	}
	return r.timedPacket(uint32(r.order.u16(body)), body, p)
}

func (r *pcapng) timedPacket(id uint32, body []byte, p *Packet) error {
	here := len(r.ifaces) - r.first
	if uint64(id) >= uint64(here) {
		return r.damage(fmt.Sprintf("it is of interface %d; the section has described %d", id, here))
	}
	p.Interface, p.Comment = r.first+int(id), ""
	i := &r.ifaces[p.Interface]
	captured := r.order.u32(body[12:])
	if captured > MaxCaptured {
		return r.damage(tooLong(captured))
	}
	if int(captured) > len(body)-20 {
		return r.damage(fmt.Sprintf("it claims %d captured bytes; its block has room for %d", captured, len(body)-20))
	}
	p.Time = i.time(r.order.u32(body[4:]), r.order.u32(body[8:]))
	p.Link = i.Link
	p.FCS = i.fcs
	p.Length = wireLength(r.order.u32(body[16:]))
	p.Data = body[20 : 20+captured : 20+captured]
	if rest := body[min(20+(int(captured)+3)&^3, len(body)):]; len(rest) > 4 {
		r.packetOptions(rest, p)
	}
	return nil
}

// maxComment is the most bytes kept of a block's comments: one may have as
// many, but a block has room for hundreds.
const maxComment = 1 << 16

// appendComment appends one more comment of a block, on a line of its own.
func appendComment(comment, value []byte) []byte {
	if len(comment) > 0 && len(comment) < maxComment {
		comment = append(comment, '\n')
	}
	return append(comment, value[:min(len(value), max(maxComment-len(comment), 0))]...)
}

// packetOptions reads the comments, one a line, and the length of the FCS.
func (r *pcapng) packetOptions(list []byte, p *Packet) {
	comment := r.comment[:0]
	for opts := (options{r.order, list}); ; {
		code, value, ok := opts.next()
		if !ok {
			break
		}
		switch {
		case code == optComment:
			comment = appendComment(comment, value)
		case code == optEpbFlags && len(value) == 4:
			if fcs := r.order.u32(value) >> 5 & 0xf; fcs != 0 { // bits 5 to 8, in bytes; 0: not known
				p.FCS = int8(fcs)
			}
		}
	}
	p.Comment, r.comment = string(comment), comment
}

// simplePacket reads a simple packet block: of the section's first interface,
// without a time, cut at that interface's snaplen.
func (r *pcapng) simplePacket(body []byte, p *Packet) error {
	if len(body) < 4 {
		return r.shortPacket("a simple", len(body), 4)
	}
	if r.first == len(r.ifaces) {
		return r.damage("a simple packet block before any interface of its section")
	}
	i := &r.ifaces[r.first]
	length := r.order.u32(body)
	captured := length
	if i.Snaplen > 0 {
		captured = min(captured, uint32(i.Snaplen))
	}
	if captured > MaxCaptured {
		return r.damage(tooLong(captured))
	}
	if int(captured) > len(body)-4 {
		return r.damage(fmt.Sprintf("it claims %d captured bytes; its block has room for %d", captured, len(body)-4))
	}
	p.Interface, p.Comment = r.first, ""
	p.Time = Time{}
	p.Link = i.Link
	p.FCS = i.fcs
	p.Length = wireLength(length)
	p.Data = body[4 : 4+captured : 4+captured]
	return nil
}

func (r *pcapng) shortPacket(kind string, have, need int) error {
	return r.damage(fmt.Sprintf("%s packet block of %d bytes; it needs %d", kind, have+blockFrame, need+blockFrame))
}
