package wire

import (
	"context"
	"slices"
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
)

// What others ask of a cable while it carries.

// Quiet waits until nothing is on its way and nothing has been sent for a while.
func (c *Cable) Quiet(ctx context.Context, d time.Duration) {
	for ctx.Err() == nil {
		c.do(func() {})
		c.do(func() {}) // what had been sent before the first has been taken by now
		c.mu.Lock()
		rest := d - time.Since(c.active)
		if len(c.ways) > 0 {
			rest = max(time.Until(c.ways[0].at), time.Millisecond)
		}
		c.mu.Unlock()
		if rest <= 0 {
			return
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
		}
	}
}

// Unmet are the rules that have applied to no packet, as they were written. It is for
// a cable that was closed.
func (c *Cable) Unmet() (texts []string) {
	for i := range c.config.Rules {
		if rule := &c.config.Rules[i]; !rule.applied {
			texts = append(texts, rule.Text)
		}
	}
	return texts
}

// Latest is the last segment from an end for which is reports true; nil where
// there is none. Its bytes are the record's own.
func (c *Cable) Latest(from End, is func(*decode.Segment) bool) (found *decode.Segment) {
	c.do(func() {
		for _, r := range slices.Backward(c.records) {
			if r.From != from || r.Forged {
				continue
			}
			if s := c.reader.read(r.Data); s != nil && is(s) {
				copied := *s
				found = &copied
				return
			}
		}
	})
	return found
}

// Count is how many segments an end has sent for which is reports true.
func (c *Cable) Count(from End, is func(*decode.Segment) bool) (n int) {
	c.do(func() {
		for _, r := range c.records {
			if s := c.reader.read(r.Data); r.From == from && !r.Forged && s != nil && is(s) {
				n++
			}
		}
	})
	return n
}
