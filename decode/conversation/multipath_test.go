package conversation

import (
	"strings"
	"testing"
)

// An ACK is no duplicate while the conversation's MPTCP subtypes are new to
// its sender. The scripts were held against tshark.
func TestDuplicateWithMultipath(t *testing.T) {
	capable, dss, address := []byte{30, 4, 0x01, 0}, []byte{30, 4, 0x20, 0}, []byte{30, 4, 0x30, 0}
	reset := []byte{30, 4, 0x80, 0} // no bit for it
	for _, tt := range []struct {
		name    string
		options [][]byte // of the ACKs after the handshake
		want    string   // D for a duplicate
	}{
		{"none", [][]byte{nil, nil}, "DD"},
		{"new, then known", [][]byte{dss, dss, dss}, "D-D"},
		{"new, then none", [][]byte{dss, nil, nil}, "D-D"},
		{"one after the other", [][]byte{address, address, dss, dss, dss}, "D-D-D"},
		{"two at once", [][]byte{append(dss[:4:4], address...), dss, dss}, "D-D"},
		{"subtype 8", [][]byte{reset, nil}, "DD"},
	} {
		script := "> S 0; < SA 0 ack 1; > A 1 ack 1" + strings.Repeat("; > A 1 ack 1", len(tt.options))
		tr := NewTracker(Config{})
		got := ""
		for i, s := range parse(t, script) {
			s.Options.Raw, s.Options.MPTCP = capable, true
			if i >= 3 {
				s.Options.Raw = tt.options[i-3]
				s.Options.MPTCP = s.Options.Raw != nil
			}
			var ev Event
			tr.Add(s, &ev)
			switch {
			case i < 3:
			case ev.Analysis&DuplicateAck != 0:
				got += "D"
			default:
				got += "-"
			}
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
