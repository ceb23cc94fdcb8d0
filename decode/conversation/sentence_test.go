package conversation

import (
	"regexp"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// Whatever a segment is, its sentence is a whole one, with nothing left to be
// filled in.
func TestSentences(t *testing.T) {
	whole := regexp.MustCompile(`^(The|This|An|A|No|No answer|Nobody|Something|With|7 bytes) [ -$&-~]*[.]$`)
	told := make(map[string]bool)
	words := []Analysis{0}
	for i := range AnalysisWords {
		words = append(words, 1<<i)
	}
	for _, analysis := range words {
		for step := StepOther; step <= StepRST; step++ {
			for kind := range 64 {
				bit := func(n int) int { return kind >> n & 1 }
				c := new(Conversation)
				c.Handshake.ACK, c.Reused, c.Ends[Server].Port = bit(0), bit(1) == 1, 6000
				c.Flows[Client].FINFrame, c.Ending = bit(2), Ending(bit(3))*ClosedByRefusal
				e := &Event{Segment: &decode.Segment{Number: 1, PayloadLen: 7 * bit(4)}, Conversation: c, Step: step, From: Side(bit(5)),
					Analysis: analysis, AcksFrame: bit(0), DupAckNum: 2, DupAckFrame: 3, WindowSize: 9}
				e.After[Server], e.SeqRule.Base = State(bit(1)), Base(bit(2))
				if e.Segment.PayloadLen == 0 && step == StepData {
					continue
				}
				text := e.Sentence()
				if !whole.MatchString(text) {
					t.Fatalf("step %v, analysis %b: %q", step, analysis, text)
				}
				told[text] = true
			}
		}
	}
	if len(told) < 45 {
		t.Errorf("%d sentences", len(told))
	}
}
