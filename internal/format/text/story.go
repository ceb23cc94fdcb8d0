package text

import (
	"io"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// story draws the ladder: the client's lifeline at the left, the server's at
// the right, between them what goes over the wire, and at each side the calls
// and states of that end. Every moment is one Write.
type story struct {
	*canvas
	segments  *segments
	teller    *view.Teller
	m         timeline.Moment // the present one
	w         io.Writer
	section   string // its title
	began     bool
	endpoints bool // Options.Endpoints
	options   present.Options
	markdown  bool // in a fenced block
}

// Story opens the story in a terminal.
func Story(_ *view.View, w io.Writer, o present.Options) present.Presenter { return newStory(w, o) }

// MarkdownStory opens the story in a fenced block.
func MarkdownStory(_ *view.View, w io.Writer, o present.Options) present.Presenter {
	o.Color = false
	s := newStory(w, o)
	s.markdown = true
	return s
}

func newStory(w io.Writer, o present.Options) *story {
	c := newCanvas(o)
	s := &story{canvas: c, segments: newSegments(c), teller: view.NewTeller(o.Clients).In(o.Manner), w: w, endpoints: o.Endpoints, options: o}
	s.fit(0, 0, false)
	return s
}

// Shows reports whether a moment is seen in the story, so that a paced story
// does not wait for one that is not.
func (s *story) Shows(m timeline.Moment) bool { return view.Tells(&m) }

// Resize implements present.Resizer. Columns stand elsewhere now, so their head is
// written again.
func (s *story) Resize(width int) {
	if !s.markdown {
		s.resize(width)
		s.section, s.began = "", false
	}
}

// Section implements Presenter.
func (s *story) Section(title string) error {
	s.section = title
	return nil
}

// Moment implements Presenter.
func (s *story) Moment(moment timeline.Moment) error {
	s.m = moment // a copy that lives here need not be made anew for each
	e := s.teller.Tell(&s.m)
	if e == nil {
		return nil
	}
	s.line.drop()
	s.entry, s.beside, s.client = e, nil, 0
	before := s.ladder.left
	s.fit(e.FrameNumber(), s.teller.LargestClient(), s.teller.HasSeveralClients())
	switch {
	case s.began && s.ladder.left != before:
		s.heads() // they stand elsewhere from here on
	case !s.began:
		s.begin()
		s.legend()
	}
	if s.client = e.Client; e.Opens != nil {
		s.banner(e)
	}
	switch e.Kind {
	case timeline.Segment:
		s.segments.draw(e, s.endpoints)
	case timeline.Arrival:
		s.segments.drawArrival(e, s.endpoints)
	case timeline.Call:
		s.call(e)
	case timeline.Ended:
		s.ended(e)
	case timeline.Note:
		s.notice(e)
	default:
		s.beginEntry()
		s.notice(e)
	}
	return s.write()
}

// Close implements Presenter.
func (s *story) Close() error {
	s.line.drop()
	if s.markdown {
		s.begin()
		s.line.raw(plain, "```")
		s.line.finish()
	}
	return s.write()
}

func (s *story) write() error {
	s.line.reset() // what was begun and not finished
	if len(s.line.buf) == 0 {
		return nil
	}
	_, err := s.w.Write(s.line.buf)
	return err
}

// begin writes the head before the first moment.
func (s *story) begin() {
	if s.began {
		return
	}
	s.began = true
	l := &s.line
	l.buf = appendSection(l.buf, s.section, s.options, s.markdown)
	l.start = len(l.buf)
	if s.markdown {
		l.raw(plain, "```text")
		l.finish()
	}
	s.heads()
}

// heads writes the heads of the columns.
func (s *story) heads() {
	l, d := &s.line, &s.ladder
	l.to(d.time - 2)
	l.put(dim, "ms")
	l.to(d.frame - 1)
	l.put(dim, "#")
	if d.client >= 0 {
		l.to(d.client)
		l.put(bold, "client")
		l.to(d.server)
		l.put(bold, "server")
	} else {
		l.to(d.left)
		l.put(bold, "client")
		l.to(d.right + 1 - len("server"))
		l.put(bold, "server")
	}
	l.finish()
}

// legend says what stands below segments.
func (s *story) legend() {
	s.remark(dim, s.sign.note, []byte(view.BitsNote))
	if s.endpoints {
		s.remark(dim, s.sign.note, []byte(endpointsNote))
	}
}

// banner opens a connection: whose it is and between which sockets. Where one line
// has no room for both, the server has a line of its own.
func (s *story) banner(e *view.Entry) {
	l := &s.line
	l.reset()
	s.drawShaft(dim, 2)
	l.raw(plain, " ")
	putName(l, e.Client)
	s.value = append(decimal.AppendInt(append(s.value[:0], " (stream "...), int64(e.Event.Conversation.Stream)), ')')
	l.bytes(dim, s.value)
	l.raw(plain, "  client ")
	s.value = visible.Append(s.value[:0], e.ClientName(), l.set)
	l.bytes(view.OfX, s.value)
	const server = "  server "
	s.value = visible.Append(s.value[:0], e.ServerName(), l.set)
	if l.cut || l.col+len(server)+len(s.value) > s.ladder.width {
		l.finish()
		l.raw(plain, "    ")
	}
	l.raw(plain, server)
	l.bytes(view.OfY, s.value)
	l.raw(plain, " ")
	s.drawShaft(dim, max(s.ladder.width-l.col, 0))
	l.finish()
	if e.IsGuess() {
		s.remark(dim, s.sign.note, []byte(view.GuessNote))
	}
}

// call writes a socket call at the side of the one who makes it.
func (s *story) call(e *view.Entry) {
	l, d := &s.line, &s.ladder
	title, tone := e.AppendTitle(nil)
	text := visible.Append(nil, title, l.set)
	s.beginEntry()
	if e.Call.Role == dialogue.Client {
		s.drawClientState(e.Reached[conversation.Client])
		l.raw(plain, s.sign.fromLeft+" ")
		s.putInside(tone, text, width(text))
		s.endDetail()
		s.narrowStates(e.Reached)
		return
	}
	s.drawClientState(conversation.Unknown)
	l.raw(dim, s.sign.line)
	right := cut(string(text), d.inside()-2, l.set)
	l.to(d.right - 1 - width(right))
	l.raw(tone, right+" ")
	s.endLine(true, e.Reached[conversation.Server])
	s.narrowStates(e.Reached)
}

// ended sums a conversation up.
func (s *story) ended(e *view.Entry) {
	s.value = s.value[:0]
	if !s.several { // else every line says whose it is
		s.value = append(appendName(s.value, e.Client), ' ')
	}
	var tone view.Tone
	s.value, tone = e.AppendTitle(s.value)
	s.line.reset()
	s.remark(tone, s.sign.of(tone), s.value)
	for tone, text := range e.Remarks() {
		s.remark(tone, "", text)
	}
}

// notice writes what an entry without a picture says.
func (s *story) notice(e *view.Entry) {
	title, tone := e.AppendTitle(s.value[:0])
	s.value = title
	s.remark(tone, s.sign.of(tone), title)
}
