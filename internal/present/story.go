package present

import (
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// story draws the ladder: the client's lifeline at the left, the server's at
// the right, between them what goes over the wire, and at each side the calls
// and states of that end. Every moment is one Write.
type story struct {
	w      io.Writer
	sign   signs
	clock  clock
	width  int
	ladder ladder
	laid   laid // what it is made for
	line   line
	m      timeline.Moment // the present one
	value  []byte          // room for what is put together before it is placed
	why    []byte
	seq    equation // of the present segment
	ack    equation
	bits   []byte
	whose  int // the label of the client that a line is about; 0 for none
	began  bool
	fenced bool // in a fenced block of Markdown

	tenfold   int             // the first frame number, a power of ten, that has no room
	talks     map[int]*talk   // by stream
	recent    [64]*talk       // those that were met last, by a part of the stream's number
	labels    map[sockets]int // label of the client by its connection
	inUse     map[int]int     // how many conversations that are not over have a label
	lastLabel int             // the largest label given
	forms     *forms
	drawing   *form              // the one that is drawn anew
	names     *names             // of clients
	several   bool               // more than one client has been seen
	tellsEnds bool               // Options.Endpoints
	explained bool               // what ? behind a state means has been said
	dashes    string             // many of them
	beside    []byte             // of the sentence, what is still to be written
	sentence  []byte             // room for it
	sideStyle string             // of the sentence
	opened    map[sockets]int    // connections whose banner has been written, with 1 + the stream it was for; 0 before there was one
	listening map[string]bool    // sockets known to listen
	waiting   map[int]*talkState // states told by calls of clients whose SYN is still to come, by label
}

// laid is what decides where the parts of the story stand, and which there are.
type laid struct {
	frame, label int  // digits of frame numbers, length of labels
	several      bool // clients: then every line says whose it is
}

func openStory(_ *View, w io.Writer, o Options) Presenter { return newStory(w, o) }

func openStoryMarkdown(_ *View, w io.Writer, o Options) Presenter {
	o.Color = false
	s := newStory(w, o)
	s.fenced = true
	return s
}

func newStory(w io.Writer, o Options) *story {
	s := &story{w: w, forms: new(forms), names: new(names), sign: *signsOf(o), width: o.width(), tellsEnds: o.Endpoints, tenfold: 1000, several: o.Clients > 1,
		talks: map[int]*talk{}, labels: map[sockets]int{}, inUse: map[int]int{},
		opened: map[sockets]int{}, listening: map[string]bool{}, waiting: map[int]*talkState{}}
	s.line = line{width: s.width, color: o.Color, set: o.charset()}
	s.dashes = strings.Repeat(s.sign.dash, s.width)
	s.layOut()
	return s
}

// Shows tells whether a moment is seen in the story, so that a paced story
// does not wait for one that is not.
func (s *story) Shows(m timeline.Moment) bool {
	return m.Kind != timeline.Call || callShown(m.Call)
}

// Moment implements Presenter.
func (s *story) Moment(moment timeline.Moment) error {
	s.m = moment // a copy that lives here need not be made anew for each
	m := &s.m
	s.clock.see(m)
	if !s.Shows(moment) {
		return nil
	}
	s.line.drop()
	s.beside, s.whose = nil, 0
	s.fit(m)
	s.begin()
	switch m.Kind {
	case timeline.Segment:
		s.segment(m)
	case timeline.Call:
		s.call(m)
	case timeline.Ended:
		s.ended(m)
	case timeline.Quote:
		s.quote(m)
	case timeline.Undecoded:
		s.undecoded(m)
	case timeline.Note:
		s.remark(plain, s.sign.note, m.Text)
	}
	return s.write()
}

// Close implements Presenter.
func (s *story) Close() error {
	s.line.drop()
	if s.fenced {
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

// fit lays the ladder out again where a frame number or a label needs room.
func (s *story) fit(m *timeline.Moment) {
	n := frameOf(m)
	if n < s.tenfold {
		return
	}
	for n >= s.tenfold {
		s.tenfold *= 10
	}
	s.layOut()
}

// frameOf is the frame number of a moment, 0 for none.
func frameOf(m *timeline.Moment) int {
	if m.Event != nil {
		return m.Event.Segment.Number
	}
	return m.Frame
}

// layOut lays the ladder out for the digits and labels there are.
func (s *story) layOut() {
	now := laid{decimal.Digits(uint64(s.tenfold - 1)), len("C") + decimal.Digits(uint64(max(s.lastLabel, 1))), s.several}
	if now != s.laid {
		s.laid, s.ladder = now, layOut(s.width, now.frame, now.label)
		*s.forms, *s.names = forms{}, names{}
	}
}

// begin writes the head before the first moment.
func (s *story) begin() {
	if s.began {
		return
	}
	s.began = true
	l, d := &s.line, &s.ladder
	if s.fenced {
		l.raw(plain, "```text")
		l.finish()
	}
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
	if s.tellsEnds {
		s.remark(dim, s.sign.note, endpointsNote)
	}
}

// banner opens a conversation, once: whose it is and between which sockets.
// Before its first segment there is no conversation yet, c is nil.
func (s *story) banner(label int, k sockets, c *conversation.Conversation) {
	stream := 0
	if c != nil {
		stream = c.Stream + 1
	}
	before, known := s.opened[k]
	s.opened[k] = stream
	if known && (before == 0 || before == stream) {
		return
	}
	l := &s.line
	l.reset()
	s.shaft(dim, 2)
	l.raw(plain, " ")
	writeName(l, label)
	l.raw(plain, "  client ")
	s.value = k.client.AppendTo(s.value[:0])
	l.bytes(blue, s.value)
	if s.ladder.width < 74 { // the server's address on a line of its own
		l.finish()
		l.raw(plain, "      server ")
	} else {
		l.raw(plain, "  server ")
	}
	s.value = k.server.AppendTo(s.value[:0])
	l.bytes(orange, s.value)
	if c != nil {
		s.value = decimal.AppendInt(append(s.value[:0], "  stream "...), int64(c.Stream))
		l.bytes(dim, s.value)
	}
	l.raw(plain, " ")
	s.shaft(dim, max(s.ladder.width-l.col, 0))
	l.finish()
	if c != nil && c.Guessed {
		s.remark(dim, s.sign.note, "capture began late: no SYN was seen, so who is the client is a guess; c and s are the first numbers seen of client and server")
	}
}
