package rows

import (
	"slices"

	"github.com/handshake-lab/handshake-lab/internal/view"
)

// basis says what a column's value depends on, so that neighbours with the same
// basis can be cached together: half of a row of segments is.
type basis uint8

const (
	notCached basis = iota
	onEnds
	onWindow
	onStates
	bases
)

// columnsOn are the columns of each basis. What they are made of must be part of what is
// compared when they are looked up.
var columnsOn = [bases][]string{
	onEnds:   {"ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.stream"},
	onWindow: {"tcp.hdr_len", "tcp.flags", "tcp.flags.str", "tcp.window_size_value", "tcp.window_size", "tcp.window_size_scalefactor"},
	onStates: {"lab.step", "lab.flags_bits", "lab.client_state", "lab.client_proved", "lab.server_state", "lab.server_proved"},
}

// basesOf returns the basis of each column of a view. A basis is given to the
// longest run of its columns alone, if that is more than one, so that what is
// cached for it is always the same columns.
func basesOf(columns []view.KeyColumn) []basis {
	of := make([]basis, len(columns))
	for b := onEnds; b < bases; b++ {
		first, end, from := 0, 1, 0 // the longest run so far; the last one
		for i, c := range columns {
			if c.Needs == 0 || !slices.Contains(columnsOn[b], c.Key) { // what needs nothing is not of segments alone
				from = i + 1
			} else if i+1-from > end-first {
				first, end = from, i+1
			}
		}
		for i := first; i < end && end-first > 1; i++ {
			of[i] = b
		}
	}
	return of
}
