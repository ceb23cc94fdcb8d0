package conversation

import (
	"fmt"
	"testing"
)

// What tshark -2 says of conversations by their first segment: on fresh ports,
// and on ports that a SYN takes over.
func TestCompletenessOfFirstSegment(t *testing.T) {
	for _, tt := range []struct{ script, want string }{
		{"> S 0", "[1]"},
		{"> SR 0", "[1]"},
		{"> SR 0 len 1", "[9]"},
		{"> SR 0; < RA 0 ack 1", "[37]"},
		{"> SFR 0; < A 0 ack 1", "[37]"},
		{"> SAR 0 ack 1", "[0]"},
		{"> RA 0 ack 1", "[0]"},
		{"> RA 0 ack 1; < R 1", "[36]"},

		{"> S 0; > S 9", "[1 1]"},
		{"> S 0; > SR 9", "[1 33]"},
		{"> S 0; > SR 9 len 1", "[1 33]"},
		{"> S 0; > S 9 len 1", "[1 1]"},
		{"> S 0; > SF 9", "[1 1]"},
		{"> S 0; > SFR 9", "[1 33]"},
		{"> S 0; > SR 9; < SA 0 ack 10", "[1 35]"},
		{"> S 0; > SA 9 ack 1", "[3]"}, // no new one
		{"> S 0; > SAR 9 ack 1", "[35]"},
		{"< S 0; > SR 9; > SR 19", "[33 33]"},
		{"> FPA 1 ack 1; < SFPR 9", "[0 33]"},
	} {
		var got []int
		_, ended := follow(t, tt.script)
		for i := range ended {
			got = append(got, int(ended[i].Seen))
		}
		if fmt.Sprint(got) != tt.want {
			t.Errorf("%s: %v, want %s", tt.script, got, tt.want)
		}
	}
}
