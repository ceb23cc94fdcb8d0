package conversation

// What the tracker keeps of conversations that are over, or that never came
// further than a SYN, is bounded by time and by number.
const (
	lingerTime  = 120e9 // nanoseconds of capture time that a closed conversation is kept
	maxClosed   = 1 << 13
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

// isDue tells that the oldest conversation that is over can be given up: it has
// been over for long enough, or there are too many.
func (t *Tracker) isDue() bool {
	c := t.closed.first
	return c != nil && (c.after(t.now)-c.endedAt > lingerTime || t.closed.len > maxClosed)
}

// retire ends a conversation and frees its place.
func (t *Tracker) retire(c *Conversation) {
	t.forgotten++
	t.judge(c)
	c.settled()
	c.served()
	c.queue.remove(c)
	t.table.drop(c)
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
		if found := t.reading.found; len(found) > 0 {
			t.reading.found = found[:0]
			if t.config.OnSettled != nil {
				t.config.OnSettled(found)
			}
		}
	}
}

// handOn gives c to OnEnd, once.
func (t *Tracker) handOn(c *Conversation) {
	if c.ended {
		return
	}
	c.ended = true
	if t.config.OnEnd != nil {
		c.lent = t.config.Lent
		t.config.OnEnd(c)
	}
}
