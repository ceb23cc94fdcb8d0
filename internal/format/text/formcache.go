package text

import "github.com/handshake-lab/handshake-lab/internal/view"

// A cache of the lines of segments: it buys nearly half of the story's time. The
// lines of a segment are those of another one with the same flags, as much
// data and the same new states, but for a few places. They are cached as a form,
// in which these places are blank.

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

// shape is all that the lines of a segment depend on beside what stands in the
// blanks, and the ladder.
type shape struct {
	bits    uint64    // payload bytes << 16, the bits below, and flags
	data    view.Bits // of data; none where it ends with bit 0
	name    uint8     // bytes of the client's name in its column
	reached view.States
	broken  [2]bool // the numbers whose arithmetic stands in a line of its own
	numbers bool    // there are flags and both numbers
	way     view.Way
}

// Bits of shape.bits between the flags and the payload's size.
const (
	isUsed       = 1 << 12
	ofServer     = 1 << 13
	ofExcerpt    = 1 << 14
	withAnalysis = 1 << 15
)

func (s *shape) slot() uint64 {
	const golden = 0x9e3779b97f4a7c15 // Knuth's multiplicative hashing
	key := s.bits ^ uint64(s.reached[0])<<48 ^ uint64(s.reached[1])<<56 ^ uint64(s.data.First)<<32 ^ uint64(s.name)<<40
	return key * golden >> (64 - setBits)
}

// form is the lines of a segment with blanks.
type form struct {
	of     shape
	text   []byte
	blanks []blank
	client int   // the one that it was last filled for
	names  []int // where in text its name stands, in its column
	copied int   // while it is drawn: so much of the line's buffer is in text
}

// blank is a place in a form.
type blank struct {
	kind     blankKind
	at, size int // bytes, in the form's text
	col, end int // columns
}

// A filler draws what stands in a blank, and nothing beyond it: there the form goes
// on.
type filler interface{ fillIn(kind blankKind) }

// formCache is 4-way set-associative: some ten forms are needed again and again,
// and no two of them may take turns in one place.
type formCache struct {
	sets    [1 << setBits][waysOfSet]form
	drawn   int   // so many forms have been drawn
	drawing *form // the one that is drawn anew
	line    *line // that everything is drawn on
	filler  filler
}

const (
	setBits   = 5
	waysOfSet = 4
)

// find looks for a form, else for a place for it: one that is free, or that of
// another form.
func (c *formCache) find(is *shape) (place *form, known bool) {
	set := &c.sets[is.slot()]
	for i := range set {
		switch form := &set[i]; {
		case form.of == *is:
			return form, true
		case form.of.bits == 0:
			place = form
		}
	}
	if c.drawn++; place == nil {
		place = &set[c.drawn%waysOfSet]
	}
	return place, false
}

// forget empties the cache.
func (c *formCache) forget() { c.sets = [1 << setBits][waysOfSet]form{} }

// begin draws a form anew, in a place.
func (c *formCache) begin(f *form, is shape) {
	*f = form{of: is, text: f.text[:0], blanks: f.blanks[:0], names: f.names[:0], copied: len(c.line.buf)}
	c.drawing = f
}

// end ends the form that is drawn, unless it was given up.
func (c *formCache) end() {
	if c.drawing != nil {
		c.copy(len(c.line.buf))
		c.drawing = nil
	}
}

// giveUp gives up the form that is drawn, as something in it had no room.
func (c *formCache) giveUp() {
	if c.drawing != nil {
		c.drawing.of, c.drawing = shape{}, nil
	}
}

// noteName notes that the client's name stands here.
func (c *formCache) noteName() {
	if f := c.drawing; f != nil {
		c.copy(len(c.line.buf))
		f.names = append(f.names, len(f.text))
	}
}

// blank draws what stands in a blank, as far as column end, and notes where that
// is in the form that is drawn, if one is.
func (c *formCache) blank(kind blankKind, end int) {
	l := c.line
	at, col := len(l.buf), l.col
	c.filler.fillIn(kind)
	if l.to(end); l.col != end {
		c.giveUp()
	}
	f := c.drawing
	if f == nil {
		return
	}
	c.copy(at)
	b := blank{kind, len(f.text), len(l.buf) - at, col, l.col}
	f.text = appendBlanks(f.text, b.size)
	f.blanks = append(f.blanks, b)
	f.copied = len(l.buf)
}

// copy takes what was drawn, as far as at, into the form.
func (c *formCache) copy(at int) {
	f := c.drawing
	f.text = append(f.text, c.line.buf[f.copied:at]...)
	f.copied = at
}

// fill draws the present segment, of a client with a name, into a form. It returns
// false where a blank has no room for what is to stand in it: beside a sentence
// that is the first one, the time, or none.
func (c *formCache) fill(f *form, client int, name []byte) bool {
	if f.client != client {
		f.client = client
		for _, at := range f.names {
			copy(f.text[at:], name)
		}
	}
	l := c.line
	start := len(l.buf)
	l.buf = append(l.buf, f.text...)
	shift := start // of what stands after the last blank
	for i := range f.blanks {
		b := &f.blanks[i]
		all, after := len(l.buf), b.at+b.size
		l.buf, l.col = l.buf[:shift+b.at], b.col
		c.filler.fillIn(b.kind)
		if free := shift + after - len(l.buf); free == b.end-l.col && free >= 0 {
			l.buf = l.buf[:all] // the rest of the blank is blank
			continue
		}
		if l.to(b.end); l.col != b.end {
			l.buf = l.buf[:start]
			return false
		}
		shift = len(l.buf) - after
		l.buf = append(l.buf, f.text[after:]...)
	}
	l.start, l.col = len(l.buf), 0
	return true
}
