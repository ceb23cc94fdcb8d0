package page

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

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
