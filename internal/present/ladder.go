package present

import "github.com/handshake-lab/handshake-lab/decode/conversation"

// ladder is where the parts of the story stand, in columns from 0.
type ladder struct {
	width int // of the picture; what explains it stands beside it

	time, frame, who int // where these columns end
	client           int // state of the client; -1 where there is no room at the side
	left, right      int // the two lifelines
	server           int // state of the server
	beside           int // where the sentence stands; 0 for nowhere
	full             int // the whole line's width
}

const (
	stateWidth = 12 // SYN-RECEIVED, the longest
	minBeside  = 120
)

// layOut makes the ladder for a width, with room for frame numbers of some
// digits and for labels of some length.
func layOut(width, digits, label int) ladder {
	l := ladder{width: width, full: width, client: -1, server: -1}
	if width >= minBeside {
		l.width = min(100, 80+(width-minBeside)/2)
		l.beside = l.width + 2
	}
	l.width = min(l.width, 100)
	switch {
	case l.width >= 74:
		l.time = 8
	case l.width >= 52:
		l.time = 8
	default:
		l.time = 7
		digits = max(digits-1, 2)
	}
	l.frame = l.time + 1 + digits
	l.who = l.frame + 1 + label
	if l.width >= 74 {
		l.client = l.who + 1
		l.left = l.client + stateWidth
		l.server = l.width - stateWidth
		l.right = l.server - 2
		return l
	}
	l.left = l.who + 1
	l.right = l.width - 1
	return l
}

// inside is how many columns lie between the lifelines.
func (l *ladder) inside() int { return l.right - l.left - 1 }

// isNarrow tells that there are no columns between the lifelines.
func (l *ladder) isNarrow() bool { return l.inside() < 30 }

// value is where a number begins.
func (l *ladder) value() int {
	if l.isNarrow() {
		return l.left + 1 + len("seq 32-63 ")
	}
	return l.left + 1 + openingWidth
}

// openingWidth is for what a detail is, and its bits.
const openingWidth = 15

// signs are the characters the ladder is drawn with.
type signs struct {
	line, fromLeft, toRight, fromRight, toLeft, dash, proved, bad, note string
}

// verdict is how a verdict is shown: green only what is fine, red only what went
// wrong, each with a sign of its own.
func (s *signs) verdict(v *conversation.Verdict) (style, sign string) {
	switch v.Mood() {
	case conversation.Good:
		return green, s.proved
	case conversation.Neutral:
		return plain, s.note
	}
	return red, s.bad
}

// signsOf are those that there are characters for.
func signsOf(o Options) *signs {
	if o.ASCII {
		return &typed
	}
	return &drawn
}

var (
	drawn = signs{line: "│", fromLeft: "├", toRight: "▶", fromRight: "┤", toLeft: "◀", dash: "─", proved: "✓", bad: "✗", note: "•"}
	typed = signs{line: "|", fromLeft: "|", toRight: ">", fromRight: "|", toLeft: "<", dash: "-", proved: "*", bad: "!", note: "-"}
)
