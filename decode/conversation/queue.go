package conversation

// links are a conversation's neighbours: in the list of all that are known,
// by stream number, and in at most one queue.
type links struct {
	before, after *Conversation
	prev, next    *Conversation
	queue         *queue
}

// list holds all conversations that are known, by stream number.
type list struct{ first, last *Conversation }

func (l *list) add(c *Conversation) {
	c.before, c.after = l.last, nil
	if l.last == nil {
		l.first = c
	} else {
		l.last.after = c
	}
	l.last = c
}

func (l *list) remove(c *Conversation) {
	if c.before == nil {
		l.first = c.after
	} else {
		c.before.after = c.after
	}
	if c.after == nil {
		l.last = c.before
	} else {
		c.after.before = c.before
	}
	c.before, c.after = nil, nil
}

// queue holds conversations that wait to be forgotten, the oldest first.
type queue struct {
	first, last *Conversation
	len         int
}

func (q *queue) push(c *Conversation) {
	if c.queue != nil {
		c.queue.remove(c)
	}
	c.prev, c.next, c.queue = q.last, nil, q
	if q.last == nil {
		q.first = c
	} else {
		q.last.next = c
	}
	q.last = c
	q.len++
}

func (q *queue) remove(c *Conversation) {
	if c.queue != q {
		return
	}
	if c.prev == nil {
		q.first = c.next
	} else {
		c.prev.next = c.next
	}
	if c.next == nil {
		q.last = c.prev
	} else {
		c.next.prev = c.prev
	}
	c.prev, c.next, c.queue = nil, nil, nil
	q.len--
}
