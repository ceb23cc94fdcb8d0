package conversation

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// hold follows segments twice, once without any prediction, and holds what both
// make of them against each other. It returns how many were predicted.
func hold(t *testing.T, name string, segments []decode.Segment, brief bool) (n int) {
	t.Helper()
	one, two := NewTracker(Config{WithoutText: brief}), NewTracker(Config{WithoutText: brief})
	for i := range segments {
		s := &segments[i]
		var p Pair
		p.Of(s)
		if c := two.table.find(&p); c != nil {
			c.steady, c.used = false, false
		}
		if c := one.table.find(&p); c != nil {
			c.used = false
			if fwd, rev := c.endsFrom(c.sender(&p)); c.steady && predicted(s, fwd, rev) && c.hosts[c.sender(&p).Other()].admits(s) {
				n++
			}
		}
		var got, want Event
		if one.Add(s, &got) != two.Add(s, &want) {
			t.Fatalf("%s, segment %d: followed on one way only", name, i)
		}
		if got.Conversation == nil {
			continue
		}
		a, b := *got.Conversation, *want.Conversation
		got.Conversation, want.Conversation = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s, segment %d of brief %t:%s", name, i, brief, difference(got, want))
		}
		for _, c := range []*Conversation{&a, &b} { // what differs by nature
			c.queue, c.links, c.server, c.steady = nil, links{}, nil, false
			if c.older != nil {
				older := *c.older
				older.before, c.older = nil, &older
			}
			if c.room != nil && c.room.elsewhere != nil {
				room, there := *c.room, *c.room.elsewhere
				there.partner, room.elsewhere, c.room = nil, &there, &room
			}
		}
		if !reflect.DeepEqual(a, b) {
			text := difference(a, b)
			if a.room != nil && b.room != nil {
				text += difference(*a.room, *b.room)
			}
			t.Fatalf("%s, segment %d of brief %t leaves%s", name, i, brief, text)
		}
	}
	return n
}

// difference tells which fields of two conversations are not the same.
func difference[T any](a, b T) (text string) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		one, two := fmt.Sprintf("%+v", x.Field(i)), fmt.Sprintf("%+v", y.Field(i))
		if one != two {
			text += fmt.Sprintf("\n%s %s, without prediction %s", x.Type().Field(i).Name, one, two)
		}
	}
	return text
}

// disturb makes a few of the segments wrong, or lost, or late, or come twice.
func disturb(random *rand.Rand, segments []decode.Segment) []decode.Segment {
	list := slices.Clone(segments)
	if len(list) == 0 {
		return list
	}
	off := [...]uint32{1, 0, ^uint32(0), 10, 1000, ^uint32(9), 1 << 31}
	for range 1 + len(list)/8 {
		i := random.IntN(len(list))
		s := &list[i]
		switch random.IntN(10) {
		case 0:
			s.Seq += off[random.IntN(len(off))]
		case 1:
			s.Ack += off[random.IntN(len(off))]
		case 2:
			s.Window = uint16(random.IntN(3))
		case 3:
			s.Flags ^= 1 << random.IntN(9)
		case 4:
			s.PayloadLen = random.IntN(3)
			s.Payload = s.Payload[:min(len(s.Payload), s.PayloadLen)]
		case 5:
			list = slices.Delete(list, i, i+1)
		case 6:
			list = slices.Insert(list, i, list[i])
		case 7:
			j := random.IntN(len(list))
			list[i], list[j] = list[j], list[i]
		case 8:
			s.HeaderLen, s.Time = 4*random.IntN(6), list[0].Time
		case 9:
			s.Excerpt, s.Options.HasScale, s.Options.MPTCP = random.IntN(3) == 0, random.IntN(3) == 0, random.IntN(3) == 0
		}
		if len(list) == 0 {
			break
		}
	}
	for i := range list {
		list[i].Number = i + 1
	}
	return list
}

// renumbered makes the numbers of one end's stream so much greater, in 32 bits.
func renumbered(segments []decode.Segment, port uint16, by uint32) []decode.Segment {
	list := slices.Clone(segments)
	for i := range list {
		switch port {
		case list[i].SrcPort:
			list[i].Seq += by
		case list[i].DstPort:
			list[i].Ack += by
		}
	}
	return list
}

// TestPredictedIsFollowed: what prediction makes of a segment is what follow
// makes of it, in every recording, disturbed in all ways, and with numbers that
// wrap around between any two segments.
func TestPredictedIsFollowed(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	plain, disturbed := 0, 0
	for _, r := range recordings(t) {
		name, segments := r.name, r.segments()
		for _, brief := range []bool{false, true} {
			plain += hold(t, name, segments, brief)
			for range 100 {
				disturbed += hold(t, name, disturb(random, segments), brief)
			}
		}
		for i := range min(len(segments), 40) {
			s := &segments[i]
			hold(t, name, renumbered(segments, s.SrcPort, -s.Seq), false)
			hold(t, name, disturb(random, renumbered(segments, s.SrcPort, -s.Seq-1)), true)
		}
	}
	if plain < 300 || disturbed < 10000 {
		t.Errorf("%d and %d segments were predicted, want more", plain, disturbed)
	}
	t.Logf("%d and %d segments were predicted", plain, disturbed)
}
