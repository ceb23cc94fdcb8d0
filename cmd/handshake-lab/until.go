package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// until is --until: what the showing ends with. It is a flag value.
type until struct {
	text    string                                  // as it was given; "" for the end of everything
	frame   int                                     // the last one that is shown; 0 for any
	reached func(m *timeline.Moment) (reached bool) // by this moment, which is shown
}

const untilHelp = "handshake (of its three steps), data (the first), closed (a conversation), a state that an end is in, such as time-wait (established: both ends), or the number of a frame"

// untilEvents are the names that --until knows beside states and numbers.
var untilEvents = []struct {
	name    string
	reached func(m *timeline.Moment) bool
}{
	{"handshake", ofEvent(view.CompletesHandshake)},
	{"established", ofEvent(func(e *conversation.Event) bool {
		return e.After[conversation.Client] == conversation.Established && e.After[conversation.Server] == conversation.Established
	})},
	{"data", ofEvent(func(e *conversation.Event) bool { return e.Segment.PayloadLen > 0 })},
	{"closed", func(m *timeline.Moment) bool { return m.Kind == timeline.Ended }},
}

func ofEvent(reached func(e *conversation.Event) bool) func(m *timeline.Moment) bool {
	return func(m *timeline.Moment) bool {
		return m.Kind == timeline.Segment && m.Event.Conversation != nil && reached(m.Event)
	}
}

// untilStates are the states that --until knows by their names: those that a
// segment leads to.
var untilStates = []conversation.State{conversation.SynSent, conversation.SynReceived, conversation.FinWait1,
	conversation.FinWait2, conversation.CloseWait, conversation.Closing, conversation.LastAck, conversation.TimeWait}

func untilNames() (names []string) {
	for _, e := range untilEvents {
		names = append(names, e.name)
	}
	for _, s := range untilStates {
		names = append(names, strings.ToLower(s.String()))
	}
	return names
}

// String is the flag as it was given.
func (u *until) String() string { return u.text }

// Type is what help shows for the value.
func (u *until) Type() string { return "event|state|frame" }

// Set takes what it says.
func (u *until) Set(text string) error {
	*u = until{text: text}
	name := strings.ToLower(text)
	if n, err := strconv.Atoi(strings.TrimPrefix(name, "#")); err == nil && n > 0 {
		u.frame = n
		return nil
	}
	for _, e := range untilEvents {
		if e.name == name {
			u.reached = e.reached
			return nil
		}
	}
	for _, s := range untilStates {
		if strings.ToLower(s.String()) == name {
			u.reached = ofEvent(func(e *conversation.Event) bool {
				return e.After[conversation.Client] == s || e.After[conversation.Server] == s
			})
			return nil
		}
	}
	return fmt.Errorf("want %s, or the number of a frame", strings.Join(untilNames(), ", "))
}

// untilThen hands moments on until what is waited for has come, and tells of that
// once.
type untilThen struct {
	present.Presenter
	until
	enough func()
	came   bool
}

// Moment implements Presenter.
func (u *untilThen) Moment(m timeline.Moment) error {
	number := frameNumber(&m)
	if u.came {
		return nil
	}
	if u.frame > 0 && number > u.frame { // the filter has left that one out
		u.end()
		return nil
	}
	if err := u.Presenter.Moment(m); err != nil {
		return err
	}
	if u.frame > 0 && number == u.frame || u.reached != nil && u.reached(&m) {
		u.end()
	}
	return nil
}

func (u *untilThen) end() {
	u.came = true
	u.enough()
}

// frameNumber is that of the frame a moment is about; 0 for none.
func frameNumber(m *timeline.Moment) int {
	if m.Event != nil {
		return m.Event.Segment.Number
	}
	return m.Frame
}
