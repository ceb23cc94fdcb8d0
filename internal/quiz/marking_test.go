package quiz

import (
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// What students write in free form is taken for what it means, and for nothing else.
func TestFreeForms(t *testing.T) {
	synack := number{raw: 894602626, relative: 1, hasRelative: true, rule: "x + 1"}
	bytes := count{4, "bytes"}
	offset := length{count{8, ""}}
	tries := count{3, ""}
	after := span(1_500_000)
	server := side{false, [2]string{"192.0.2.10:42156", "198.51.100.20:6000"}}
	loopback := side{false, [2]string{"127.0.0.1:44252", "127.0.0.1:6000"}}
	fins := frames{19, 20}
	options := optionSet{"mss", "sackOK", "timestamps", "wscale"}
	letters := choice{1, []string{"SYN is set", "SYN and ACK are both set", "a letter"}}
	address := socket{"192.0.2.10", 42156}
	v6 := socket{"2001:db8::1", 443}
	for _, test := range []struct {
		answer Answer
		right  []string
		wrong  []string // read, and wrong
		none   []string // not read: no try is lost
	}{
		{synack, []string{"894602626", "894,602,626", "894.602.626", "894 602 626", "0x35528d82", "1", "relative 1", "1 (relative)", "rel. 1", "raw 894602626", "894602626 (raw)", "ack=1", "Ack: 894602626", "x+1", "x + 1", "X+1", "1."},
			[]string{"2", "0", "raw 1", "relative 894602626", "894602625", "y+1"}, []string{"", "one", "89.46"}},
		{bytes, []string{"4", "4 bytes", "4 Byte", "4B", "4 octets", "bytes: 4"[7:], "0x4"}, []string{"5", "4000 bytes"}, []string{"4 words", "four"}},
		{offset, []string{"8", "8 words", "0x8"}, []string{"32", "32 bytes", "9"}, nil},
		{tries, []string{"3", "3 times", "3x", "3×"}, []string{"2 times"}, nil},
		{after, []string{"1.5 ms", "1.5", "1,5 ms", "1500 µs", "1500us", "0.0015 s", "0.0015 seconds", "1.5 milliseconds", "1500 microseconds"}, []string{"1.5 s", "15 ms"}, []string{"soon"}},
		{server, []string{"server", "The Server", "the server.", "S", "198.51.100.20:6000", "198.51.100.20", "6000"}, []string{"client", "192.0.2.10", "42156"}, []string{"127.0.0.1", "both"}},
		{loopback, []string{"6000", "127.0.0.1:6000"}, []string{"44252"}, []string{"127.0.0.1"}},
		{fins, []string{"#19, #20", "20 19", "19 and 20", "19 & 20", "Frames 19 and 20", "packets 19, 20", "19/20", "no. 19, no. 20"}, []string{"19", "19 20 21"}, []string{"both"}},
		{options, []string{"mss, sackOK, timestamps, wscale", "MSS, SACK_PERM, TSval, WS", "MSS=65495 SACK_PERM TSval=2608512327 TSecr=0 WS=1024", "mss 65495, sackOK, TS val 2608512327 ecr 0, nop, wscale 10",
			"Maximum segment size, SACK permitted, timestamps and window scale", "2, 4, 8, 3", "mss; wscale; sack; ts"}, []string{"mss", "window scale"}, []string{"md5"}},
		{letters, []string{"B", "b", "b)", "B.", "(B)", "2", "SYN and ACK are both set", "B: SYN and ACK are both set", "B  syn and ack are both set"}, []string{"A", "a letter", "C: a letter"}, []string{"D", "maybe", "B: SYN is set"}},
		{yes(true), []string{"yes", "Yes.", "y", "yes, both have it", "true"}, []string{"no", "No: one has it not"}, []string{"perhaps"}},
		{address, []string{"192.0.2.10:42156", "192.0.2.10 42156", "192.0.2.10, port 42156", "192.0.2.10 Port 42156", "192.0.2.10 (42156)", "192.0.2.10.42156"}, []string{"192.0.2.10:80"}, []string{"42156", "192.0.2.10"}},
		{v6, []string{"[2001:db8::1]:443", "2001:DB8::1 443", "2001:db8:0::1 port 443", "2001:db8::1.443"}, []string{"[2001:db8::2]:443"}, nil},
		{flags(decode.SYN | decode.ACK), []string{"SYN=1, ACK=1", "SYN = 1 ACK = 1 FIN = 0", "SYN and ACK", "the SYN and ACK flags are set", "SYN, ACK.", "0001 0010", "0b10010", "010010", "000000010010", "[S.]", "0x12", "18"},
			[]string{"SYN=1, ACK=0", "SYN only", "0000 0010", "12"}, []string{"10010", "SYN=2", "hello"}},
	} {
		q := Question{Answer: test.answer}
		for _, given := range test.right {
			if !q.Mark(given).Right {
				t.Errorf("%q is %s, and is not taken", given, test.answer)
			}
		}
		for _, given := range test.wrong {
			if m := q.Mark(given); m.Right || !m.Read {
				t.Errorf("%q is not %s: marked %+v", given, test.answer, m)
			}
		}
		for _, given := range test.none {
			if m := q.Mark(given); m.Right || m.Read {
				t.Errorf("%q says nothing of %s: marked %+v", given, test.answer, m)
			}
		}
	}
}
