package page

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// ladder draws rungs between two lifelines: the client's at the left, the server's at
// the right. How wide its columns are follows from what stands in them.
type ladder struct {
	drawing
	rungs   []rung
	several bool // clients: each rung says whose it is
	single  *opening

	time, frame   float64 // where these columns end
	name          float64 // where clients' names begin
	left, right   float64 // the lifelines
	width         float64
	y             float64
	bottom        float64 // where the lifelines end
	value, reason float64 // where these begin, from the left lifeline on
}

const (
	margin = 24.0
	gap    = 14.0 // between columns
	indent = 20.0 // of details, from the lifeline on
	slant  = 20.0 // how far down an arrow ends: a segment arrives later than it leaves
)

// newLadder finds the columns.
func newLadder(list []rung, several bool) *ladder {
	l := &ladder{rungs: list, several: several}
	l.single = singleOpening(list)
	var time, frame, name, states, inside float64
	l.value = indent + widthOf("flags 104-111 ", ordinary)
	l.reason = l.value + widthOf("4294967295 ", ordinary) + 4
	for i := range list {
		r := &list[i]
		time = max(time, widthOf(r.since, ordinary))
		frame = max(frame, widthOf(frameText(r.frame), ordinary))
		if several {
			name = max(name, widthOf(clientText(r.client), ordinary))
		}
		for _, state := range [...]string{r.before[0], r.before[1], r.states[0], r.states[1]} {
			states = max(states, widthOf(state, ordinary))
		}
		switch r.kind {
		case timeline.Segment:
			inside = max(inside, widthOf(r.title, large)/0.6)
		case timeline.Call:
			inside = max(inside, min(widthOf(r.title, ordinary)+3*gap, 620))
		}
		for _, d := range r.details {
			if d.name == "data" {
				l.value = max(l.value, indent+widthOf("flags "+d.bits+" ", ordinary))
				inside = max(inside, min(l.value+widthOf(d.value, ordinary)+indent+2*ordinary, 620))
			}
			inside = max(inside, l.reason+widthOf("= "+d.reason, ordinary)+indent)
		}
	}
	l.reason = max(l.reason, l.value+widthOf("4294967295 ", ordinary)+4)
	box := 0.0
	if l.single != nil {
		box = max(widthOf(l.single.client, small), widthOf(l.single.server, small)) + 2*gap
	}
	inside = max(min(inside, 760), 480, box+gap)
	l.time = margin + time
	l.frame = l.time + gap + frame
	l.name = l.frame + gap
	l.left = max(l.name+name+gap+states+gap, l.name+name+box/2)
	l.right = l.left + inside
	l.width = l.right + max(gap+states, box/2) + margin
	return l
}

// singleOpening is the connection that all is about; nil where there are several, or
// none.
func singleOpening(list []rung) (single *opening) {
	for i := range list {
		if o := list[i].opens; o != nil {
			if single != nil && (single.client != o.client || single.server != o.server) {
				return nil
			}
			single = o
		}
	}
	return single
}

func frameText(frame int) string {
	if frame == 0 {
		return ""
	}
	return strconv.Itoa(frame)
}

func clientText(number int) string {
	if number == 0 {
		return ""
	}
	return "C" + strconv.Itoa(number)
}

// draw draws all, below what stands at a height, and returns where it ends.
func (l *ladder) draw(y float64) float64 {
	l.y = y
	top := l.heads()
	rails := drawing{}
	l.buf, rails.buf = rails.buf, l.buf
	for i := range l.rungs {
		l.rung(&l.rungs[i])
		if kind := l.rungs[i].kind; kind != timeline.Ended && kind != timeline.Note {
			l.bottom = l.y
		}
	}
	content := l.buf
	l.buf = rails.buf
	l.line(l.left, top, l.left, l.bottom, 2, rail, "")
	l.line(l.right, top, l.right, l.bottom, 2, rail, "")
	l.buf = append(l.buf, content...)
	return l.y
}

// heads draws whose the lifelines are, and returns where those begin.
func (l *ladder) heads() (top float64) {
	caption := face{small, colors[view.Quiet], false, atEnd}
	l.text(l.time, l.y+20, caption, "ms")
	l.text(l.frame, l.y+20, caption, "#")
	for side, x := range [...]float64{l.left, l.right} {
		name := conversation.Side(side).String()
		height, width := 30.0, widthOf(name, large)+2*gap
		if l.single != nil {
			height, width = 50, max(width, widthOf(l.address(side), small)+2*gap)
		}
		l.box(x-width/2, l.y, width, height, shade, rail)
		l.text(x, l.y+21, face{large, ink, true, atMiddle}, name)
		if l.single != nil {
			l.text(x, l.y+41, face{small, colors[view.OfX+view.Tone(side)], false, atMiddle}, l.address(side))
		}
		top = l.y + height
	}
	l.y = top + 8
	return top
}

func (l *ladder) address(side int) string {
	if side == int(conversation.Server) {
		return l.single.server
	}
	return l.single.client
}

// rung draws one of them.
func (l *ladder) rung(r *rung) {
	if r.pause != "" {
		l.pause(r.pause)
	}
	if r.opens != nil && l.single == nil {
		l.banner(r)
	}
	switch r.kind {
	case timeline.Segment:
		l.segment(r)
	case timeline.Call:
		l.call(r)
	case timeline.Ended:
		l.ended(r)
	default:
		l.lead(r, l.y+leading+3)
		for side, state := range r.states { // where a segment arrives
			l.state(side, l.y+leading+3, state)
		}
		l.y += 4
		l.note(r.tone, sign(r.tone), r.title)
		if len(r.proof) > 0 {
			l.proof(r.proof)
		}
		l.y += 4
	}
}

// pause says that nothing happened for a while; the lifelines are broken there.
func (l *ladder) pause(text string) {
	l.y += 6
	for _, x := range [...]float64{l.left, l.right} {
		l.tag(`<rect x="%" y="%" width="6" height="24" fill="`+ground+"\"/>\n", x-3, l.y)
		l.line(x, l.y+2, x, l.y+24, 2.5, rail, ` stroke-dasharray="2.5 4.5"`)
	}
	l.text((l.left+l.right)/2, l.y+17, face{small + 1, colors[view.Quiet], false, atMiddle}, text)
	l.y += 30
}

// banner says between which sockets a connection is, where there are several.
func (l *ladder) banner(r *rung) {
	text := clientText(r.client) + " (stream " + strconv.Itoa(r.opens.stream) + ")  client " + r.opens.client + "  server " + r.opens.server
	l.y += 10
	l.band(remark{view.Plain, text})
	if r.opens.guess {
		l.note(view.Quiet, "•", view.GuessNote)
	}
}

// band writes texts over the whole width, on a ground of their own.
func (l *ladder) band(texts ...remark) {
	type line struct {
		tone view.Tone
		text string
	}
	var lines []line
	for _, is := range texts {
		for _, text := range wrap(is.text, ordinary, l.width-2*margin-2*gap, 12) {
			lines = append(lines, line{is.tone, text})
		}
	}
	l.box(margin, l.y, l.width-2*margin, leading*float64(len(lines))+12, shade, "")
	for i, line := range lines {
		l.text(margin+gap, l.y+leading*float64(i)+21, face{ordinary, colors[line.tone], line.tone == view.Good || line.tone == view.Bad, atStart}, line.text)
	}
	l.y += leading*float64(len(lines)) + 20
}

// lead writes when it was, in which frame, and whose it is.
func (l *ladder) lead(r *rung, y float64) {
	l.text(l.time, y, face{ordinary, colors[view.Quiet], false, atEnd}, r.since)
	l.text(l.frame, y, face{ordinary, ink, true, atEnd}, frameText(r.frame))
	if l.several {
		l.text(l.name, y, face{ordinary, colorOfClient(r.client), true, atStart}, clientText(r.client))
	}
}
