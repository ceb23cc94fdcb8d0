package capture

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"
)

func TestPcapng(t *testing.T) {
	e, n := little, len(frame)
	start := join(e.section(1, 0), e.iface(LinkEthernet, 65535))
	one := e.packet(second * 1e6)
	const first = "#1 1700000000.000000 54/54"
	const second2 = "; #2 1700000000.000000 54/54"
	resolution := func(tsresol byte, stamp uint64) []byte {
		return join(e.section(1, 0), e.iface(LinkEthernet, 0, e.option(optIfTsresol, tsresol)), e.packet(stamp))
	}
	offset := func(seconds int64, stamp uint64) []byte {
		return join(e.section(1, 0), e.iface(LinkEthernet, 0, e.option(optIfTsoffset, e.AppendUint64(nil, uint64(seconds))...)), e.packet(stamp))
	}
	mismatched := e.packet(second * 1e6)
	mismatched[len(mismatched)-4] = 99
	unpadded := e.packet(second * 1e6)
	unpadded[4], unpadded[len(unpadded)-4] = 86, 86
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"microseconds by default", join(start, one, one), first + second2},
		{"no packet", e.section(1, 0), ""},
		{"big endian", join(big.section(1, 0), big.iface(LinkEthernet, 65535), big.packet(second*1e6)), first},
		{"a section of the other byte order", join(start, one, big.section(1, 0), big.iface(LinkRaw, 0), big.packet(second*1e6)), first + second2 + " link 101 if 1"},
		{"interfaces of two link types and snaplens", join(start, e.iface(LinkSLL2, 96), one, e.enhanced(1, second*1e6, n, n, frame)), first + second2 + " link 276 if 1"},
		{"simple packets have no time", join(start, e.simple(n, frame), e.simple(n, frame)), "#1 no time 54/54; #2 no time 54/54"},
		{"simple, cut at the snaplen", join(e.section(1, 0), e.iface(LinkEthernet, 20), e.simple(n, frame[:20])), "#1 no time 54/20"},
		{"simple, snaplen 0", join(e.section(1, 0), e.iface(LinkEthernet, 0), e.simple(n, frame)), "#1 no time 54/54"},
		{"simple, too long", join(start, e.simple(100, frame)), "! packet 1 at byte 48: it claims 100 captured bytes; its block has room for 56"},
		{"simple before an interface", join(e.section(1, 0), e.simple(n, frame)), "! packet 1 at byte 28: a simple packet block before any interface of its section"},
		{"obsolete packets", join(start, e.obsolete(0, second*1e6, frame)), first},
		{"custom blocks are frames", join(start, one, e.block(blockCustom, make([]byte, 8)), e.block(blockCustomNoCopy, make([]byte, 8)), e.block(blockJournal, make([]byte, 24)), one), first + "; #5 1700000000.000000 54/54"},
		{"other blocks are not", join(start, one, e.block(4, make([]byte, 4)), e.block(5, make([]byte, 12)), e.block(10, make([]byte, 8)), e.block(0x80000055), one), first + second2},
		{"a huge block of no interest", join(start, one, e.block(0x55, make([]byte, maxBlock+5)), one), first + second2},
		{"captured more than there was", join(start, e.enhanced(0, second*1e6, n, 40, frame)), "#1 1700000000.000000 40/54"},
		{"captured more than the snaplen", join(e.section(1, 0), e.iface(LinkEthernet, 20), one), first},
		{"captured more than the block", join(start, e.enhanced(0, 0, 57, 57, frame)), "! packet 1 at byte 48: it claims 57 captured bytes; its block has room for 56"},
		{"captured far too much", join(start, e.enhanced(0, 0, 1<<31-1, n, frame)), "! packet 1 at byte 48: it claims 2147483647 captured bytes; a packet has at most 262144"},
		{"no interface", join(e.section(1, 0), one), "! packet 1 at byte 28: it is of interface 0; the section has described 0"},
		{"an interface of the section before", join(start, one, e.section(1, 0), one), first + "; ! packet 2 at byte 164: it is of interface 0; the section has described 0"},
		{"version 1.2", join(e.section(1, 2), e.iface(LinkEthernet, 0), one), first},
		{"a section of unknown version is skipped", join(start, one, e.section(9, 0), e.iface(LinkRaw, 0), one, e.section(1, 0), e.iface(LinkEthernet, 0), one), first + second2 + " if 1; ! packet 2 at byte 136: a section of version 9.0 was skipped; 1.0 is known"},
		{"nanoseconds", resolution(9, second*1e9+5), "#1 1700000000.000000005 54/54"},
		{"10^-0", resolution(0, second), "#1 1700000000 54/54"},
		{"10^-3", resolution(3, second*1e3+7), "#1 1700000000.007 54/54"},
		{"10^-10", resolution(10, second*1e10+12), "#1 1700000000.000000001 54/54"},
		{"10^-20", resolution(20, 1<<63), "#1 0.000000000 54/54"},
		{"2^-1", resolution(0x81, second*2+1), "#1 1700000000.5 54/54"},
		{"2^-20", resolution(0x94, second<<20+1<<19+1), "#1 1700000000.500000953 54/54"},
		{"2^-64", resolution(0xc0, 1<<63), "#1 0.000000000 54/54"},
		{"time of 64 bits", join(start, e.packet(1<<64-1)), "#1 18446744073709.551615 54/54"},
		{"offset", offset(3600, second*1e6), "#1 1700003600.000000 54/54"},
		{"offset before 1970", offset(-5, 500_000), "#1 -5.500000 54/54"},
		{"FCS of the interface", join(e.section(1, 0), e.iface(LinkEthernet, 0, e.option(optIfFcslen, 4)), one), first + " fcs 4"},
		{"FCS of the packet", join(start, e.enhanced(0, second*1e6, n, n, frame, e.option(optEpbFlags, e.AppendUint32(nil, 4<<5)...))), first + " fcs 4"},
		{"comments beyond 64 KiB are cut", join(start, e.enhanced(0, second*1e6, n, n, frame, e.option(optComment, bytes.Repeat([]byte{'c'}, 65000)...), e.option(optComment, bytes.Repeat([]byte{'d'}, 65000)...), e.option(optComment, 'x'))),
			first + ` "` + strings.Repeat("c", 65000) + `\n` + strings.Repeat("d", 1<<16-65001) + `"`},
		{"comments", join(start, e.enhanced(0, second*1e6, n, n, frame, e.option(optComment, 'h', 'i'), e.option(optComment, 'x'), e.option(optEnd))), first + ` "hi\nx"`},
		{"an option that does not fit", join(start, e.enhanced(0, second*1e6, n, n, frame, []byte{1, 0, 255, 255, 'h', 'i', 0, 0}), one), first + second2},
		{"lengths that differ", join(start, one, mismatched, one), first + "; ! packet 2 at byte 136: the block's length is 88 at its begin and 99 at its end"},
		{"a length without the padding", join(start, unpadded, one), first + second2},
		{"a length of 4", join(start, one, e.AppendUint32(e.AppendUint32(nil, 0x55), 4), one), first + "; ! packet 2 at byte 136: a block (type 0x55) of length 4; the shortest has 12 bytes"},
		{"zeros", join(start, one, make([]byte, 64)), first + "; ! packet 2 at byte 136: a block (type 0x0) of length 0; the shortest has 12 bytes"},
		{"a packet block longer than any", join(start, e.AppendUint32(e.AppendUint32(nil, 6), 1<<31), one), "! packet 1 at byte 48: a block (type 0x6) of length 2147483648; a packet needs less than 16777216"},
		{"a block of no interest longer than the file", join(start, e.AppendUint32(e.AppendUint32(nil, 0x55), 1<<32-1), one), "! packet 1 at byte 48: the file ends in this block: 96 bytes of 4294967296 are there"},
		{"cut in a packet", join(start, one, one[:60]), first + "; ! packet 2 at byte 136: the file ends in this block: 60 bytes of 88 are there"},
		{"cut in a block's first bytes", join(start, one, one[:5]), first + "; ! packet 2 at byte 136: the file ends in this block: 5 bytes of it are there"},
		{"cut in the section header", e.section(1, 0)[:20], "! packet 1 at byte 0: the file ends in this block: 20 bytes of 28 are there"},
		{"a byte order of its own", e.block(blockSection, []byte{1, 2, 3, 4}, make([]byte, 12)), "! packet 1 at byte 0: a section header with the byte-order magic 01020304"},
		{"a short section header", e.block(blockSection, e.AppendUint32(nil, sectionMagic)), "! packet 1 at byte 0: a section header of 16 bytes; it needs 28"},
		{"a short interface block", join(e.section(1, 0), e.block(blockInterface, make([]byte, 4))), "! packet 1 at byte 28: an interface block of 16 bytes; it needs 20"},
		{"a short packet block", join(start, e.block(blockEnhancedPacket, make([]byte, 8))), "! packet 1 at byte 48: an enhanced packet block of 20 bytes; it needs 32"},
	} {
		if got := fold(t, c.data); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestPcapngInterfaces(t *testing.T) {
	long := bytes.Repeat([]byte("x"), 60_000)
	f, err := NewReader(bytes.NewReader(join(
		big.section(1, 0), big.iface(LinkEthernet, 1600, big.option(optIfName, []byte("lo")...), big.option(optIfDescription, []byte("Loopback\x00")...)),
		little.section(1, 0), little.iface(LinkSLL2, 0, little.option(optIfName, long...), little.option(optIfTsresol, 9)))))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drainAll(t, f); err != nil {
		t.Fatal(err)
	}
	want := []Interface{{"lo", "Loopback", LinkEthernet, 1600, 6}, {strings.Repeat("x", maxText), "", LinkSLL2, 0, 9}}
	if got := f.Interfaces(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v", got)
	}
}

// The largest snaplen is one, also where an int has 32 bits.
func TestLargestSnaplen(t *testing.T) {
	for _, data := range [][]byte{
		little.header(magicMicro, 2, 4, 1<<32-1, 1),
		join(little.section(1, 0), little.iface(LinkEthernet, 1<<32-1)),
	} {
		f, err := NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := drainAll(t, f); err != nil || f.Interfaces()[0].Snaplen < math.MaxInt32 {
			t.Errorf("%+v, %v", f.Interfaces(), err)
		}
	}
}

// A section is known from its first packet on, the last one at the end.
func TestPcapngSections(t *testing.T) {
	section := func(e ng, major uint16, options ...[]byte) []byte {
		head := e.AppendUint16(e.AppendUint32(nil, sectionMagic), major)
		head = e.AppendUint64(e.AppendUint16(head, 0), 1<<64-1)
		return e.block(blockSection, append([][]byte{head}, options...)...)
	}
	long := bytes.Repeat([]byte("x"), 60_000)
	f, err := NewReader(bytes.NewReader(join(
		section(big, 1, big.option(optComment, []byte("one\x1b")...), big.option(optShbUserApplication, []byte("dumpcap\x00")...), big.option(optComment, 't', 'w', 'o'), big.option(optEnd)),
		big.iface(LinkEthernet, 0), big.packet(1),
		little.section(1, 0), little.iface(LinkEthernet, 0), little.packet(2),
		section(little, 1, little.option(optComment, long...), little.option(optComment, long...), little.option(optShbUserApplication, long...)),
		little.iface(LinkEthernet, 0), little.packet(3),
		section(little, 2, little.option(optComment, 'n', 'o')))))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []Section{
		{"dumpcap", "one\x1b\ntwo"},
		{},
		{strings.Repeat("x", maxText), strings.Repeat("x", 60_000) + "\n" + strings.Repeat("x", maxComment-60_001)},
		{},
	} {
		if err := f.Next(new(Packet)); (err != nil) != (n == 3) {
			t.Fatal(n, err)
		}
		if got := f.Section(); got != want {
			t.Errorf("%d: %.100q, want %.100q", n, got, want)
		}
	}
}

// Whatever a file claims, memory stays near what it holds.
func TestMemoryIsBounded(t *testing.T) {
	start := join(little.section(1, 0), little.iface(LinkEthernet, 0))
	manyInterfaces := append(little.section(1, 0), bytes.Repeat(little.iface(LinkEthernet, 0), MaxInterfaces+10)...)
	for name, data := range map[string][]byte{
		"a long block":         join(start, little.AppendUint32(little.AppendUint32(nil, 6), maxBlock)),
		"a long skipped block": join(start, little.AppendUint32(little.AppendUint32(nil, 0x55), 1<<32-4)),
		"a long record":        join(little.header(magicMicro, 2, 4, 0, 1), little.record(0, 0, MaxCaptured, MaxCaptured, nil)),
		"many interfaces":      manyInterfaces,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := NewReader(bytes.NewReader(data))
		if err == nil {
			_, err = drainAll(t, f)
		}
		runtime.ReadMemStats(&after)
		var damage *Damage
		if !errors.As(err, &damage) {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 40<<20 {
			t.Errorf("%s: %d MiB allocated", name, used>>20)
		}
	}
}
