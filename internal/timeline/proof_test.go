package timeline

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// places notes where both ends are after each segment, with ' for what is
// assumed.
type places struct{ words []string }

func (p *places) Moment(m Moment) error {
	if m.Kind != Segment {
		return nil
	}
	word := ""
	for side, state := range m.Event.After {
		word += " " + state.String()
		if state != conversation.Unknown && !m.Event.Proved[side] {
			word += "'"
		}
	}
	p.words = append(p.words, fmt.Sprint(m.Event.Segment.Number, word))
	return nil
}

// A state that is assumed is shown as proved where what proves it comes while
// the segment still waits: a later segment, or the return of a call.
func TestProofWithinTheWatermark(t *testing.T) {
	const syn, est, none = conversation.SynSent, conversation.Established, conversation.Unknown
	shown := [2]bool{true, false}
	for _, tt := range []struct {
		name string
		feed func(m *Merge)
		want []string
	}{
		{"by a segment", func(m *Merge) {
			_ = m.Moment(Moment{Kind: Segment, Event: at(1, [2]conversation.State{syn, none}, shown)})
			e := at(2, [2]conversation.State{est, conversation.SynReceived}, [2]bool{false, true})
			e.Settled = []conversation.Settled{{Frame: 1, Side: conversation.Server, State: conversation.SynReceived, Proved: true}}
			_ = m.Moment(Moment{Kind: Segment, Event: e})
		}, []string{"1 SYN-SENT SYN-RECEIVED", "2 ESTABLISHED' SYN-RECEIVED"}},
		{"by connect() and accept()", func(m *Merge) {
			_ = m.Moment(Moment{Kind: Segment, Event: at(2, [2]conversation.State{est, conversation.SynReceived}, [2]bool{false, true})})
			m.Call(call(5, "c:connect=", ""))
			m.Call(call(6, "s:accept=", ""))
			_ = m.Moment(Moment{Kind: Segment, Event: at(3, [2]conversation.State{est, est}, shown)})
		}, []string{"2 ESTABLISHED SYN-RECEIVED", "3 ESTABLISHED ESTABLISHED"}},
		{"by a connect() that fails", func(m *Merge) {
			_ = m.Moment(Moment{Kind: Segment, Event: at(2, [2]conversation.State{conversation.Closed, conversation.Closed}, [2]bool{false, true})})
			c := call(5, "c:connect=", "")
			c.Err = errors.New("connection refused")
			m.Call(c)
		}, []string{"2 CLOSED CLOSED"}},
		{"by nothing", func(m *Merge) {
			_ = m.Moment(Moment{Kind: Segment, Event: at(2, [2]conversation.State{est, conversation.SynReceived}, [2]bool{false, true})})
		}, []string{"2 ESTABLISHED' SYN-RECEIVED"}},
	} {
		got := new(places)
		m := NewMerge(got, time.Hour)
		tt.feed(m)
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got.words) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got.words, tt.want)
		}
	}
}

// at is a segment after which both ends are in such states.
func at(frame int, after [2]conversation.State, proved [2]bool) *conversation.Event {
	e := segment(int64(frame), frame, conversation.StepAck, 1, "")
	e.After, e.Proved = after, proved
	return e
}
