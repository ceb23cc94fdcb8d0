package view

import (
	"testing"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// A state that has been told as proved does not come again as assumed; another one does.
func TestProvedStaysProved(t *testing.T) {
	const is, assumed = conversation.Established, conversation.Established | Assumed
	var talk talk
	for i, step := range []struct{ after, changed conversation.State }{
		{assumed, assumed}, {is, is}, {assumed, conversation.Unknown}, {is, conversation.Unknown},
		{conversation.CloseWait | Assumed, conversation.CloseWait | Assumed}, {conversation.CloseWait, conversation.CloseWait},
	} {
		if changed := talk.change(States{conversation.Client: step.after}); changed[conversation.Client] != step.changed {
			t.Errorf("step %d: %v, not %v", i, changed[conversation.Client], step.changed)
		}
	}
}
