package conversation

import "sort"

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
	frame     int32
	copied    bool // a second copy, by which nothing was sent again
	time      stamp
}

// waiting are the segments of one end that wait for an acknowledgment. Those
// sent in the order of their numbers, none overlapping, stand apart: an
// acknowledgment takes them off the front.
type waiting struct {
	ordered []unacked // ordered[taken:], each behind the one before
	taken   int32
	lowest  uint32     // none begins before this number; only where there are any
	late    *disorder  // nil where there never were any
	near    [2]unacked // room for the first ones: few ends have more on their way
}

// disorder are segments sent again, or late.
type disorder struct {
	list  []unacked // oldest first
	steps int       // spent on looking through it
	again int       // the youngest segment that the latest acknowledgment was the exact end of; 0 for none
}

func (w *waiting) isEmpty() bool {
	return int(w.taken) == len(w.ordered) && (w.late == nil || len(w.late.list) == 0)
}

func (w *waiting) len() int {
	n := len(w.ordered) - int(w.taken)
	if w.late != nil {
		n += len(w.late.list)
	}
	return n
}

// oldest is the one sent first; there must be one.
func (w *waiting) oldest() *unacked {
	switch {
	case int(w.taken) == len(w.ordered):
		return &w.late.list[0]
	case w.late == nil || len(w.late.list) == 0 || w.ordered[w.taken].frame < w.late.list[0].frame:
		return &w.ordered[w.taken]
	}
	return &w.late.list[0]
}

// covering is the latest segment that occupies a number, no copy; nil where none
// is remembered.
func (w *waiting) covering(number uint32) *unacked {
	covers := func(u *unacked) bool { return notLater(u.seq, number) && later(u.next, number) && !u.copied }
	if w.late != nil {
		list := w.late.list
		for i := len(list) - 1; i >= max(len(list)-fewDisorder, 0); i-- {
			if covers(&list[i]) {
				return &list[i]
			}
		}
	}
	ordered := w.ordered[w.taken:]
	i := sort.Search(len(ordered), func(i int) bool { return later(ordered[i].next, number) })
	if i < len(ordered) && covers(&ordered[i]) {
		return &ordered[i]
	}
	return nil
}

// remember adds a segment. used is the room of all ends.
func (w *waiting) remember(u unacked, used *int) {
	n := w.len()
	if n >= maxUnacked {
		return
	}
	if n == 0 || earlier(u.seq, w.lowest) {
		w.lowest = u.seq
	}
	if w.fits(&u) {
		if w.taken > 0 && len(w.ordered) == cap(w.ordered) {
			w.ordered = w.ordered[:copy(w.ordered, w.ordered[w.taken:])]
			w.taken = 0
		}
		if cap(w.ordered) == 0 {
			w.ordered = w.near[:0]
		}
		w.ordered = append(grown(w.ordered, used), u)
		return
	}
	if w.late == nil {
		w.late = new(disorder)
	}
	w.late.list = append(grown(w.late.list, used), u)
}

// fits reports whether u stands behind all that are in order, within half the
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
	if more := room - counted(list); cap(list) < leastRoom || *used+more <= maxRemembered {
		*used += more
		return append(make([]unacked, 0, room), list...)
	}
	return half(list)
}

// counted is the room of a list that counts: not what every end has.
func counted(list []unacked) int {
	if cap(list) < leastRoom {
		return 0
	}
	return cap(list)
}

// half forgets the older half of a list.
func half(list []unacked) []unacked { return list[:copy(list, list[len(list)/2:])] }

// acknowledge forgets what ack covers. It returns the oldest segment that ack
// is the exact end of, and whether there is one; partial is the frame of the
// youngest segment that ack lies within.
func (w *waiting) acknowledge(ack uint32, used *int) (exact unacked, found bool, partial int) {
	if w.isEmpty() || notLater(ack, w.lowest) {
		return
	}
	for int(w.taken) < len(w.ordered) {
		u := &w.ordered[w.taken]
		if notLater(ack, u.seq) {
			break
		}
		if earlier(ack, u.next) {
			u.seq, partial = ack, int(u.frame)
			break
		}
		if ack == u.next {
			exact, found = *u, true
		}
		w.taken++
	}
	if w.late != nil {
		w.late.settle(ack, &exact, &found, &partial)
	}
	w.lowest = ack // for now: all that are left begin at it or after
	w.shrink(used)
	return exact, found, partial
}

// sentAgain is the youngest repetition of what was acknowledged just now, which
// is in frame first as well; 0 for none.
func (w *waiting) sentAgain(first int) int {
	if w.late == nil || w.late.again == first {
		return 0
	}
	return w.late.again
}

// settle forgets what ack covers of those in disorder.
func (d *disorder) settle(ack uint32, exact *unacked, found *bool, partial *int) {
	d.steps += len(d.list)
	d.again = 0
	kept := d.list[:0]
	for _, u := range d.list {
		switch {
		case notLater(ack, u.seq):
		case earlier(ack, u.next):
			u.seq, *partial = ack, max(*partial, int(u.frame))
		default:
			if ack == u.next && !u.copied {
				d.again = max(d.again, int(u.frame))
			}
			if ack == u.next && (!*found || u.frame < exact.frame) {
				*exact, *found = u, true
			}
			continue
		}
		kept = append(kept, u)
	}
	if n := len(kept); d.steps > maxSteps && n > fewDisorder {
		kept = kept[:copy(kept, kept[n-fewDisorder:])]
	}
	d.list = kept
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
	if w.late == nil || len(w.late.list) > 0 {
		return
	}
	if n := cap(w.late.list); n > roomKept {
		*used -= n
		w.late.list = nil
	}
}

// clear forgets all.
func (w *waiting) clear(used *int) {
	w.ordered, w.taken = w.ordered[:0], 0
	if w.late != nil {
		w.late.list, w.late.steps = w.late.list[:0], 0
	}
	w.shrink(used)
}
