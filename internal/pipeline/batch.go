package pipeline

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A batch is a run of packets in capture order that go through each step
// together, and what they mean: the step's code then comes into the processor's
// first cache once for all of them. Its memory is used again and again.
type batch struct {
	items []item
	count int
	most  int    // bytes: the batch is full where its packets have so many
	held  []byte // the bytes of its packets, which the source uses again
	err   error  // that of the source, after the last packet

	// What is gathered to be handed on: the moments, the events they speak of, and
	// the conversations that are over, which are the tracker's again when all
	// moments before have been handed on.
	moments []timeline.Moment
	events  []conversation.Event // never beyond its first capacity, so that it stays where it is
	ended   []*conversation.Conversation
}

// size is how many packets a batch holds at most, and how many bytes of them.
type size struct{ packets, bytes int }

// The sizes: how far reading and decoding run ahead in one step; and how many
// packets at hand are followed before the sink sees the first.
var (
	aheadSize = size{512, 128 << 10}
	burstSize = size{32, 16 << 10}
)

// newBatches are n batches in as few pieces of memory as may be.
func (r *run) newBatches(n int, of size) []batch {
	all, items, held := make([]batch, n), make([]item, n*of.packets), make([]byte, n*of.bytes)
	var events []conversation.Event
	if r.gathers() && r.wants.Has(timeline.Segment) {
		events = make([]conversation.Event, n*of.packets)
	}
	for i := range all {
		from, to := i*of.packets, (i+1)*of.packets
		all[i].items, all[i].most = items[from:to], of.bytes
		all[i].held = held[i*of.bytes : i*of.bytes : (i+1)*of.bytes]
		if events != nil {
			all[i].events = events[from:from:to]
		}
	}
	return all
}

// add decodes a packet into the batch and reports whether it is full.
func (b *batch) add(p *capture.Packet, decoder *decode.Decoder, filter *Filter) (full bool) {
	at := len(b.held)
	b.held = append(b.held, p.Data...) // one that is too large for it has memory of its own
	p.Data = b.held[at:len(b.held):len(b.held)]
	b.items[b.count].decode(decoder, filter, p)
	b.count++
	b.most -= len(p.Data) + len(p.Comment) + decoder.Made()
	return b.count == len(b.items) || b.most <= 0
}

// clear makes the batch ready to be filled.
func (b *batch) clear(of size) { b.count, b.held, b.most, b.err = 0, b.held[:0], of.bytes, nil }
