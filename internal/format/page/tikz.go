package page

import (
	"fmt"
	"io"
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// tikz draws the story as ladders, each of a page at most.
type tikz struct {
	latex
	teller  *view.Teller
	fates   *view.Fates
	count   int
	live    bool
	page    []byte      // the ladder that is open
	heads   []arrowHead // of that
	ladders []ladderPage
	y       float64 // how far down the ladder is, in centimetres
	open    bool
}

// ladderPage is a ladder that waits to be written.
type ladderPage struct {
	body  []byte
	heads []arrowHead
	y     float64 // how far down it goes
}

const (
	laddersMost = 64      // that wait
	fatesMost   = 100_000 // segments of which it is known what became of them
)

// arrowHead is where the arrow of a frame ends.
type arrowHead struct {
	frame int
	x, y  float64
}

// The ladder, in centimetres: where the life lines are, and how high a page is.
const (
	clientLine = 0.0
	serverLine = 11.0
	pageHeight = 16.0
	lineHeight = 0.42
)

// LaTeXStory opens the story as ladders.
func LaTeXStory(_ *view.View, w io.Writer, o present.Options) present.Presenter {
	return &tikz{latex: latex{w: w}, teller: view.NewTeller(o.Clients).In(o.Manner), fates: view.NewFates(), live: o.Live}
}

// Moment implements Presenter.
func (t *tikz) Moment(m timeline.Moment) error {
	e := t.teller.Tell(&m)
	if e == nil {
		return nil
	}
	t.begin()
	if t.count++; t.count > fatesMost {
		t.fates = nil // which grow with what they know
	} else {
		t.fates.See(e)
	}
	t.buf = t.buf[:0]
	switch e.Kind {
	case timeline.Segment:
		t.room(2.6)
		t.banner(e)
		t.states(e.Before)
		t.segment(e)
	case timeline.Call:
		t.room(1)
		t.banner(e)
		t.call(e)
	default:
		t.room(1)
		t.states(e.Reached) // where a segment arrives
		t.lines(titleOf(e))
	}
	t.page = append(t.page, t.buf...)
	return t.write()
}

// room begins a ladder where there is none, or the one that there is has no room
// for so much more.
func (t *tikz) room(height float64) {
	if t.open && t.y+height > pageHeight {
		t.close()
	}
	if !t.open {
		t.open, t.y = true, 0.5
		t.buf = fmt.Appendf(t.buf, "\\begin{tikzpicture}[x=1cm,y=-1cm,>=latex,font=\\footnotesize]\n"+
			"\\node[anchor=south,text=labx,font=\\bfseries\\footnotesize] at (%g,0) {client};\n"+
			"\\node[anchor=south,text=laby,font=\\bfseries\\footnotesize] at (%g,0) {server};\n", clientLine, serverLine)
	}
}

// close ends the ladder. It is written when it is known what became of its segments,
// or there are many behind it.
func (t *tikz) close() {
	if !t.open {
		return
	}
	t.open = false
	t.ladders = append(t.ladders, ladderPage{t.page, t.heads, t.y})
	t.page, t.heads = nil, nil
	if t.live || len(t.ladders) > laddersMost {
		t.flush()
	}
}

// flush writes the first of the ladders that wait, with a cross where a segment was
// lost, and the life lines behind all that was drawn.
func (t *tikz) flush() {
	l := t.ladders[0]
	t.ladders = t.ladders[1:]
	b := l.body
	for _, head := range l.heads {
		if t.fates != nil && t.fates.Of(head.frame).IsLost() {
			b = fmt.Appendf(b, "\\node[text=labbad,fill=white,inner sep=0pt,font=\\Large] at (%g,%.2f) {$\\times$};\n", head.x, head.y)
		}
	}
	t.out.Write(fmt.Appendf(b, "\\draw[labquiet] (%g,0) -- (%g,%.2f) (%g,0) -- (%g,%.2f);\n\\end{tikzpicture}\\par\\medskip\n",
		clientLine, clientLine, l.y, serverLine, serverLine, l.y))
}

// node writes a text at a place, with an anchor and the width that it may take.
func (t *tikz) node(x float64, anchor string, tone view.Tone, text string) {
	t.buf = fmt.Appendf(t.buf, "\\node[anchor=%s,inner sep=2pt] at (%g,%.2f) {", anchor, x, t.y)
	t.buf = append(appendToned(t.buf, tone, []byte(text)), "};\n"...)
}

// banner opens a connection: between which sockets.
func (t *tikz) banner(e *view.Entry) {
	if e.Opens == nil {
		return
	}
	t.y += lineHeight / 2
	text := "client " + e.ClientName() + ", server " + e.ServerName()
	if e.Event != nil {
		text += ", stream " + strconv.Itoa(e.Event.Conversation.Stream)
	}
	if t.teller.HasSeveralClients() {
		text = "C" + strconv.Itoa(e.Client) + ": " + text
	}
	t.boxed(view.Strong, text)
	if e.IsGuess() {
		t.boxed(view.Quiet, view.GuessNote)
	}
}

// boxed writes a text between the life lines, on white.
func (t *tikz) boxed(tone view.Tone, text string) {
	t.buf = fmt.Appendf(t.buf, "\\node[fill=white,inner sep=1.5pt,align=center,text width=%gcm] at (%g,%.2f) {",
		serverLine-clientLine-0.6, (clientLine+serverLine)/2, t.y)
	t.buf = append(appendToned(t.buf, tone, []byte(cut(text, 240))), "};\n"...)
	t.y += lineHeight * float64(1+len(text)/85)
}

// states writes the states that are new, at their life lines.
func (t *tikz) states(states view.States) {
	texts := statesText(states)
	if texts == [2]string{} {
		return
	}
	if texts[0] != "" {
		t.node(clientLine, "east", view.Good, texts[0])
	}
	if texts[1] != "" {
		t.node(serverLine, "west", view.Good, texts[1])
	}
}

// segment draws an arrow, slanted as time passes on the way, with what is in the
// segment below it.
func (t *tikz) segment(e *view.Entry) {
	a := arrowOf(e)
	from, to, sign := clientLine, serverLine, 0
	if a.from == conversation.Server {
		from, to, sign = serverLine, clientLine, 1
	}
	title := cut(a.title, 90)
	if t.teller.HasSeveralClients() {
		title = "C" + strconv.Itoa(e.Client) + " " + title
	}
	t.y += lineHeight
	const slant = 0.25
	if e.Way() == view.Lost { // as far as it gets, and a cross
		const way = 0.8
		t.node(from+way*(to-from), "center", view.Bad, "×")
		to = from + way*(to-from)*0.97
	}
	t.buf = fmt.Appendf(t.buf, "\\draw[->,thick] (%g,%.2f) -- node[sloped,above,inner sep=1.5pt] {", from, t.y)
	t.buf = appendToned(t.buf, e.Tone(), []byte(title))
	t.buf = fmt.Appendf(t.buf, "} (%g,%.2f);\n", to, t.y+slant)
	t.heads = append(t.heads, arrowHead{e.FrameNumber(), to + 0.06*(from-to), t.y + 0.94*slant})
	if e.Timed {
		side, x := "east", clientLine-2.9
		t.node(x, side, view.Quiet, string(view.AppendMs(nil, e.Since))+" ms")
	}
	states := statesText(e.Reached)
	anchors := [2]string{"east", "west"}
	for side, x := range [2]float64{clientLine, serverLine} {
		if states[side] == "" {
			continue
		}
		y := t.y
		if side != sign {
			t.y += slant
		}
		t.node(x, anchors[side], view.Good, states[side])
		t.y = y
	}
	t.y += slant + lineHeight*0.8
	for _, line := range a.under {
		t.buf = fmt.Appendf(t.buf, "\\node[anchor=west,inner sep=1pt,font=\\scriptsize] at (%g,%.2f) {", clientLine+0.6, t.y)
		t.buf = append(appendToned(t.buf, line.tone, []byte(cut(line.text, 130))), "};\n"...)
		t.y += lineHeight * 0.8
	}
	t.lines(remarksOf(e))
}

// call writes a socket call at the side of the one who makes it.
func (t *tikz) call(e *view.Entry) {
	t.states(e.Reached)
	title, tone := e.AppendTitle(nil)
	x, anchor := clientLine+0.1, "west"
	if e.Call.Role == dialogue.Server {
		x, anchor = serverLine-0.1, "east"
	}
	t.node(x, anchor, tone, cut(string(title), 90))
	t.y += lineHeight
}

// lines writes lines between the life lines.
func (t *tikz) lines(lines []labelled) {
	for i, line := range lines {
		if i == 0 {
			t.y += lineHeight / 3
		}
		t.boxed(line.tone, line.text)
	}
}

// Close implements Presenter.
func (t *tikz) Close() error {
	t.begin()
	t.close()
	for len(t.ladders) > 0 {
		t.flush()
	}
	return t.end()
}
