package pipeline

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// item is one packet as the stages make more and more of it. It is filled
// again and again, so that no packet costs an allocation.
type item struct {
	result  decode.Result
	pair    conversation.Pair // of a segment
	matches bool              // the filter's expression matches
	segment decode.Segment    // number and time are the packet's, whatever is in it
}

// decode fills the item with what a packet holds. Its segment points into the
// packet's data.
func (it *item) decode(decoder *decode.Decoder, filter *Filter, p *capture.Packet) {
	it.result = decoder.Decode(p, &it.segment)
	it.matches = filter.matches(p)
	if it.result.Kind == decode.TCP {
		it.pair.Of(&it.segment)
	}
}
