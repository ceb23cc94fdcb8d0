package capture

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// checkReading reads anything to its end: it must come, with packets that keep
// their promises.
func checkReading(t *testing.T, data []byte) {
	f, err := NewReader(bytes.NewReader(data))
	if err != nil {
		return
	}
	defer f.Close()
	last, read := 0, 0
	for {
		var p Packet
		err := f.Next(&p)
		if err != nil {
			var damage *Damage
			if err != io.EOF && (!errors.As(err, &damage) || damage.Frame < 1 || damage.Offset < 0) {
				t.Fatalf("after packet %d: %v", last, err)
			}
			return
		}
		if p.Number <= last || len(p.Data) > MaxCaptured || p.Length < 0 || p.Interface >= len(f.Interfaces()) {
			t.Fatalf("%+v after packet %d", p, last)
		}
		last = p.Number
		if read += len(p.Data); f.Compression == "" && read > len(data) {
			t.Fatalf("%d bytes out of %d", read, len(data))
		}
	}
}

func FuzzPcap(f *testing.F) {
	for _, e := range []ng{little, big} {
		one := e.record(second, 1, len(frame), len(frame), frame)
		f.Add(join(e.header(magicMicro, 2, 4, 65535, 1), one, one))
		f.Add(join(e.header(magicNano, 2, 3, 0, 0x24000001), one))
		f.Add(join(e.header(magicModified, 2, 0, 65535, 276), one, one, one))
		f.Add(join(e.header(magicMicro, 2, 4, 65535, 13), e.records(2, make([]byte, 4), frame)))
		f.Add(join(e.header(magicMicro, 2, 2, 65535, 15), e.records(2, nil, frame)))
		f.Add(join(e.header(magicIxiaHard, 2, 4, 65535, uint32(LinkERF)), make([]byte, 4), one))
	}
	f.Fuzz(checkReading)
}

func FuzzPcapng(f *testing.F) {
	for _, e := range []ng{little, big} {
		start := join(e.section(1, 0), e.iface(LinkEthernet, 60, e.option(optIfTsresol, 0x94), e.option(optIfFcslen, 4)))
		f.Add(join(start, e.packet(1<<40), e.simple(54, frame), e.obsolete(0, 7, frame)))
		f.Add(join(start, e.block(blockCustom, make([]byte, 8)), e.enhanced(0, 9, 54, 54, frame, e.option(optComment, 'x'))))
		f.Add(join(start, e.section(2, 0), e.packet(1), e.section(1, 0), e.iface(LinkRaw, 0)))
	}
	f.Fuzz(checkReading)
}
