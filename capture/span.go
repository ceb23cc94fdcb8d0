package capture

// Span is how long it is from one Time to another: seconds and nanoseconds of
// the same sign. 64 bits of nanoseconds would hold 292 years, and captures hold
// more: clocks that were never set, and damaged records, whose Nsec here may be
// a second or more.
type Span struct {
	Sec  int64
	Nsec int32
}

// Since is how long it is from a to t. Where a record's fraction is no fraction
// of a second, it is what Wireshark makes of it.
func (t Time) Since(a Time) Span { return SpanOf(t.Sec-a.Sec, t.Nsec-a.Nsec) }

// SpanOf is so many seconds and nanoseconds, brought to the same sign.
func SpanOf(sec int64, nsec int32) Span {
	switch {
	case sec > 0 && nsec < 0:
		return Span{sec - 1, nsec + 1e9}
	case sec < 0 && nsec > 0:
		return Span{sec + 1, nsec - 1e9}
	}
	return Span{sec, nsec}
}

// Nanoseconds is the span for comparing it with what a protocol takes: 68 years
// where it is longer, so that a few can be added up.
func (s Span) Nanoseconds() int64 {
	const most = 1 << 31
	return min(max(s.Sec, -most), most)*1e9 + int64(s.Nsec)
}

// Seconds is the span in seconds, as closely as 53 bits can be.
func (s Span) Seconds() float64 { return float64(s.Sec) + float64(s.Nsec)/1e9 }
