package staged

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/bothends"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// Step is a segment of one of two showings that are held beside each other.
type Step struct {
	Frame  int
	Since  capture.Span // the first segment
	From   conversation.Side
	Title  string // "SYN+ACK", "PSH+ACK, 9 bytes"
	Lost   bool
	Forged bool
	States [2]string // that both ends are in then, client first
}

// isLike reports whether two steps are the same one, whenever they were.
func (s *Step) isLike(o *Step) bool {
	return s.From == o.From && s.Title == o.Title && s.Lost == o.Lost && s.Forged == o.Forged
}

// Steps takes the segments of a showing down; it is a sink.
type Steps struct {
	List     []Step
	Verdicts []string // of its conversations, each with its name

	start  capture.Time
	teller *view.Teller
}

// Moment implements timeline.Sink.
func (s *Steps) Moment(m timeline.Moment) error {
	switch m.Kind {
	case timeline.Ended:
		s.Verdicts = append(s.Verdicts, bothends.VerdictText(&m.Conversation.Verdict))
	case timeline.Segment:
		s.segment(&m)
	case timeline.Arrival:
		for i := range s.List { // the state that it leads to is that of the step by which it was sent
			if step := &s.List[len(s.List)-1-i]; step.Frame == m.Event.Segment.Number {
				step.States[m.Event.From.Other()] = m.Event.After[m.Event.From.Other()].String()
				break
			}
		}
	}
	return nil
}

func (s *Steps) segment(m *timeline.Moment) {
	if len(s.List) == 0 {
		s.start = m.At
		s.teller = view.NewTeller(func() int { return 0 })
	}
	step := Step{Frame: m.Event.Segment.Number, Since: m.At.Since(s.start), From: m.Event.From}
	if e := s.teller.Tell(m); e != nil {
		title, _ := e.AppendTitle(nil)
		step.Title = string(title)
	}
	if p := m.Passage; p != nil {
		step.Lost, step.Forged = p.Lost, p.Forged
	}
	for side, state := range m.Event.After {
		if state != conversation.Unknown {
			step.States[side] = state.String()
		}
	}
	s.List = append(s.List, step)
}

// Pair is what stands in one line: nil where the other one has nothing like it.
type Pair struct{ A, B *Step }

// Differs reports whether the two sides of a line differ.
func (p *Pair) Differs() bool { return p.A == nil || p.B == nil }

// Align puts two showings side by side, so that as much as possible of both stands
// beside what is like it (the longest common subsequence).
func Align(a, b []Step) (pairs []Pair) {
	length := make([][]int, len(a)+1) // of what a[i:] and b[j:] have in common
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if length[i][j] = max(length[i+1][j], length[i][j+1]); a[i].isLike(&b[j]) {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i].isLike(&b[j]):
			pairs = append(pairs, Pair{&a[i], &b[j]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			pairs = append(pairs, Pair{A: &a[i]})
			i++
		default:
			pairs = append(pairs, Pair{B: &b[j]})
			j++
		}
	}
	return pairs
}
