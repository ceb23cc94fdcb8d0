package wire

import (
	"net/netip"
	"slices"
	"time"
)

// Which segment of one capture is which of the other.

// matchUnique pairs what stands once in each capture.
func matchUnique(sides [2][]*seen) {
	var by [2]map[key][]*seen
	for i, side := range sides {
		by[i] = make(map[key][]*seen, len(side))
		for _, s := range side {
			by[i][s.key] = append(by[i][s.key], s)
		}
	}
	for k, here := range by[0] {
		if there := by[1][k]; len(here) == 1 && len(there) == 1 {
			here[0].other, there[0].other = there[0], here[0]
		}
	}
}

// slackOf is how much earlier than it was sent a segment may seem to arrive.
const slackOf = int64(200 * time.Microsecond)

// matchRest pairs what stands more than once in a capture by time: each arrival is
// that of the last one that was sent before it. Then segments that were cut up or put
// together on the way are found by their numbers.
func matchRest(sides [2][]*seen, near map[netip.Addr]int) {
	arrivals := [2]map[key][]*seen{{}, {}} // by where they arrived
	for i, side := range sides {
		for _, s := range side {
			if s.other == nil && near[s.src] != i {
				arrivals[i][s.key] = append(arrivals[i][s.key], s)
			}
		}
	}
	for i, side := range sides {
		waiting := arrivals[1-i]
		for _, sent := range slices.Backward(side) {
			if sent.other != nil || near[sent.src] != i {
				continue
			}
			list := waiting[sent.key]
			if n := len(list) - 1; n >= 0 && list[n].at >= sent.at-slackOf {
				sent.other, list[n].other = list[n], sent
				waiting[sent.key] = list[:n]
			}
		}
	}
	for i, side := range sides {
		for _, sent := range side {
			if sent.other != nil || near[sent.src] != i || sent.numbers.size == 0 {
				continue
			}
			for _, got := range sides[1-i] {
				if got.key.src == sent.key.src && got.key.dst == sent.key.dst && got.at >= sent.at-slackOf && overlaps(sent.numbers, got.numbers) {
					sent.other = got
					if got.other == nil {
						got.other = sent
					}
				}
			}
		}
	}
}

// overlaps reports whether two ranges of sequence numbers have a number in common.
func overlaps(a, b span) bool {
	return b.size > 0 && (a.from-b.from < b.size || b.from-a.from < a.size)
}
