package decode

import "testing"

func TestFlags(t *testing.T) {
	for _, row := range []struct {
		flags                          Flags
		name, tcpdump, wireshark, bits string
	}{
		{0, "none", "[none]", "············", "00000000"},
		{SYN, "SYN", "[S]", "··········S·", "00000010"},
		{SYN | ACK, "SYN+ACK", "[S.]", "·······A··S·", "00010010"},
		{ACK, "ACK", "[.]", "·······A····", "00010000"},
		{PSH | ACK, "PSH+ACK", "[P.]", "·······AP···", "00011000"},
		{FIN | ACK, "FIN+ACK", "[F.]", "·······A···F", "00010001"},
		{FIN | PSH | ACK, "FIN+PSH+ACK", "[FP.]", "·······AP··F", "00011001"},
		{RST, "RST", "[R]", "·········R··", "00000100"},
		{RST | ACK, "RST+ACK", "[R.]", "·······A·R··", "00010100"},
		{SYN | ECE | CWR, "SYN+ECE+CWR", "[SEW]", "····CE····S·", "11000010"},
		{SYN | ACK | ECE, "SYN+ACK+ECE", "[S.E]", "·····E·A··S·", "01010010"},
		{URG | ACK, "ACK+URG", "[.U]", "······UA····", "00110000"},
		{AE | CWR | ECE | SYN, "SYN+ECE+CWR+AE", "[SEWe]", "···ACE····S·", "11000010"},
		{0xe00 | SYN, "SYN", "[S]", "RRR·······S·", "00000010"},
		{0xfff, "SYN+FIN+RST+PSH+ACK+URG+ECE+CWR+AE", "[FSRP.UEWe]", "RRRACEUAPRSF", "11111111"},
	} {
		if got := row.flags.String(); got != row.name {
			t.Errorf("%#03x: name %s, want %s", row.flags, got, row.name)
		}
		if got := row.flags.Tcpdump(); got != row.tcpdump {
			t.Errorf("%s: tcpdump %s, want %s", row.name, got, row.tcpdump)
		}
		if got := row.flags.Wireshark(); got != row.wireshark {
			t.Errorf("%s: Wireshark %s, want %s", row.name, got, row.wireshark)
		}
		if got := row.flags.Bits(); got != row.bits {
			t.Errorf("%s: bits %s, want %s", row.name, got, row.bits)
		}
	}
	if f := SYN | ACK; !f.Has(SYN) || !f.Has(SYN|ACK) || f.Has(SYN|FIN) {
		t.Error("Has does not ask for all bits")
	}
}

func TestFlagsAppendWithoutAllocation(t *testing.T) {
	buf := make([]byte, 0, 128)
	if n := testing.AllocsPerRun(100, func() {
		b := Flags(0xfff).Append(buf)
		b = Flags(0xfff).AppendTcpdump(b)
		b = Flags(SYN).AppendWireshark(b)
		_ = SYN.AppendBits(b)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestFlagLetters(t *testing.T) {
	for flags, want := range map[Flags]string{0: "········", SYN: "······S·", SYN | ACK: "···A··S·", 0xfff: "CEUAPRSF", AE | ACK: "···A····"} {
		if got := flags.Letters(); got != want {
			t.Errorf("%#x: %s, want %s", uint16(flags), got, want)
		}
	}
}
