package view

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// appendBelowField says below a field what its value comes of, or shows.
func appendBelowField(dst []byte, r *Row) []byte {
	switch {
	case r.field.key == "tcp.hdr_len":
		return appendLengths(dst, r)
	case r.field.key == "tcp.ack_raw" && r.Has&hasAckRTT != 0 && r.Event.AcksFrame > 0:
		dst = decimal.AppendInt(append(dst, "acknowledges #"...), int64(r.Event.AcksFrame))
		return append(appendMs(append(dst, ": round trip (RTT) "...), r.Event.AckRTT), " ms"...)
	}
	return dst
}

// appendLengths says, below the data offset, how the lengths in the IP header add up
// to those of the TCP header and the data. Nothing where they do not, as behind
// extension headers, or where the device was to cut what is here.
func appendLengths(dst []byte, r *Row) []byte {
	s := r.Segment
	if s.Excerpt || s.Fragmented || s.IPLength == 0 {
		return dst
	}
	total, carried := int(s.IPLength), s.HeaderLen+s.PayloadLen
	switch {
	case s.IPVersion == 4 && total-int(s.IPHeader) == carried:
		return fmt.Appendf(dst, "IPv4: total length %d - header %d = %d = TCP header %d + data %d",
			total, s.IPHeader, carried, s.HeaderLen, s.PayloadLen)
	case s.IPVersion == 6 && total == carried:
		return fmt.Appendf(dst, "IPv6: payload length %d = TCP header %d + data %d", carried, s.HeaderLen, s.PayloadLen)
	}
	return dst
}

// appendScaled appends a window with its scale: "64 × 1024 = 65536".
func appendScaled(dst []byte, r *Row) []byte {
	dst = append(append(dst, r.field.value...), " × "...)
	dst = decimal.AppendInt(dst, int64(r.Event.WindowScale))
	return decimal.Append(append(dst, " = "...), uint64(r.Event.WindowSize))
}
