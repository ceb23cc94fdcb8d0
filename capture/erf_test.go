package capture

import "testing"

// The time of Endace's records is their own in pcap; pcapng's blocks have a
// better one.
func TestERFTime(t *testing.T) {
	record := func(fraction uint32) []byte {
		head := little.AppendUint32(nil, fraction)
		head = little.AppendUint32(head, second)
		return join(head, []byte{2, 0, 0, 72, 0, 0, 0, 54, 0, 0}, frame)
	}
	for fraction, want := range map[uint32]string{
		0:          "1700000000.000000000",
		2:          "1700000000.000000000",
		3:          "1700000000.000000001", // rounded, as all are
		0x028f5c29: "1700000000.010000000",
		0x80000000: "1700000000.500000000",
		0xfffffff0: "1700000000.999999996",
		0xfffffffd: "1700000000.999999999",
		0xfffffffe: "1700000001.000000000",
		0xffffffff: "1700000001.000000000",
	} {
		for _, e := range []ng{little, big} {
			data := record(fraction)
			file := join(e.header(magicMicro, 2, 4, 65535, uint32(LinkERF)), e.record(7, 7, len(data), len(data), data))
			if got, want := fold(t, file), "#1 "+want+" 72/72 link 197"; got != want {
				t.Errorf("%#x: %s, want %s", fraction, got, want)
			}
		}
	}
	short := join(little.header(magicMicro, 2, 4, 65535, uint32(LinkERF)), little.records(1, nil, frame[:15]))
	if got, want := fold(t, short), "#1 1700000000.000000 15/15 link 197"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	data := record(0x80000000)
	block := join(little.section(1, 0), little.iface(LinkERF, 0), little.enhanced(0, 7e6, len(data), len(data), data))
	if got, want := fold(t, block), "#1 7.000000 72/72 link 197"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
