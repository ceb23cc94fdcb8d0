package text

import (
	"bytes"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// canvas is what the parts of the story draw an entry on.
type canvas struct {
	line   line
	sign   signs
	width  int
	ladder ladder
	shape  ladderShape
	forms  *formCache
	names  *clientNames
	dashes string // many of them

	entry    *view.Entry
	client   int    // that a line is about; 0 for none
	several  bool   // clients: each line says whose it is
	largest  int    // number of a client
	tenfold  int    // the first frame number, a power of ten, that has no room
	beside   []byte // of the sentence, what is still to be written
	sentence []byte // room for it
	value    []byte // room for what is put together before it is placed
	why      []byte
}

func newCanvas(o present.Options) *canvas {
	c := &canvas{sign: *signsFor(o), width: widthOf(o), forms: new(formCache), names: new(clientNames), tenfold: 1000, largest: -1}
	c.line = line{width: c.width, ink: inkOf(o), set: charsetOf(o)}
	c.dashes = strings.Repeat(c.sign.dash, c.width)
	c.forms.line = &c.line
	return c
}

// fit lays the ladder out again where a frame number or a client's name needs
// room.
func (c *canvas) fit(frame, largestClient int, several bool) {
	if frame < c.tenfold && largestClient == c.largest && several == c.several {
		return
	}
	for frame >= c.tenfold {
		c.tenfold *= 10
	}
	c.largest, c.several = largestClient, several
	now := ladderShape{decimal.Digits(uint64(c.tenfold - 1)), len("C") + decimal.Digits(uint64(max(largestClient, 1))), several}
	if now != c.shape {
		c.shape, c.ladder = now, fitLadder(c.width, now)
		c.forms.forget()
		*c.names = clientNames{}
	}
}

// resize lays the ladder out for another width.
func (c *canvas) resize(width int) {
	c.width = widthOf(present.Options{Width: width})
	c.line.width = c.width
	c.dashes = strings.Repeat(c.sign.dash, c.width)
	c.shape, c.largest = ladderShape{}, -1
}

// beginEntry begins the first line of an entry: its time, its frame and whose it
// is.
func (c *canvas) beginEntry() {
	l, d := &c.line, &c.ladder
	l.reset()
	c.forms.blank(timeBlank, d.time)
	if c.entry.FrameNumber() > 0 {
		c.forms.blank(frameBlank, d.frame)
	}
	c.drawName()
	l.to(d.name)
}

func (c *canvas) drawTime() {
	if !c.entry.Timed {
		return
	}
	d := &c.ladder
	c.value = view.AppendSince(c.value[:0], c.entry.Since, d.time)
	c.line.to(d.time - len(c.value))
	add(&c.line, dim, c.value, len(c.value))
}

func (c *canvas) drawFrame() { c.line.number(bold, int64(c.entry.FrameNumber()), c.ladder.frame) }

// drawName writes whose a line is, if it is anybody's, unless the line is beyond
// the column for that.
func (c *canvas) drawName() {
	l, d := &c.line, &c.ladder
	if c.client <= 0 || l.col > d.frame+1 {
		return
	}
	l.to(d.frame + 1)
	c.forms.noteName()
	n := c.nameOf(c.client)
	l.buf, l.col, l.cut = append(l.buf, n.text[:n.size]...), n.end, n.cut
}

// nameOf finds how a client's name stands in its column.
func (c *canvas) nameOf(client int) *clientName {
	return c.names.find(client, c.ladder.frame+1, c.ladder.name, &c.line)
}

// drawClientState goes on with the client's state, if it is new, as far as the
// left lifeline.
func (c *canvas) drawClientState(state conversation.State) {
	l, d := &c.line, &c.ladder
	if state != conversation.Unknown && d.client >= 0 {
		l.to(d.client)
		l.raw(stateTone(state), stateText(state))
	}
	l.to(d.left)
}

// beginDetail begins a line that goes on with an entry; with several clients it
// says whose it is too.
func (c *canvas) beginDetail() {
	l, d := &c.line, &c.ladder
	l.reset()
	if c.several {
		c.drawName()
	}
	l.to(d.left)
	l.drawn(dim, c.sign.line, 1)
}

// endLine closes a line with the right lifeline, from which something may come,
// a state, and the next line of the sentence.
func (c *canvas) endLine(fromRight bool, state conversation.State) {
	l, d := &c.line, &c.ladder
	switch {
	case l.col > d.right || l.cut:
		c.forms.giveUp()
	case fromRight:
		l.to(d.right)
		l.drawn(plain, c.sign.fromRight, 1)
	default:
		l.to(d.right)
		l.drawn(dim, c.sign.line, 1)
	}
	if state != conversation.Unknown && d.server >= 0 {
		l.to(d.server)
		l.raw(stateTone(state), stateText(state))
	}
	if d.beside > 0 {
		c.forms.blank(besideBlank, d.full)
	}
	l.finish()
}

// endDetail closes a line of which nothing else is to be said.
func (c *canvas) endDetail() { c.endLine(false, conversation.Unknown) }

// drawBeside writes the next line of the sentence; after it the line ends,
// wherever that is.
func (c *canvas) drawBeside() {
	l, d := &c.line, &c.ladder
	if len(c.beside) > 0 {
		l.width = d.full
		l.to(d.beside)
		part, rest := breakAt(c.beside, d.full-d.beside)
		l.bytes(plain, bytes.TrimRight(part, " "))
		c.beside = rest
		l.width = c.width
	}
	l.col = d.full
}

// narrowStates writes new states on a line of their own, below what has led to them,
// where there is no room beside the lifelines.
func (c *canvas) narrowStates(reached view.States) {
	if c.ladder.client >= 0 || reached == (view.States{}) {
		return
	}
	c.beginDetail()
	if state := reached[conversation.Client]; state != conversation.Unknown {
		c.line.put(stateTone(state), " "+stateText(state))
	}
	if state := reached[conversation.Server]; state != conversation.Unknown {
		text := stateText(state)
		c.line.to(c.ladder.right - len(text) - 1)
		c.line.put(stateTone(state), text)
	}
	c.endDetail()
}

// stateText is a state as it is written: a ? stands after one that is assumed.
// With it the longest would not fit its column, so it gets its short name.
func stateText(s conversation.State) string {
	switch {
	case s&view.Assumed == 0:
		return s.String()
	case s == conversation.SynReceived|view.Assumed:
		return "SYN-RCVD?"
	}
	return (s &^ view.Assumed).String() + "?"
}

func stateTone(s conversation.State) view.Tone {
	if s&view.Assumed != 0 {
		return dim
	}
	return view.Good
}

// drawShaft draws so many columns of an arrow, or of a rule.
func (c *canvas) drawShaft(tone view.Tone, columns int) {
	c.line.drawn(tone, c.dashes[:columns*len(c.sign.dash)], columns)
}

// putASCIIInside is putInside for text whose bytes are columns.
func (c *canvas) putASCIIInside(tone view.Tone, text []byte) { c.putInside(tone, text, len(text)) }

// putInside writes visible text of a known width in columns, which must not reach
// the right lifeline.
func (c *canvas) putInside(tone view.Tone, text []byte, columns int) {
	l := &c.line
	if room := max(c.ladder.right-l.col, 1); columns > room {
		l.seen = appendCut(l.seen[:0], text, room, l.set)
		text, columns = l.seen, width(l.seen)
	}
	add(l, tone, text, columns)
}

// remark writes a sign and a sentence after a head, over as many lines as they
// need.
func (c *canvas) remark(tone view.Tone, sign string, text []byte) {
	l := &c.line
	isPlain := visible.IsPlain(text)
	if !isPlain {
		c.why = visible.Append(c.why[:0], text, l.set)
		text = c.why
	}
	indent := c.ladder.name + 1
	for rest := text; len(rest) > 0; {
		if c.several {
			c.drawName()
		}
		l.to(indent)
		if len(rest) == len(text) {
			l.drawn(tone, sign, 1)
		}
		l.to(indent + 2)
		var part []byte
		if columns := max(c.ladder.width-indent-2, 16); isPlain {
			part, rest = breakPlain(rest, columns)
			add(l, tone, part, len(part))
		} else {
			part, rest = breakAt(rest, columns)
			l.bytes(tone, part)
		}
		l.finish()
	}
	l.reset() // the head of a remark that says nothing
}

// mark writes something special between the lifelines, over as many lines as it
// needs. A sign may stand before it.
func (c *canvas) mark(tone view.Tone, sign string, text []byte) {
	c.why = c.why[:0]
	if sign != "" {
		c.why = append(append(c.why, sign...), ' ')
	}
	c.why = visible.Append(c.why, text, c.line.set)
	for rest := c.why; len(rest) > 0; {
		c.beginDetail()
		c.line.raw(tone, " ")
		room := c.ladder.inside() - len(" ")
		if len(rest) < len(c.why) {
			c.line.raw(tone, "  ")
			room -= len("  ")
		}
		part, after := breakAt(rest, max(room, 10))
		c.putInside(tone, part, width(part))
		rest = after
		c.endDetail()
	}
}
