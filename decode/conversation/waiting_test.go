package conversation

import (
	"math/rand/v2"
	"testing"
)

// plainList is what waiting does, in so many words: one list, looked through
// from its beginning.
type plainList []unacked

func (l *plainList) acknowledge(ack uint32) (exact unacked, found bool, partial int) {
	var kept plainList
	for _, u := range *l {
		switch {
		case ack == u.next:
			if !found {
				exact, found = u, true
			}
			continue
		case later(ack, u.seq) && notLater(ack, u.next):
			u.seq, partial = ack, int(u.frame)
		case later(u.next, ack):
		default:
			continue
		}
		kept = append(kept, u)
	}
	*l = kept
	return exact, found, partial
}

// What waits is the same whether it is kept in order or in one list.
func TestWaitingIsAList(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		var w waiting
		var list plainList
		var room int
		base := uint32(r.Uint64()) // many runs cross 2^32
		next, acked := base, base
		for frame := 1; frame < 400; frame++ {
			if r.IntN(3) > 0 {
				u := unacked{seq: next, frame: int32(frame)}
				switch r.IntN(8) {
				case 0: // again, or part of it
					u.seq = acked + uint32(r.IntN(int(next-acked)+1))
				case 1: // a gap
					u.seq = next + uint32(r.IntN(50))
				}
				u.next = u.seq + 1 + uint32(r.IntN(20))
				if later(u.next, next) {
					next = u.next
				}
				w.remember(u, &room)
				list = append(list, u)
			} else {
				ack := acked - 5 + uint32(r.IntN(int(next-acked)+10))
				if len(list) > 0 && r.IntN(2) == 0 {
					ack = list[r.IntN(len(list))].next
				}
				if later(ack, acked) {
					acked = ack
				}
				if later(acked, next) {
					next = acked
				}
				exact, found, partial := w.acknowledge(ack, &room)
				wantExact, wantFound, wantPartial := list.acknowledge(ack)
				if exact != wantExact || found != wantFound || partial != wantPartial {
					t.Fatalf("seed %d, frame %d: %v %t %d, want %v %t %d", seed, frame, exact, found, partial, wantExact, wantFound, wantPartial)
				}
			}
			if w.len() != len(list) {
				t.Fatalf("seed %d, frame %d: %d wait, want %d", seed, frame, w.len(), len(list))
			}
			if len(list) > 0 && *w.oldest() != list[0] {
				t.Fatalf("seed %d, frame %d: the oldest is %v, want %v", seed, frame, *w.oldest(), list[0])
			}
		}
		w.clear(&room)
		have := counted(w.ordered)
		if w.late != nil {
			have += cap(w.late.list)
		}
		if room != have {
			t.Fatalf("seed %d: room %d counted, %d used", seed, room, have)
		}
	}
}

// Where all ends together remember too much, each forgets its own oldest.
func TestWaitingIsBounded(t *testing.T) {
	room := 0
	ends := make([]waiting, 1000)
	for i := range 20000 {
		for e := range ends {
			ends[e].remember(unacked{seq: uint32(i), next: uint32(i) + 1, frame: int32(i)}, &room)
		}
	}
	if room > maxRemembered+leastRoom*len(ends) {
		t.Errorf("room for %d segments, at most %d", room, maxRemembered)
	}
	if w := &ends[0]; w.len() < leastRoom || w.ordered[len(w.ordered)-1].frame < maxUnacked-1 {
		t.Errorf("%d remembered, the last of frame %d", w.len(), w.ordered[len(w.ordered)-1].frame)
	}
}

// What was sent in disorder does not make every acknowledgment slow for long.
func TestWaitingStaysCheap(t *testing.T) {
	var w waiting
	room := 0
	for i := range uint32(maxUnacked) {
		w.remember(unacked{seq: 2e6 - i, next: 2e6 - i + 1400, frame: int32(i)}, &room)
	}
	for ack := range uint32(1e6) {
		w.acknowledge(ack, &room)
		w.acknowledge(ack+1, &room)
	}
	if w.late.steps > maxSteps+1e6*2*fewDisorder+maxUnacked {
		t.Errorf("%d steps", w.late.steps)
	}
}
