package conversation

// How many conversations are kept whole is bounded by number, not by time: a late
// segment still finds its own.
const (
	maxClosed   = 1 << 10
	maxAttempts = 1 << 14
	maxGoing    = 1 << 15 // neither over nor a mere attempt
)

// bound gives up a conversation that has been idle where there are too many.
// One that was in use since it came to the front goes to the end first.
func (t *Tracker) bound() {
	for t.going.len > maxGoing {
		c := t.going.first
		if !c.used {
			t.retire(c)
			return
		}
		c.used = false
		t.going.push(c)
	}
}

// judgedEarly is said of a verdict, but for that all was well, that could not wait
// for the end of the capture.
const judgedEarly = " (judged before the end of the capture: there were too many conversations to wait)"

// close puts c among those that are over, where the oldest makes room for it.
func (t *Tracker) close(c *Conversation) {
	if !c.closed || c.queue != &t.closed {
		c.closed, c.endedAt = true, c.after(t.now)
		t.closed.push(c)
	}
	if t.closed.len > maxClosed && t.closed.first != c {
		t.retire(t.closed.first)
	}
}

// retire ends a conversation, frees its place and leaves its remainder.
func (t *Tracker) retire(c *Conversation) {
	if t.judge(c); !c.ended && c.IsRemarkable() {
		c.Verdict.Text += judgedEarly
	}
	c.settled()
	c.served()
	c.queue.remove(c)
	if t.table.drop(c) {
		t.past.keep(c)
	}
	c.ends[Client].waiting.clear(&t.room)
	c.ends[Server].waiting.clear(&t.room)
	t.handOn(c)
	c.gone = true
	if !c.lent {
		t.free = append(t.free, c)
	}
}

// Release gives a conversation back that was lent to OnEnd.
func (t *Tracker) Release(c *Conversation) {
	c.lent = false
	if c.gone {
		t.free = append(t.free, c)
	}
}

// Conclude hands c to OnEnd now, as its last event said that it closes,
// rather than when nothing more can belong to it; it is not handed on again.
func (t *Tracker) Conclude(c *Conversation) { t.end(c) }

func (t *Tracker) end(c *Conversation) {
	t.judge(c)
	t.handOn(c)
}

// judge sums c up, unless it has been handed on.
func (t *Tracker) judge(c *Conversation) {
	if !c.ended {
		if !c.judged { // else it ended well
			c.expire(t.now)
		}
		c.judge(t.now)
		c.unkeep()
		if found := t.reading.found; len(found) > 0 {
			t.reading.found = found[:0]
			if t.config.OnSettled != nil {
				t.config.OnSettled(found)
			}
		}
	}
}

// unkeep takes back that a server was in SYN-RECEIVED where it is likely to have
// kept nothing of the SYN (RFC 4987 §3.6).
func (c *Conversation) unkeep() {
	if c.Verdict.Name != SYNCookies {
		return
	}
	for _, frame := range inOrder([]int{c.Handshake.FirstSYNFrame, c.Handshake.SYNFrame, c.Handshake.SYNACKFrame}) {
		c.reading.found = append(c.reading.found, Settled{Frame: frame, Side: Server, State: Unknown})
	}
}

// handOn gives c to OnEnd, once.
func (t *Tracker) handOn(c *Conversation) {
	if c.ended {
		return
	}
	c.ended = true
	if t.config.OnEnd != nil {
		c.lent = t.config.KeepEnded
		t.config.OnEnd(c)
	}
}
