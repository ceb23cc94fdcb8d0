package conversation

// Account is where one end stands: the variables of RFC 9293 §3.3.1, as numbers
// of the header, and its state.
type Account struct {
	UNA, NXT  uint32 // SND.UNA, SND.NXT; only where HasSent
	SendWnd   uint32 // SND.WND, bytes: what the peer has announced; only where HasSendWnd
	RCV       uint32 // RCV.NXT; only where HasReceived
	Room      uint32 // RCV.WND, bytes: what it has announced last, less what has come since; only where HasRoom
	State     State  // Unknown where nothing is known of the end
	Proved    bool   // the state has been shown; RCV.NXT is then what the end itself has said, or assumed beyond
	Confirmed uint32 // RCV.NXT as its own latest acknowledgment said; only where HasConfirmed

	HasSent, HasSendWnd, HasReceived, HasRoom, HasConfirmed bool
}

// Account returns where an end stands after the latest segment.
func (c *Conversation) Account(side Side) Account {
	h := &c.hosts[side]
	a := Account{UNA: h.una, NXT: h.nxt, SendWnd: h.wnd, RCV: h.rcv, State: h.state, Proved: h.proved, Confirmed: h.shown,
		HasSent: h.is(hasNxt), HasReceived: h.is(hasRcv), HasConfirmed: h.is(hasShown),
		HasRoom:    h.is(hasShown) && h.is(hasRcv) && c.ends[side].scale != ScaleUnknown,
		HasSendWnd: h.is(hasWnd) && c.ends[side.Other()].scale != ScaleUnknown}
	switch a.State {
	case SynSent: // whatever answered the SYN has not come
		a.UNA, a.HasSendWnd, a.HasReceived, a.HasRoom = h.iss, false, false, false
	case Listen:
		return Account{State: a.State, Proved: a.Proved}
	}
	if left := int32(h.shown + h.told - h.rcv); a.HasRoom && left > 0 {
		a.Room = uint32(left)
	}
	return a
}

// RuleOf is the arithmetic of a number of an end's stream: x + 1 + 9.
func (c *Conversation) RuleOf(side Side, number uint32) (r Rule) {
	c.rule(&r, side, number)
	return r
}

// Assumed reports whether an end is assumed to have received more than it has
// acknowledged.
func (a *Account) Assumed() bool {
	return a.HasReceived && (!a.HasConfirmed || later(a.RCV, a.Confirmed))
}
