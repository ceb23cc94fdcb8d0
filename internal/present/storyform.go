package present

import "github.com/handshake-lab/handshake-lab/decode/conversation"

// The lines of a segment are those of another one with the same flags, as much
// data and the same new states, but for a few places. They are remembered as a
// form, in which these places are blank.

// blankKind is what stands in a blank.
type blankKind uint8

const (
	timeBlank   blankKind = iota
	frameBlank            // the number
	seqBlank              // the number, and why it is so if that stands in the same line
	seqWhyBlank           // why the number is so, on a line of its own
	ackBlank
	ackWhyBlank
	dataBlank   // what data say
	besideBlank // what stands of the sentence beside a line
)

// formOf is all that the lines of a segment depend on beside what stands in the
// blanks, and the ladder.
type formOf struct {
	what    uint64   // payload bytes << 16, the bits below, and flags
	data    bitRange // of data; none where it ends with bit 0
	named   uint8    // bytes of the client's name in its column
	changed talkState
	broken  [2]bool // the numbers whose arithmetic stands in a line of its own
	numbers bool    // there are flags and both numbers
}

// Bits of formOf.what between the flags and the payload's size.
const (
	isUsed       = 1 << 12
	ofServer     = 1 << 13
	ofExcerpt    = 1 << 14
	withAnalysis = 1 << 15
)

// form is the lines of a segment with blanks.
type form struct {
	of     formOf
	text   []byte
	blanks []blank
	whose  int   // the label of the client that it was last filled for
	names  []int // where in text its name stands, in its column
	copied int   // while it is drawn: so much of the line's buffer is in text
}

// blank is a place in a form.
type blank struct {
	kind     blankKind
	at, size int // bytes, in the form's text
	col, end int // columns
}

// So many forms are remembered, in sets of a few: some ten are needed again and
// again, and no two of them may take turns in one place.
const (
	setBits = 5
	ofASet  = 4
)

type forms struct {
	sets  [1 << setBits][ofASet]form
	drawn int // so many have been drawn
}

// find looks for a form, else for a place for it: one that is free, or that of
// another form.
func (f *forms) find(is *formOf) (place *form, known bool) {
	set := &f.sets[is.slot()]
	for i := range set {
		switch form := &set[i]; {
		case form.of == *is:
			return form, true
		case form.of.what == 0:
			place = form
		}
	}
	if f.drawn++; place == nil {
		place = &set[f.drawn%ofASet]
	}
	return place, false
}

// lines draws a segment as an arrow, and below it flags, numbers and data: into
// the form that there is, else anew.
func (s *story) lines(e *conversation.Event, changed talkState) {
	is := s.formFor(e, changed)
	f, known := s.forms.find(&is)
	if known && s.fill(f) {
		return
	}
	*f = form{of: is, text: f.text[:0], blanks: f.blanks[:0], names: f.names[:0], copied: len(s.line.buf)}
	s.drawing = f
	s.draw(e, &is)
	if s.drawing != nil {
		s.copy(len(s.line.buf))
		s.drawing = nil
	}
}

// formFor is the form for a segment; its equations have been found.
func (s *story) formFor(e *conversation.Event, changed talkState) formOf {
	seg := e.Segment
	is := formOf{what: uint64(seg.PayloadLen)<<16 | isUsed | uint64(seg.Flags), changed: changed, named: s.nameOf(s.whose).size}
	if e.From == conversation.Server {
		is.what |= ofServer
	}
	if seg.Excerpt {
		is.what |= ofExcerpt
	}
	if eventStyle(e) == purple {
		is.what |= withAnalysis
	}
	if is.numbers = !seg.Stunted() && len(seg.Header) >= headerToWindow; is.numbers {
		s.equate(&s.seq, e, seg.Seq, &e.SeqRule)
		s.equate(&s.ack, e, seg.Ack, &e.AckRule)
		is.broken = [2]bool{s.seq.broken, s.ack.broken}
	}
	if len(seg.Payload) > 0 {
		first := 8 * seg.HeaderLen
		is.data = bitRange{first, first + 8*max(seg.PayloadLen, len(seg.Payload)) - 1}
	}
	return is
}

func (f *formOf) slot() uint64 {
	return slotOf(f.what^uint64(f.changed[0])<<48^uint64(f.changed[1])<<56^uint64(f.data.first)<<32^uint64(f.named)<<40, setBits)
}

// fill draws the present segment into a form. It returns false where a blank has
// no room for what is to stand in it: beside a sentence that is the first one,
// the time, or none.
func (s *story) fill(f *form) bool {
	if f.whose != s.whose {
		f.whose = s.whose
		n := s.nameOf(s.whose)
		for _, at := range f.names {
			copy(f.text[at:], n.text[:n.size])
		}
	}
	l := &s.line
	start := len(l.buf)
	l.buf = append(l.buf, f.text...)
	shift := start // of what stands behind the last blank
	for i := range f.blanks {
		b := &f.blanks[i]
		all, behind := len(l.buf), b.at+b.size
		l.buf, l.col = l.buf[:shift+b.at], b.col
		s.fillIn(b.kind)
		if free := shift + behind - len(l.buf); free == b.end-l.col && free >= 0 {
			l.buf = l.buf[:all] // the rest of the blank is blank
			continue
		}
		if l.to(b.end); l.col != b.end {
			l.buf = l.buf[:start]
			return false
		}
		shift = len(l.buf) - behind
		l.buf = append(l.buf, f.text[behind:]...)
	}
	l.start, l.col = len(l.buf), 0
	return true
}

// blank draws what stands in a blank, as far as column end, and notes where that
// is in the form that is drawn, if one is.
func (s *story) blank(kind blankKind, end int) {
	l := &s.line
	at, col := len(l.buf), l.col
	s.fillIn(kind)
	if l.to(end); l.col != end {
		s.unfit()
	}
	f := s.drawing
	if f == nil {
		return
	}
	s.copy(at)
	b := blank{kind, len(f.text), len(l.buf) - at, col, l.col}
	f.text = appendBlanks(f.text, b.size)
	f.blanks = append(f.blanks, b)
	f.copied = len(l.buf)
}

// copy takes what was drawn, as far as at, into the form.
func (s *story) copy(at int) {
	f := s.drawing
	f.text = append(f.text, s.line.buf[f.copied:at]...)
	f.copied = at
}

// fillIn draws what stands in a blank, and nothing beyond it: there the form goes
// on.
func (s *story) fillIn(kind blankKind) {
	switch kind {
	case timeBlank:
		s.time()
	case frameBlank:
		s.line.number(bold, int64(frameOf(&s.m)), s.ladder.frame)
	case seqBlank:
		s.equation(&s.seq)
	case ackBlank:
		s.equation(&s.ack)
	case seqWhyBlank:
		s.reason(&s.seq)
	case ackWhyBlank:
		s.reason(&s.ack)
	case dataBlank:
		text, columns := s.quoted(s.m.Event.Segment.Payload)
		s.within(plain, text, columns)
	case besideBlank:
		s.writeBeside()
	}
}

// unfit gives up the form that is drawn, as something in it had no room.
func (s *story) unfit() {
	if s.drawing != nil {
		s.drawing.of, s.drawing = formOf{}, nil
	}
}
