package conversation

import "github.com/handshake-lab/handshake-lab/capture"

// stamp is a capture time as far as differences need it. The zero stamp
// stands for no time, as in Wireshark.
type stamp struct {
	sec  int64 // seconds since 1970-01-01 UTC
	nsec int32 // on top; as stored
}

func stampOf(t capture.Time) stamp { return stamp{t.Sec, t.Nsec} }

// since returns the nanoseconds from a to t.
func (t stamp) since(a stamp) int64 {
	if uint32(t.nsec) < 1e9 && uint32(a.nsec) < 1e9 {
		return (t.sec-a.sec)*1e9 + int64(t.nsec) - int64(a.nsec)
	}
	return t.sinceDamaged(a)
}

// sinceDamaged is for records whose fraction is no fraction of a second.
// Wireshark subtracts it in 32 bits and writes its ten digits behind the
// point; so that both programs say the same, so is it here.
func (t stamp) sinceDamaged(a stamp) int64 {
	sec, nsec := t.sec-a.sec, t.nsec-a.nsec
	if sec > 0 && nsec < 0 {
		sec, nsec = sec-1, nsec+1e9
	} else if sec < 0 && nsec > 0 {
		sec, nsec = sec+1, nsec-1e9
	}
	if nsec >= 1e9 || nsec <= -1e9 {
		nsec /= 10
	}
	return sec*1e9 + int64(nsec)
}
