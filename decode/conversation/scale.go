package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// maxShift is the largest window scale shift there is (RFC 7323 §2.3).
const maxShift = 14

// scaleWindow fills the scaled window of a segment. The windows of SYN and
// SYN+ACK are never scaled (RFC 7323 §2.2).
func scaleWindow(ev *Event, fwd *end) {
	s := ev.Segment
	ev.WindowSize = uint32(s.Window)
	if s.Flags.Has(decode.SYN) {
		return
	}
	ev.WindowScale = int32(fwd.scale)
	if fwd.scale >= 0 {
		ev.WindowScale = 1 << uint(fwd.scale)
		if ev.Sized {
			ev.WindowSize <<= uint(fwd.scale)
		}
	}
}

// learnScale notes a window scale option, or that there will be no scaling:
// it is used only when both SYNs carry the option (RFC 7323 §2.2).
func learnScale(s *decode.Segment, fwd, rev *end) {
	if s.Options.HasScale {
		fwd.scale = int8(min(s.Options.Scale, maxShift))
	}
	if s.Flags.Has(decode.SYN) {
		if fwd.scale == ScaleUnknown && len(s.Header) >= s.HeaderLen { // where the options are cut off nothing is known
			fwd.scale, rev.scale = ScaleUnused, ScaleUnused
		}
		fwd.unscaled = true
	} else if s.Flags.Has(decode.ACK) {
		fwd.unscaled = false
	}
}
