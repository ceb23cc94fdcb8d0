package capture

import (
	"fmt"
	"io"
)

// Block types, draft-ietf-opsawg-pcapng §4 and §10.1.
const (
	blockSection        = 0x0a0d0d0a
	blockInterface      = 1
	blockPacket         = 2 // obsolete
	blockSimplePacket   = 3
	blockEnhancedPacket = 6
	blockJournal        = 9
	blockSysdig         = 0x204
	blockSysdig2        = 0x216
	blockSysdig2Large   = 0x221
	blockCustom         = 0x0bad
	blockCustomNoCopy   = 0x40000bad
)

const (
	sectionMagic = 0x1a2b3c4d
	maxBlock     = 16 << 20 // bytes of a block that is read whole; no packet needs as many
	blockFrame   = 12       // bytes of a block around its body: type, length, and the length again
)

// pcapng reads the blocks of pcapng: sections, in them interfaces and packets.
type pcapng struct {
	in      *input
	order   order
	number  int           // of the last frame
	ifaces  []ngInterface // of all sections
	first   int           // index of this section's first interface
	foreign bool          // this section's version is not known: its blocks are skipped
	skipped *Damage       // the first section skipped
	about   Section       // what this section says of itself
	comment []byte        // room to put comments together
}

func newPcapng(in *input) (*pcapng, error) {
	r := &pcapng{in: in}
	head := in.peek(blockFrame)
	if len(head) < blockFrame {
		return nil, r.cut(28, len(head))
	}
	return r, r.section(head)
}

// section reads the byte order of the section whose header block begins at
// head; the block itself is left to next.
func (r *pcapng) section(head []byte) error {
	for _, o := range []order{false, true} {
		if o.u32(head[8:]) == sectionMagic {
			r.order = o
			return nil
		}
	}
	return r.damage(fmt.Sprintf("a section header with the byte-order magic %x", head[8:12]))
}

func (r *pcapng) interfaces() []Interface {
	list := make([]Interface, len(r.ifaces))
	for i := range r.ifaces {
		list[i] = r.ifaces[i].Interface
	}
	return list
}

func (r *pcapng) next(p *Packet) error {
	for {
		head := r.in.peek(blockFrame)
		if len(head) < blockFrame {
			return r.end(head)
		}
		kind := r.order.u32(head)
		if kind == blockSection { // the same in both byte orders
			if err := r.section(head); err != nil {
				return err
			}
		}
		total := r.order.u32(head[4:])
		if total < blockFrame {
			return r.damage(fmt.Sprintf("a block (type %#x) of length %d; the shortest has %d bytes", kind, total, blockFrame))
		}
		length := (int64(total) + 3) &^ 3 // writers forget the padding in the length
		if !r.wanted(kind) {
			if err := r.pass(kind, length); err != nil {
				return err
			}
			continue
		}
		if length > maxBlock {
			return r.damage(fmt.Sprintf("a block (type %#x) of length %d; a packet needs less than %d", kind, total, maxBlock))
		}
		block := r.in.peek(int(length))
		if int64(len(block)) < length {
			return r.cut(int(length), len(block))
		}
		if again := r.order.u32(block[length-4:]); (int64(again)+3)&^3 != length {
			return r.mismatch(total, again)
		}
		body := block[8 : length-4]
		isPacket, err := r.block(kind, body, p)
		if err != nil {
			return err
		}
		r.in.take(int(length))
		if isPacket {
			r.number++
			p.Number = r.number
			return nil
		}
	}
}

// wanted reports whether a block is read; the others are skipped.
func (r *pcapng) wanted(kind uint32) bool {
	switch kind {
	case blockSection:
		return true
	case blockInterface, blockPacket, blockSimplePacket, blockEnhancedPacket:
		return !r.foreign
	}
	return false
}

// pass skips a block, and counts it where Wireshark counts it as a frame.
func (r *pcapng) pass(kind uint32, length int64) error {
	begin := r.in.offset()
	if have := r.in.skip(length - 4); have < length-4 {
		return r.cutAt(begin, length, have)
	}
	tail := r.in.peek(4)
	if len(tail) < 4 {
		return r.cutAt(begin, length, length-4+int64(len(tail)))
	}
	again := r.order.u32(tail)
	if (int64(again)+3)&^3 != length {
		return r.mismatchAt(begin, uint32(length), again)
	}
	r.in.take(4)
	switch kind {
	case blockCustom, blockCustomNoCopy, blockJournal, blockSysdig, blockSysdig2, blockSysdig2Large:
		if !r.foreign {
			r.number++
		}
	}
	return nil
}

// block reads one block that is wanted; it reports whether p holds a packet.
func (r *pcapng) block(kind uint32, body []byte, p *Packet) (bool, error) {
	switch kind {
	case blockSection:
		return false, r.sectionHeader(body)
	case blockInterface:
		return false, r.interfaceBlock(body)
	case blockEnhancedPacket:
		return true, r.enhancedPacket(body, p)
	case blockSimplePacket:
		return true, r.simplePacket(body, p)
	default:
		return true, r.obsoletePacket(body, p)
	}
}

// sectionHeader begins a section: interfaces are numbered anew.
func (r *pcapng) sectionHeader(body []byte) error {
	if len(body) < 16 {
		return r.damage(fmt.Sprintf("a section header of %d bytes; it needs 28", len(body)+blockFrame))
	}
	r.first = len(r.ifaces)
	major, minor := r.order.u16(body[4:]), r.order.u16(body[6:])
	r.foreign = major != 1
	if r.foreign && r.skipped == nil {
		r.skipped = r.damage(fmt.Sprintf("a section of version %d.%d was skipped; 1.0 is known", major, minor))
	}
	r.about = Section{}
	if !r.foreign {
		r.sectionOptions(body[16:])
	}
	return nil
}

// sectionOptions reads what the section says of itself.
func (r *pcapng) sectionOptions(list []byte) {
	comment := r.comment[:0]
	for opts := (options{r.order, list}); ; {
		code, value, ok := opts.next()
		if !ok {
			break
		}
		switch code {
		case optComment:
			comment = appendComment(comment, value)
		case optShbUserApplication:
			r.about.Application = text(value)
		}
	}
	r.about.Comment, r.comment = string(comment), comment
}

// end is the error at the end of the input, of which head is left.
func (r *pcapng) end(head []byte) error {
	switch {
	case len(head) > 0 || r.in.readError() != nil:
		return r.cut(blockFrame, len(head))
	case r.skipped != nil:
		return r.skipped
	}
	return io.EOF
}

func (r *pcapng) damage(reason string) *Damage { return r.damageAt(r.in.offset(), reason) }

func (r *pcapng) damageAt(offset int64, reason string) *Damage {
	return &Damage{Frame: r.number + 1, Offset: offset, Reason: reason}
}

func (r *pcapng) cut(need, have int) error {
	return r.cutAt(r.in.offset(), int64(need), int64(have))
}

func (r *pcapng) cutAt(offset, need, have int64) error {
	d := r.damageAt(offset, fmt.Sprintf("the file ends in this block: %d bytes of %d are there", have, need))
	if have < blockFrame {
		d.Reason = fmt.Sprintf("the file ends in this block: %d bytes of it are there", have)
	}
	d.Err = r.in.readError()
	return d
}

func (r *pcapng) mismatch(first, second uint32) error {
	return r.mismatchAt(r.in.offset(), first, second)
}

func (r *pcapng) mismatchAt(offset int64, first, second uint32) error {
	return r.damageAt(offset, fmt.Sprintf("the block's length is %d at its begin and %d at its end", first, second))
}
