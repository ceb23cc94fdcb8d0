package page

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
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
	over          []byte  // what is drawn over the lifelines
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
		l.y += 4
		l.note(r.tone, sign(r.tone), r.title)
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

// state writes a state that an end has reached beside its lifeline.
func (l *ladder) state(side int, y float64, state string) {
	f := face{ordinary, colors[view.Good], true, atStart}
	if len(state) > 0 && state[len(state)-1] == '?' {
		f.color, f.bold = colors[view.Quiet], false
	}
	x := l.right + gap
	if side == int(conversation.Client) {
		x, f.at = l.left-gap, atEnd
	}
	l.text(x, y, f, state)
}

// segment draws a segment as an arrow, and below it what its header says.
func (l *ladder) segment(r *rung) {
	if r.before != [2]string{} {
		for side, state := range r.before {
			l.state(side, l.y+16, state)
		}
		l.y += 20
	}
	l.tag("<g><title>")
	l.buf = appendEscaped(l.buf, r.sentence)
	l.tag("</title>\n")
	start := l.y + 27
	end := start
	if r.timed {
		end += slant
	}
	l.lead(r, start+5)
	l.state(int(r.sender), start+5, r.states[r.sender])
	l.state(int(r.sender.Other()), end+5, r.states[r.sender.Other()])
	l.arrow(r, start, end)
	l.y = end + 2
	for i := range r.details {
		l.detail(&r.details[i])
	}
	if text := string(r.fate.AppendText(nil)); text != "" {
		l.note(toneOfFate(r.fate), "✗", text)
	}
	for _, is := range r.remarks {
		l.note(is.tone, sign(is.tone), is.text)
	}
	if len(r.proof) > 0 {
		l.proof(r.proof)
	}
	l.y += 8
	l.tag("</g>\n")
}

// toneOfFate is red where it is shown that a segment was lost.
func toneOfFate(f view.Fate) view.Tone {
	if f.IsLost() {
		return view.Bad
	}
	return view.Remarked
}

// arrow draws the way of a segment. One that was lost ends in a cross, and where that
// is not shown, in a cross with a question mark.
func (l *ladder) arrow(r *rung, y1, y2 float64) {
	x1, x2 := l.left, l.right
	if r.sender == conversation.Server {
		x1, x2 = x2, x1
	}
	color := colors[r.tone]
	l.tag(`<circle cx="%" cy="%" r="4" fill="`+color+"\"/>\n", x1, y1)
	if r.fate.Kind == view.Arrives {
		l.line(x1, y1, x2, y2, 2, color, "")
		l.head(x1, y1, x2, y2, color)
	} else {
		const way = 0.84
		x, y := x1+way*(x2-x1), y1+way*(y2-y1)
		color := colors[toneOfFate(r.fate)]
		l.line(x1, y1, x, y, 2, color, ` stroke-dasharray="9 6"`)
		l.cross(x, y, color)
		if !r.fate.IsLost() {
			l.text(x+(x2-x1)*0.05, y+7, face{large, color, true, atMiddle}, "?")
		}
	}
	l.text((x1+x2)/2, (y1+y2)/2-11, face{large, colors[r.tone], true, atMiddle}, fit(r.title, large, 0.6*(l.right-l.left)))
}

// detail writes a part of a segment: its name, its bits, its value, and why that is so.
func (l *ladder) detail(d *detail) {
	l.y += leading
	quiet := face{ordinary, colors[view.Quiet], false, atStart}
	l.text(l.left+indent, l.y, quiet, d.name)
	l.text(l.left+indent+widthOf("flags ", ordinary), l.y, quiet, d.bits)
	value := face{ordinary, colors[d.tone], false, atStart}
	switch x := l.left + l.value; d.name {
	case "flags":
		l.bits(x, l.y, value, d.value)
	case "data":
		room := l.right - x - indent - 2*ordinary
		l.text(x, l.y, face{ordinary, ink, false, atStart}, `"`+fit(d.value, ordinary, room)+`"`)
	default:
		l.text(x, l.y, value, d.value)
		reason := d.reason
		if d.sum {
			reason = "= " + reason
		} else {
			value = quiet
		}
		l.text(l.left+l.reason, l.y, value, fit(reason, ordinary, l.right-l.left-l.reason-indent/2))
	}
}

// note writes a text between the lifelines, behind a sign.
func (l *ladder) note(tone view.Tone, sign, text string) {
	const hang = 22
	f := face{ordinary - 1, colors[tone], false, atStart}
	for i, line := range wrap(text, f.size, l.right-l.left-2*indent-hang, 8) {
		l.y += leading - 1
		if i == 0 {
			l.text(l.left+indent, l.y, f, sign)
		}
		l.text(l.left+indent+hang, l.y, f, line)
	}
}

// sign stands before a text of a tone, so that colour is not all that tells it.
func sign(tone view.Tone) string {
	switch tone {
	case view.Good:
		return "✓"
	case view.Bad:
		return "✗"
	case view.Remarked:
		return "!"
	}
	return "•"
}

// proof says that the handshake is complete, and how that is known.
func (l *ladder) proof(lines []string) {
	l.y += 12
	height := leading*float64(len(lines)) + 8
	l.tag(`<rect x="%" y="%" width="%" height="%" rx="5" fill="`+ground+`" stroke="`+colors[view.Good]+"\"/>\n",
		l.left+indent, l.y, l.right-l.left-2*indent, height)
	for i, line := range lines {
		if i == 0 {
			line = "✓ " + line
		}
		l.text((l.left+l.right)/2, l.y+leading*float64(i)+20, face{ordinary, colors[view.Good], i == 0, atMiddle},
			fit(line, ordinary, l.right-l.left-2*indent-gap))
	}
	l.y += height
}

// call writes a socket call at the lifeline of the end that makes it.
func (l *ladder) call(r *rung) {
	y := l.y + 20
	l.lead(r, y)
	for side, state := range r.states {
		l.state(side, y, state)
	}
	x, f := l.left, face{ordinary, colors[r.tone], false, atStart}
	to := x + gap
	if r.from == dialogue.Server {
		x, f.at = l.right, atEnd
		to = x - gap
	}
	l.tag(`<circle cx="%" cy="%" r="4" fill="`+f.color+"\"/>\n", x, y-5)
	l.text(to, y, f, fit(r.title, ordinary, l.right-l.left-3*gap))
	l.y += 26
}

// ended sums a conversation up.
func (l *ladder) ended(r *rung) {
	l.y += 12
	text := sign(r.tone) + " " + r.title
	if l.several {
		text = clientText(r.client) + " " + text
	}
	l.band(append([]remark{{r.tone, text}}, r.remarks...)...)
}
