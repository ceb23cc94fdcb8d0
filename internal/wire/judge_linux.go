package wire

import (
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
)

// judge holds a packet against the rules, and sends it on its way.
func (c *Cable) judge(r *Record, now time.Time) {
	if c.isCut {
		r.Fate, r.Why = Lost, "the cable is cut"
		return
	}
	segment := c.reader.read(r.Data)
	at := now.Add(c.config.Delay[r.From])
	c.spring(r, segment, now)
	var copied *time.Time
	for i := range c.config.Rules {
		rule := &c.config.Rules[i]
		if rule.over || !rule.matches(r.From, len(r.Data), segment) {
			continue
		}
		r.Why, rule.applied = rule.Text, true
		switch rule.action {
		case drop:
			r.Fate = Lost
			return
		case reply:
			r.Fate = Lost
			c.answer(r, rule, segment, now)
			return
		case cut:
			rule.over, c.isCut = true, true // behind this one
		case delay:
			at = at.Add(rule.by)
		case duplicate:
			again := at.Add(rule.by)
			copied = &again
		case reorder:
			c.held[r.From] = &delivery{record: r}
			return
		case corrupt:
			r.Became = corrupted(r.Landed())
		case mark:
			r.Became = congested(r.Landed())
		case rewrite:
			if changed := clamped(r.Landed(), rule.mss); changed != nil {
				r.Became = changed
			} else {
				rule.applied = false
			}
		}
	}
	c.send(r, at)
	if copied != nil {
		again := &Record{From: r.From, Forged: true, CopyOf: r.Number, Data: r.Data, Became: r.Became, Sent: copied.Add(-c.config.Delay[r.From]).UnixNano(), Why: r.Why}
		c.add(again)
		c.send(again, *copied)
	}
	if h := c.held[r.From]; h != nil {
		c.held[r.From] = nil
		c.send(h.record, at.Add(time.Millisecond))
	}
}

// answer answers a packet in the place of the other host, or of a router.
func (c *Cable) answer(r *Record, rule *Rule, segment *decode.Segment, now time.Time) {
	var data []byte
	switch {
	case rule.answer.reset && segment != nil:
		data = reset(segment)
	case !rule.answer.reset:
		mtu := 0
		if rule.answer.kind == 3 && rule.answer.code == 4 {
			if mtu = c.config.NextMTU; mtu == 0 {
				mtu = rule.which.larger
			}
		}
		data = icmpError(rule.answer.kind, rule.answer.code, uint16(mtu), r.Data)
	default:
		return
	}
	answer := &Record{From: r.To(), Forged: true, Data: data, Sent: now.UnixNano(), Why: rule.Text}
	c.add(answer)
	c.send(answer, now.Add(c.config.Delay[r.To()]))
}

// Forge puts a packet on the cable that no host has sent. It pretends to be from
// an end; why says who made it.
func (c *Cable) Forge(from End, data []byte, why string) {
	c.do(func() {
		now := time.Now()
		r := &Record{From: from, Forged: true, Data: data, Sent: now.UnixNano(), Why: why}
		c.add(r)
		c.send(r, now.Add(c.config.Delay[from]))
	})
}

// Trap waits on the cable for the next segment that it is set for.
func (c *Cable) Trap(t Trap) { c.do(func() { c.traps = append(c.traps, &t) }) }

// spring forges what the traps say that a packet sets off, each once.
func (c *Cable) spring(r *Record, segment *decode.Segment, now time.Time) {
	for _, t := range c.traps {
		if t.sprung || segment == nil || t.From != r.From || !t.Is(segment) {
			continue
		}
		t.sprung = true
		made, at := t.Make(segment), now.Add(t.After)
		forged := &Record{From: t.As, Forged: true, Data: made.Packet(), Sent: at.UnixNano(), Why: t.Why}
		c.add(forged)
		c.send(forged, at.Add(c.config.Delay[t.As]))
	}
}
