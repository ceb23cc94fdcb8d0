package present

// Parts of the story's lines come again and again: the rail of a client, the
// arrow of a pure ACK, its flags. They are remembered as they were drawn.

// partKind is what a part shows.
type partKind uint8

const (
	railPart    partKind = iota + 1 // a line's beginning, as far as the left lifeline
	arrowPart                       // between the lifelines
	flagsPart                       // all of that line behind the rail
	openingPart                     // what a detail is, and its bits
	endPart                         // the right lifeline and the server's state
)

// partOf is all that a part depends on, beside the ladder.
type partOf struct {
	what  uint64 // by the kind
	start int32  // column
	kind  partKind
}

// partRoom is bytes of a part; what needs more is drawn anew each time.
const partRoom = 228

// part is what was drawn from one column to another. Its text stands beside it,
// since most of what a part costs is the way to memory.
type part struct {
	of   partOf
	size int32
	end  int32 // column
	from int32 // in the line's buffer, while it is drawn
	text [partRoom]byte
}

// So many parts are remembered. Beside them there is the last rail: the lines of
// a moment have the same, the next moment mostly has another.
const partBits = 6

type parts struct {
	rail  part
	other [1 << partBits]part
}

// recall draws a part at the line's column as it was drawn before. Where it is
// not known it is to be drawn now, then kept; no part may be recalled in between.
func (s *story) recall(kind partKind, what uint64) (p *part, known bool) {
	l := &s.line
	of := partOf{what, int32(l.col), kind}
	if p = &s.parts.rail; kind != railPart {
		p = &s.parts.other[slotOf(what^uint64(kind)<<40^uint64(l.col)<<48, partBits)]
	}
	if p.of == of && !l.cut {
		l.buf, l.col = append(l.buf, p.text[:p.size]...), int(p.end)
		return p, true
	}
	p.of, p.from = of, int32(len(l.buf))
	return p, false
}

// keep remembers the part that was just drawn, unless it did not fit.
func (s *story) keep(p *part) {
	drawn := s.line.buf[p.from:]
	if s.line.cut || len(drawn) > partRoom {
		p.of = partOf{}
		return
	}
	p.size, p.end = int32(copy(p.text[:], drawn)), int32(s.line.col)
}
