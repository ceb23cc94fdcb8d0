package text

// ladder is where the parts of the story stand, in columns from 0.
type ladder struct {
	width int // of the picture; what explains it stands beside it

	time, frame, name int // where these columns end
	client            int // state of the client; -1 where there is no room at the side
	left, right       int // the two lifelines
	server            int // state of the server
	beside            int // where the sentence stands; 0 for nowhere
	full              int // the whole line's width
}

const (
	stateWidth = 12 // SYN-RECEIVED, the longest
	minBeside  = 120
)

// ladderShape is what decides where the parts of the ladder stand.
type ladderShape struct {
	digits, name int  // of frame numbers; length of clients' names
	several      bool // clients: then every line says whose it is
}

// fitLadder makes the ladder for a width and a shape.
func fitLadder(width int, shape ladderShape) ladder {
	digits := shape.digits
	l := ladder{width: width, full: width, client: -1, server: -1}
	if width >= minBeside {
		l.width = min(100, 80+(width-minBeside)/2)
		l.beside = l.width + 2
	}
	l.width = min(l.width, 100)
	l.time = 8
	if l.width < 52 {
		l.time = 7
		digits = max(digits-1, 2)
	}
	l.frame = l.time + 1 + digits
	l.name = l.frame + 1 + shape.name
	if l.width >= 74 {
		l.client = l.name + 1
		l.left = l.client + stateWidth
		l.server = l.width - stateWidth
		l.right = l.server - 2
		return l
	}
	l.left = l.name + 1
	l.right = l.width - 1
	return l
}

// inside is how many columns lie between the lifelines.
func (l *ladder) inside() int { return l.right - l.left - 1 }

// isNarrow reports whether there are no columns between the lifelines.
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
