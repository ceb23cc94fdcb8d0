package conversation

// Sequence numbers are compared in the circle of 2^32 (RFC 9293 §3.4): a is
// later than b when it is less than half the circle ahead.
func later(a, b uint32) bool    { return int32(a-b) > 0 }
func earlier(a, b uint32) bool  { return int32(a-b) < 0 }
func notLater(a, b uint32) bool { return int32(a-b) <= 0 }
