package view

// What the parts of a picture or a page mean, for what stands below it.
const (
	LadderKey = "Time runs down the page; ms: since the first moment; #: the frame in the capture. Each number stands with its bits " +
		"in the TCP header, counted from 0. x and y are the initial sequence numbers of client and server. An arrow slants since a segment " +
		"takes time on its way; how long, a capture at one place does not tell."
	HeaderKey = "32 bits a row, numbered from 0 at the header's first; below each value its bits as sent. " +
		"*: differs from the segment before in the same direction."
	AssumedKey = "?: assumed, not shown by that end."
	LostKey    = "A cross: lost, or not taken; a cross with ?: sent again, as no answer had come: it was lost, or its answer was, or nobody answered."
)
