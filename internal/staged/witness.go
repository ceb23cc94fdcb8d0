package staged

import (
	"context"
	"fmt"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/bothends"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// Contradictions are the proved states that a host's own kernel contradicts. The
// receiver is asked when a segment has been handed over to it. The sender is asked
// when its segment has been taken, and may be further on by then.
func (r *Recording) Contradictions(ctx context.Context) (list []string, err error) {
	moments, err := bothends.Moments(ctx, r.Records)
	if err != nil {
		return nil, err
	}
	for i := range moments {
		m := &moments[i]
		if m.Passage == nil || m.Event == nil {
			continue
		}
		from, to := wire.End(m.Event.From), wire.End(m.Event.From.Other())
		check := func(host wire.End, may map[conversation.State][]conversation.State, what string) {
			derived, kernel := m.Event.After[host], &m.Passage.Kernel[host]
			if !kernel.Known || !m.Event.Proved[host] || derived == conversation.Unknown {
				return
			}
			if !r.agree(derived, kernel.State, may) {
				list = append(list, fmt.Sprintf("#%d, the %s when it had %s: proved is %s, the kernel says %s",
					m.Event.Segment.Number, host, what, derived, kernel.State))
			}
		}
		if m.Kind == timeline.Segment && !m.Passage.Forged {
			check(from, onward, "sent it")
		}
		if m.Kind == timeline.Arrival || !m.Passage.Later && m.Passage.Arrival.Known {
			check(to, closes, "received it")
		}
	}
	return list, nil
}

// agree reports whether what the kernel says can be what is derived. No entry of the
// kernel's is CLOSED, and LISTEN where somebody listens on the port; under SYN cookies
// it is SYN-RECEIVED too.
func (r *Recording) agree(derived, kernel conversation.State, may map[conversation.State][]conversation.State) bool {
	none := kernel == conversation.Closed || kernel == conversation.Listen
	if derived == kernel || none && (derived == conversation.Closed || derived == conversation.Listen) {
		return true
	}
	if none && derived == conversation.SynReceived && r.Scenario != nil && r.Scenario.Cookies {
		return true
	}
	for _, next := range may[derived] {
		if next == kernel || none && next == conversation.Closed {
			return true
		}
	}
	return false
}

// closes are the states that an application brings its end into between the arrival
// of a segment and the question: by close() and shutdown() (RFC 9293 §3.10.4).
var closes = map[conversation.State][]conversation.State{
	conversation.Established: {conversation.FinWait1},
	conversation.CloseWait:   {conversation.LastAck},
}

// onward are the states that can follow one: by what arrives, and by calls (RFC 9293
// §3.3.2, figure 5). An RST leads from each to CLOSED.
var onward = func() map[conversation.State][]conversation.State {
	const (
		closed, listen, sent, received = conversation.Closed, conversation.Listen, conversation.SynSent, conversation.SynReceived
		open, wait1, wait2             = conversation.Established, conversation.FinWait1, conversation.FinWait2
		closeWait, closing, lastAck    = conversation.CloseWait, conversation.Closing, conversation.LastAck
		timeWait                       = conversation.TimeWait
	)
	afterWait1 := []conversation.State{wait2, closing, timeWait, closed}
	afterOpen := append([]conversation.State{wait1, closeWait, lastAck}, afterWait1...)
	return map[conversation.State][]conversation.State{
		listen: {received}, sent: append([]conversation.State{received, open}, afterOpen...),
		received: append([]conversation.State{open}, afterOpen...), open: afterOpen, wait1: afterWait1,
		wait2: {timeWait, closed}, closeWait: {lastAck, closed}, closing: {timeWait, closed}, lastAck: {closed}, timeWait: {closed},
	}
}()
