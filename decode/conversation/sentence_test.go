package conversation

import (
	"regexp"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// Whatever a segment is, its sentence is a whole one, with nothing left to be
// filled in, and names the text that it rests on.
func TestSentences(t *testing.T) {
	whole := regexp.MustCompile(`^(A|An|The|This|These|Something|With|7 bytes) [ -$&-~]*[.]$`)
	section := regexp.MustCompile(`^RFC \d+( §\d+(\.\d+)*)?(, RFC \d+)?$`)
	told := make(map[string]bool)
	words := []Analysis{0}
	for i := range AnalysisWords {
		words = append(words, 1<<i)
	}
	for _, analysis := range words {
		for step := StepOther; step <= StepRST; step++ {
			for kind := range 1 << 8 {
				for r := NotKnown; r <= NotOfThis; r++ {
					e := imagined(analysis, step, kind, r)
					if e == nil {
						continue
					}
					text := e.Sentence()
					if !whole.MatchString(text) {
						t.Fatalf("step %v, analysis %b: %q", step, analysis, text)
					}
					if !section.MatchString(e.Section()) {
						t.Fatalf("%q rests on %q", text, e.Section())
					}
					told[text] = true
				}
			}
		}
	}
	if len(told) < 100 {
		t.Errorf("%d sentences", len(told))
	}
}

// imagined is a segment of some step, for one reception and some bits of what
// may be known of it; nil where there can be none.
func imagined(analysis Analysis, step Step, kind int, r Reception) *Event {
	bit := func(n int) int { return kind >> n & 1 }
	c := new(Conversation)
	c.Handshake.ACKFrame, c.Reused, c.Ends[Server].Port = bit(0), bit(1) == 1, 6000
	c.Flows[Client].FINFrame, c.Ending = bit(2), Ending(bit(3))*ClosedByRefusal
	e := &Event{Segment: &decode.Segment{Number: 1, PayloadLen: 7 * bit(4), Flags: decode.ACK * decode.Flags(bit(6))}, Conversation: c,
		Step: step, From: Side(bit(5)), Analysis: analysis, AcksFrame: bit(0), AcksAgain: bit(1), DupAckNum: 2, DupAckFrame: 3,
		WindowSize: 9, Repeats: bit(7) == 1, RTO: capture.Span{Sec: int64(bit(0))}, Reception: r, CopyOf: bit(0) * bit(1) * bit(2) * bit(3)}
	e.about = 1 << (kind % 16) >> 1
	e.Before = [2]State{State(bit(2)) * SynSent, State(bit(3)) * SynSent}
	e.After = [2]State{State(bit(1)) * SynSent, State(bit(1)) * SynSent}
	e.SeqRule.Base, e.AckRule.Base = Base(bit(2)), Base(bit(3))*X
	if step == StepData && e.Segment.PayloadLen == 0 {
		return nil
	}
	return e
}
