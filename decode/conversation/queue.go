package conversation

// links are a conversation's neighbours in its queue.
type links struct{ prev, next *Conversation }

// queue holds conversations that wait to be forgotten, the oldest first. Each
// one that is known is in a queue.
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
