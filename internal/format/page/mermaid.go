package page

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// mermaidMost is how many characters Mermaid draws of one diagram at most
// (maxTextSize), less what an entry may have.
const mermaidMost = 50_000 - 4_000

// appendMermaid appends a text so that Mermaid takes none of it for its own signs:
// ";" ends a statement, "#" begins a comment, "%%{" a directive, ":" may end a
// keyword. What is not known to be harmless is written as an entity.
func appendMermaid(dst []byte, text string) []byte {
	for _, r := range string(visible.Append(nil, text, visible.Screen)) {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', '₀' <= r && r <= '₉',
			r < 0x80 && bytes.IndexByte([]byte(" .,+=()-/_!?*"), byte(r)) >= 0:
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(strconv.AppendInt(append(dst, '#'), int64(r), 10), ';')
		}
	}
	return dst
}

// Sequence draws the story, or the steps of handshakes, as a sequence diagram.
type Sequence struct {
	view    *view.View
	w       io.Writer
	teller  *view.Teller // of the story
	rows    view.RowMaker
	buf     []byte
	manner  *view.Manner
	fates   *view.Fates             // what became of the segments of the story
	signs   map[int]int             // where the sign of a frame's arrow stands
	known   map[view.Sockets]string // the ends of each connection, as participants
	first   string                  // of those
	last    string
	written int  // entries
	part    bool // it is written where there is more, too
	more    bool // there is more than it has room for
	early   bool // something was told before there was a connection
}

// Mermaid opens a diagram of Mermaid: a sequence diagram of the story or of
// handshakes, or the picture of a header.
func Mermaid(v *view.View, w io.Writer, o present.Options) present.Presenter {
	if v.Name == "header" {
		return &packet{w: w, tell: o.Tell}
	}
	return newSequence(v, w, o)
}

// Diagram opens a sequence diagram that is written as far as it goes where there is
// more than it has room for.
func Diagram(v *view.View, w io.Writer, o present.Options) *Sequence {
	s := newSequence(v, w, o)
	s.part = true
	return s
}

func newSequence(v *view.View, w io.Writer, o present.Options) *Sequence {
	s := &Sequence{view: v, w: w, known: map[view.Sockets]string{}, manner: o.Manner}
	if v.IsStory() {
		s.teller = view.NewTeller(o.Clients).In(o.Manner)
		s.fates, s.signs = view.NewFates(), map[int]int{}
	} else {
		s.rows = v.ReaderRows(o.Sorted, o.Clients)
	}
	return s
}

// Section implements Presenter.
func (s *Sequence) Section(title string) error {
	return errors.New(title + ": a diagram of Mermaid has no sections")
}

// Moment implements Presenter.
func (s *Sequence) Moment(m timeline.Moment) error {
	if s.teller == nil {
		return s.rows.Moment(&m, s.step)
	}
	e := s.teller.Tell(&m)
	if e == nil {
		return nil
	}
	var sockets view.Sockets
	switch {
	case e.Event != nil:
		c := e.Event.Conversation
		sockets = view.Sockets{Client: c.Ends[conversation.Client].AddrPort(), Server: c.Ends[conversation.Server].AddrPort()}
	case e.Call != nil && e.Call.Role == dialogue.Server:
		sockets = view.Sockets{Client: e.Call.Remote, Server: e.Call.Local}
	case e.Call != nil:
		sockets = view.Sockets{Client: e.Call.Local, Server: e.Call.Remote}
	}
	return s.add(e, sockets)
}

// step draws a step of a handshake.
func (s *Sequence) step(r *view.Row) error {
	r.Manner = s.manner
	c := r.Conversation
	return s.add(r.Entry(), view.Sockets{Client: c.Ends[conversation.Client].AddrPort(), Server: c.Ends[conversation.Server].AddrPort()})
}

// add draws an entry of a connection.
func (s *Sequence) add(e *view.Entry, sockets view.Sockets) error {
	if utf8.RuneCount(s.buf) > mermaidMost {
		s.more = true
		return &present.TooMuch{Format: "Mermaid", What: "characters of a diagram", Most: 50_000}
	}
	s.written++
	if s.fates != nil {
		s.fates.See(e)
	}
	if len(s.buf) == 0 {
		s.buf = append(s.buf, "sequenceDiagram\n    accTitle: TCP, segment by segment\n"...)
	}
	switch {
	case e.Kind == timeline.Segment:
		s.arrow(e, s.ends(e.Client, sockets))
	case e.Kind == timeline.Arrival:
		ends := s.ends(e.Client, sockets)
		s.note("over C"+ends+",S"+ends, titleOf(e))
		s.states(e, ends)
	case e.Kind == timeline.Call && sockets.Client.IsValid() && sockets.Server.IsValid():
		ends := s.ends(e.Client, sockets)
		who := "C" + ends
		if e.Call.Role == dialogue.Server {
			who = "S" + ends
		}
		s.note("over "+who, titleOf(e))
	default:
		s.note("", titleOf(e))
	}
	return nil
}

// ends names the participants of a client's connection, and declares them where it
// is new.
func (s *Sequence) ends(client int, of view.Sockets) string {
	name, known := s.known[of]
	if known {
		return name
	}
	name = strconv.Itoa(max(client, 1))
	s.known[of] = name
	s.first, s.last = cmp.Or(s.first, name), name
	for _, end := range [...]struct{ letter, role, socket string }{
		{"C", "client", string(s.manner.AppendSocket(nil, of.Client))}, {"S", "server", string(s.manner.AppendSocket(nil, of.Server))},
	} {
		s.buf = append(append(append(s.buf, "    participant "...), end.letter...), name...)
		s.buf = append(append(append(s.buf, " as "...), end.role...), "<br/>"...)
		s.buf = append(appendMermaid(s.buf, end.socket), '\n')
	}
	return name
}

// Drawn is how many entries it shows.
func (s *Sequence) Drawn() int { return s.written }

// The signs of arrows, of the same size: what became of a segment is known at the end.
const (
	arrives = "->>"
	isLost  = "-x " // ends in a cross
)

// arrow draws a segment, with what is in it below its title, and the states that
// it leads to.
func (s *Sequence) arrow(e *view.Entry, ends string) {
	a := arrowOf(e)
	from, to := "C"+ends, "S"+ends
	if a.from == conversation.Server {
		from, to = to, from
	}
	s.buf = append(append(s.buf, "    "...), from...)
	if s.signs != nil {
		s.signs[e.FrameNumber()] = len(s.buf)
	}
	s.buf = append(append(append(s.buf, arrives...), to...), ": "...)
	s.buf = appendMermaid(s.buf, a.title)
	for _, line := range a.under {
		s.buf = appendMermaid(append(s.buf, "<br/>"...), line.text)
	}
	s.buf = append(s.buf, '\n')
	s.states(e, ends)
	if lines := remarksOf(e); len(lines) > 0 {
		s.note("over C"+ends+",S"+ends, lines)
	}
}

// states notes the states that an entry leads to.
func (s *Sequence) states(e *view.Entry, ends string) {
	states := statesText(e.Reached)
	for side, letter := range [...]string{"C", "S"} {
		if states[side] != "" {
			s.note("over "+letter+ends, []labelled{{view.Plain, states[side]}})
		}
	}
}

// note writes lines over participants; over all that there are where place is
// empty.
func (s *Sequence) note(place string, lines []labelled) {
	if place == "" {
		place = s.everyone()
	}
	s.buf = append(append(append(s.buf, "    Note "...), place...), ": "...)
	for i, line := range lines {
		if i > 0 {
			s.buf = append(s.buf, "<br/>"...)
		}
		s.buf = appendMermaid(s.buf, line.text)
	}
	s.buf = append(s.buf, '\n')
}

// everyone is all participants. Before there is one, what is told stands over the
// capture.
func (s *Sequence) everyone() string {
	if s.last != "" {
		return "over C" + s.first + ",S" + s.last
	}
	if !s.early {
		s.early = true
		s.buf = append(s.buf, "    participant L as capture\n"...)
	}
	return "over L"
}

// Close implements Presenter.
func (s *Sequence) Close() error {
	if s.rows != nil && !s.more {
		if err := view.Finish(s.rows, s.step); err != nil && !s.part {
			return err
		}
	}
	if s.more && !s.part {
		return nil
	}
	for frame, at := range s.signs {
		if s.fates.Of(frame).IsLost() {
			copy(s.buf[at:], isLost)
		}
	}
	if len(s.buf) == 0 {
		s.buf = append(s.buf, "sequenceDiagram\n    participant L as capture\n    Note over L: nothing to show\n"...)
	}
	_, err := s.w.Write(s.buf)
	return err
}

// packet draws the header of one segment, bit by bit: the first that it is given.
type packet struct {
	w     io.Writer
	tell  func(string)
	first int // frame number
	more  int // segments beside it
	buf   []byte
}

// Section implements Presenter.
func (p *packet) Section(title string) error {
	return errors.New(title + ": a diagram of Mermaid has no sections")
}

// Moment implements Presenter.
func (p *packet) Moment(m timeline.Moment) error {
	return view.Named("segments").Rows().Moment(&m, func(r *view.Row) error {
		if p.buf != nil {
			p.more++
			return nil
		}
		p.first = r.Segment.Number
		p.buf = appendPacket(nil, r)
		return nil
	})
}

// Close implements Presenter.
func (p *packet) Close() error {
	if p.more > 0 && p.tell != nil {
		p.tell(fmt.Sprintf("a diagram of Mermaid shows one header: that of #%d; --frame chooses another, --format markdown --diagram draws all", p.first))
	}
	if p.buf == nil {
		p.buf = []byte("packet-beta\n    0-31: \"no segment\"\n")
	}
	_, err := p.w.Write(p.buf)
	return err
}

// appendPacket appends the picture of a header. The spelling packet-beta is the
// one that Mermaid has had from the first such diagram on.
func appendPacket(dst []byte, r *view.Row) []byte {
	title, _ := r.Entry().AppendTitle(nil)
	dst = append(dst, "---\ntitle: \"#"...)
	dst = append(strconv.AppendInt(dst, int64(r.Segment.Number), 10), ' ')
	dst = append(dst, title...) // of our own making: flags and a number of bytes
	dst = append(dst, "\"\nconfig:\n  packet:\n    bitWidth: 48\n---\npacket-beta\n"...)
	for _, p := range gridOf(fieldsOf(r), 32) {
		dst = append(strconv.AppendInt(append(dst, "    "...), int64(p.first), 10), '-')
		dst = append(strconv.AppendInt(dst, int64(p.last), 10), ": \""...)
		dst = append(appendQuoted(dst, p.label()), "\"\n"...)
	}
	return dst
}

// label is what stands in a piece of the grid.
func (p *piece) label() string {
	switch {
	case p.continued:
		return "…"
	case p.value == "":
		return p.name
	case p.last == p.first:
		return p.name + " " + p.value
	}
	return p.name + " = " + p.value
}

// appendQuoted appends a text fit for a label of a packet diagram, where a quote
// ends it and a backslash is lost.
func appendQuoted(dst []byte, text string) []byte {
	for _, r := range string(visible.Append(nil, text, visible.Screen)) {
		switch r {
		case '"':
			dst = append(dst, '\'')
		case '\\':
			dst = append(dst, '/')
		default:
			dst = append(dst, string(r)...)
		}
	}
	return dst
}

// AppendPacketFence appends the picture of the header that a row is of, for a page
// of Markdown.
func AppendPacketFence(dst []byte, r *view.Row) []byte {
	return append(appendPacket(append(dst, "```mermaid\n"...), r), "```\n\n"...)
}
