package present_test

import (
	"io"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// TestPaced waits before all that is seen, and not before a call that the story leaves
// out.
func TestPaced(t *testing.T) {
	waits := 0
	p, _ := format.Open("story", "text", io.Discard, present.Options{})
	p = present.Paced(p, func() { waits++ })
	for _, m := range []timeline.Moment{
		{Kind: timeline.Note, Text: "first"},
		{Kind: timeline.Call, Call: &dialogue.Call{Name: "recv"}},
		{Kind: timeline.Note, Text: "second"},
		{Kind: timeline.Call, Call: &dialogue.Call{Name: "recv", Phase: dialogue.End}},
	} {
		if err := p.Moment(m); err != nil {
			t.Fatal(err)
		}
	}
	if waits != 3 {
		t.Errorf("waited %d times, want 3", waits)
	}
}
