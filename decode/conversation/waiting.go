package conversation

// maxUnacked bounds how many unacknowledged segments an end remembers; it is
// Wireshark's own bound.
const maxUnacked = 10000

// maxRemembered bounds the room for unacknowledged segments of all ends
// together. Beyond it an end makes room by forgetting its oldest.
const maxRemembered = 1 << 20

const (
	leastRoom = 4  // segments that every end may remember, whatever the others do
	roomKept  = 16 // room that an end keeps while it remembers nothing
)

// What was sent in disorder is looked through for every acknowledgment. Where
// that has taken so many steps, no more than a few are remembered.
const (
	maxSteps    = 1 << 26
	fewDisorder = 256
)

// unacked is a segment that has not been acknowledged yet.
type unacked struct {
	seq, next uint32
	frame     int
	time      stamp
}

// waiting are the segments of one end that wait for an acknowledgment. Those
// sent in the order of their numbers, none overlapping, stand apart: an
// acknowledgment takes them off the front.
type waiting struct {
	ordered  []unacked // ordered[taken:], each behind the one before
	taken    int32
	lowest   uint32    // none begins before this number; only where there are any
	steps    int       // spent on disorder
	disorder []unacked // sent again, or late; oldest first
}

func (w *waiting) len() int { return len(w.ordered) - int(w.taken) + len(w.disorder) }

// oldest is the one sent first; there must be one.
func (w *waiting) oldest() *unacked {
	switch {
	case int(w.taken) == len(w.ordered):
		return &w.disorder[0]
	case len(w.disorder) == 0 || w.ordered[w.taken].frame < w.disorder[0].frame:
		return &w.ordered[w.taken]
	}
	return &w.disorder[0]
}

// remember adds a segment. used is the room of all ends.
func (w *waiting) remember(u unacked, used *int) {
	if w.len() >= maxUnacked {
		return
	}
	if w.len() == 0 || earlier(u.seq, w.lowest) {
		w.lowest = u.seq
	}
	if w.fits(&u) {
		if w.taken > 0 && len(w.ordered) == cap(w.ordered) {
			w.ordered = w.ordered[:copy(w.ordered, w.ordered[w.taken:])]
			w.taken = 0
		}
		w.ordered = grown(w.ordered, used)
		w.ordered = append(w.ordered, u)
		return
	}
	w.disorder = append(grown(w.disorder, used), u)
}

// fits tells that u stands behind all that are in order, within half the
// circle of the first.
func (w *waiting) fits(u *unacked) bool {
	if int(w.taken) == len(w.ordered) {
		w.ordered, w.taken = w.ordered[:0], 0
		return true
	}
	return notLater(w.ordered[len(w.ordered)-1].next, u.seq) && later(u.next, w.ordered[w.taken].seq)
}

// grown makes room for one more: by growing while all ends together may, else
// by forgetting the older half.
func grown(list []unacked, used *int) []unacked {
	if len(list) < cap(list) {
		return list
	}
	room := max(2*cap(list), leastRoom)
	if more := room - cap(list); cap(list) == 0 || *used+more <= maxRemembered {
		*used += more
		return append(make([]unacked, 0, room), list...)
	}
	return half(list)
}

// half forgets the older half of a list.
func half(list []unacked) []unacked { return list[:copy(list, list[len(list)/2:])] }

// acknowledge forgets what ack covers. It returns the oldest segment that ack
// is the exact end of, and whether there is one; partial is the frame of the
// youngest segment that ack lies within.
func (w *waiting) acknowledge(ack uint32, used *int) (exact unacked, found bool, partial int) {
	if w.len() == 0 || notLater(ack, w.lowest) {
		return
	}
	for int(w.taken) < len(w.ordered) {
		u := &w.ordered[w.taken]
		if notLater(ack, u.seq) {
			break
		}
		if earlier(ack, u.next) {
			u.seq, partial = ack, u.frame
			break
		}
		if ack == u.next {
			exact, found = *u, true
		}
		w.taken++
	}
	if len(w.disorder) > 0 {
		w.settle(ack, &exact, &found, &partial)
	}
	w.lowest = ack // for now: all that are left begin at it or behind
	w.shrink(used)
	return exact, found, partial
}

// settle forgets what ack covers of those in disorder.
func (w *waiting) settle(ack uint32, exact *unacked, found *bool, partial *int) {
	w.steps += len(w.disorder)
	kept := w.disorder[:0]
	for _, u := range w.disorder {
		switch {
		case notLater(ack, u.seq):
		case earlier(ack, u.next):
			u.seq, *partial = ack, max(*partial, u.frame)
		default:
			if ack == u.next && (!*found || u.frame < exact.frame) {
				*exact, *found = u, true
			}
			continue
		}
		kept = append(kept, u)
	}
	if n := len(kept); w.steps > maxSteps && n > fewDisorder {
		kept = kept[:copy(kept, kept[n-fewDisorder:])]
	}
	w.disorder = kept
}

// shrink gives much room back where nothing waits any more.
func (w *waiting) shrink(used *int) {
	if int(w.taken) == len(w.ordered) {
		w.ordered, w.taken = w.ordered[:0], 0
		if n := cap(w.ordered); n > roomKept {
			*used -= n
			w.ordered = nil
		}
	}
	if n := cap(w.disorder); len(w.disorder) == 0 && n > roomKept {
		*used -= n
		w.disorder = nil
	}
}

// clear forgets all.
func (w *waiting) clear(used *int) {
	*w = waiting{ordered: w.ordered[:0], disorder: w.disorder[:0]}
	w.shrink(used)
}
