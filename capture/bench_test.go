package capture

import (
	"bytes"
	"testing"
)

// manyPackets is a capture of n small packets.
func manyPackets(format Format, n int) []byte {
	var out bytes.Buffer
	if format == PCAP {
		out.Write(little.header(magicMicro, 2, 4, 65535, 1))
		one := little.record(second, 1, len(frame), len(frame), frame)
		out.Write(bytes.Repeat(one, n))
	} else {
		out.Write(little.section(1, 0))
		out.Write(little.iface(LinkEthernet, 65535))
		out.Write(bytes.Repeat(little.packet(second*1e6), n))
	}
	return out.Bytes()
}

func TestNoAllocationPerPacket(t *testing.T) {
	for _, format := range []Format{PCAP, PCAPNG} {
		f, err := NewReader(bytes.NewReader(manyPackets(format, 20_001)))
		if err != nil {
			t.Fatal(err)
		}
		var p Packet
		if n := testing.AllocsPerRun(20_000, func() {
			if err := f.Next(&p); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations a packet", format, n)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	const packets = 100_000
	for _, format := range []Format{PCAP, PCAPNG} {
		b.Run(string(format), func(b *testing.B) {
			data := manyPackets(format, packets)
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				f, err := NewReader(bytes.NewReader(data))
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for p := new(Packet); ; n++ {
					if err := f.Next(p); err != nil {
						break
					}
				}
				if n != packets {
					b.Fatal(n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/packets, "ns/packet")
		})
	}
}
