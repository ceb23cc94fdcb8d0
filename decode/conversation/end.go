package conversation

// unknownWindow stands for a window that was never announced.
const unknownWindow = ^uint32(0)

// maxHoles bounds how many gaps in its stream an end remembers.
const maxHoles = 16

// hole is a range of sequence numbers that was skipped: [from, to).
type hole struct{ from, to uint32 }

// end is the tracker's memory of what one end sent, with what every segment
// needs close together. As in Wireshark, a sequence number of 0 means that none
// is known yet: its analysis depends on it.
type end struct {
	numbers
	waiting waiting
	holes   []hole // gaps below counted
}

// numbers are an end's memory but for what waits for an acknowledgment, and gaps.
type numbers struct {
	base      uint32 // what relative numbers count from
	next      uint32 // highest number sent so far, the segment's length added
	ackable   uint32 // highest number up to which no gap was seen
	lastAck   uint32 // acknowledgment number of its last segment
	window    uint32 // window field of its last segment, unscaled
	counted   uint32 // highest number whose bytes have been counted
	ackedAt   uint32 // the highest number of this end that the peer has acknowledged
	lastWords Analysis

	hasBase    bool
	begun      bool // counted is set
	hasAcked   bool
	ackedSYN   bool     // ackedFrame was its SYN
	unscaled   bool     // its first ACK is still to come, up to which its window is not scaled
	inFlightOK bool     // no gap since the peer last acknowledged
	scale      int8     // shift, or ScaleUnknown, ScaleUnused
	subtypes   subtypes // MPTCP's, of the conversation before its last segment

	nextFrame  int   // frame that reached next
	ackedAgain int32 // and the youngest that was sent again with it; 0 for none
	ackedFrame int   // frame whose end ackedAt is
	nextTime   stamp
	lastTime   stamp  // time of its last segment
	nonDup     uint32 // frame of its last acknowledgment that was no duplicate
	dupAcks    int32  // duplicates of its last acknowledgment; -1 after an acknowledgment of unseen data
	span       int64  // next, counted from the base in 64 bits
	syn        uint32 // frame of its last SYN
}

// begin fills an empty end.
func (e *end) begin() {
	e.window, e.scale, e.inFlightOK = unknownWindow, ScaleUnknown, true
}

// countFrom says where the payload begins, unless two SYNs say different things.
func (e *end) countFrom(seq uint32) {
	e.begun, e.counted = !e.begun || e.counted == seq, seq
}

// count notes that payload [seq, seq+n) was sent and returns how many of its
// bytes, at its end, had not been seen before.
func (e *end) count(seq uint32, n int) int {
	stop := seq + uint32(n)
	if !e.begun {
		e.begun, e.counted = true, stop
		return n
	}
	switch {
	case later(seq, e.counted): // a gap
		if len(e.holes) == maxHoles {
			e.holes = append(e.holes[:0], e.holes[1:]...)
		}
		e.holes = append(e.holes, hole{e.counted, seq})
		e.counted = stop
		return n
	case later(stop, e.counted):
		fresh := int(stop - e.counted)
		e.counted = stop
		return fresh
	}
	return e.fill(seq, stop)
}

// missing is how many bytes below a number were skipped.
func (e *end) missing(below uint32) (n int) {
	for _, h := range e.holes {
		if notLater(h.to, below) {
			n += int(h.to - h.from)
		}
	}
	return n
}

// fill takes [seq, stop) out of the gaps and returns the bytes it filled.
func (e *end) fill(seq, stop uint32) int {
	for i, h := range e.holes {
		if notLater(stop, h.from) || notLater(h.to, seq) {
			continue
		}
		from, to := h.from, h.to
		if later(seq, from) {
			from = seq
		}
		if earlier(stop, to) {
			to = stop
		}
		switch {
		case from == h.from && to == h.to:
			e.holes = append(e.holes[:i], e.holes[i+1:]...)
		case from == h.from:
			e.holes[i].from = to
		case to == h.to:
			e.holes[i].to = from
		default:
			e.holes[i].to = from
			if len(e.holes) < maxHoles {
				e.holes = append(e.holes, hole{to, h.to})
			}
		}
		return int(to - from)
	}
	return 0
}
