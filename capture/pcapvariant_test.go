package capture

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"testing"
	"time"
)

// records are n records with more behind each one's lengths.
func (e ng) records(n int, more, data []byte) (all []byte) {
	for i := range n {
		all = append(all, e.record(second+uint32(i), 1001*uint32(i), len(data), len(data), join(more, data))...)
	}
	return all
}

// Every variant of classic pcap that Wireshark opens, in both byte orders.
func TestPcapVariants(t *testing.T) {
	const twoMicro = "#1 1700000000.000000 54/54; #2 1700000001.001001 54/54"
	const oneMicro = "#1 1700000000.000000 54/54"
	const twoNano = "#1 1700000000.000000000 54/54; #2 1700000001.000001001 54/54"
	for _, e := range []ng{little, big} {
		kuznetzov := join(e.AppendUint32(nil, 2), e.AppendUint16(nil, 0x800), []byte{0, 0})
		suse := join(kuznetzov, make([]byte, 4))
		nokia := e.AppendUint32(nil, 0x9fbfb601)
		standard := e.header(magicMicro, 2, 4, 65535, 1)
		modified := e.header(magicModified, 2, 4, 65535, 1)
		aix := func(link uint32) []byte { return e.header(magicMicro, 2, 2, 65535, link) }
		padded := join([]byte{0, 0, 0}, frame)
		for _, c := range []struct {
			name string
			data []byte
			want string
		}{
			{"Red Hat 6.1", join(standard, e.records(2, kuznetzov, frame)), twoMicro},
			{"Red Hat 6.1, one packet", join(standard, e.records(1, kuznetzov, frame)), oneMicro},
			{"Red Hat 6.1, version 2.3", join(e.header(magicMicro, 2, 3, 65535, 1), e.records(2, kuznetzov, frame)), twoMicro},
			{"Nokia", join(standard, e.records(2, nokia, frame)), twoMicro},
			{"Nokia, as editcap writes it", join(standard, e.records(2, make([]byte, 4), frame)), twoMicro},
			{"Nokia, one packet", join(standard, e.records(1, nokia, frame)), oneMicro},
			{"Nokia, ATM", join(e.header(magicMicro, 2, 4, 65535, 13), e.records(2, nokia, frame)), "#1 1700000000.000000 50/50 link 100; #2 1700000001.001001 50/50 link 100"},
			{"FRITZ!Box", join(modified, e.records(2, kuznetzov, frame)), twoMicro},
			{"FRITZ!Box, no packet", modified, ""},
			{"SuSE 6.3", join(modified, e.records(2, suse, frame)), twoMicro},
			{"SuSE 6.3, one packet", join(modified, e.records(1, suse, frame)), oneMicro},
			{"Ixia's hardware", join(e.header(magicIxiaHard, 2, 4, 65535, 1), make([]byte, 4), e.records(2, nil, frame)), twoNano},
			{"Ixia's software", join(e.header(magicIxiaSoft, 2, 4, 65535, 1), make([]byte, 4), e.records(2, nil, frame)), twoMicro},
			{"Ixia's, cut in the header", join(e.header(magicIxiaSoft, 2, 4, 65535, 1), make([]byte, 3)), "! packet 1 at byte 0: the file ends in its header: 27 of 28 bytes"},
			{"AIX, Ethernet", join(aix(6), e.records(2, nil, frame)), twoNano},
			{"AIX, token ring", join(aix(9), e.records(1, nil, frame)), "#1 1700000000.000000000 54/54 link 6"},
			{"AIX, FDDI", join(aix(15), e.records(1, nil, padded)), "#1 1700000000.000000000 54/54 link 10"},
			{"AIX, FDDI, less than the padding", join(aix(15), e.records(1, nil, padded[:2])), "#1 1700000000.000000000 0/0 link 10"},
			{"AIX, loopback", join(aix(24), e.records(1, nil, frame)), "#1 1700000000.000000000 54/54 link 0"},
			{"version 2.2, not AIX", join(aix(1), e.records(2, nil, frame)), twoMicro},
			{"version 2.2, nanoseconds, not AIX", join(e.header(magicNano, 2, 2, 65535, 6), e.records(1, nil, frame)), "#1 1700000000.000000000 54/54 link 6"},
			// What is odd about the first record is no reason to take another header.
			{"captured more than there was", join(standard, e.record(second, 0, 54, 40, frame), e.records(1, nil, frame)), "#1 1700000000.000000 40/54; #2 1700000000.000000 54/54"},
			{"nothing is better", join(standard, e.records(1, nil, frame), e.record(second, 1, 54, 40, frame)), "#1 1700000000.000000 54/54; #2 1700000000.000001 40/54"},
		} {
			if got := fold(t, c.data); got != c.want {
				t.Errorf("%s, %v:\n got %s\nwant %s", c.name, e, got, c.want)
			}
		}
	}
}

// A packet that comes through a pipe is handed out before the next one is
// there, whatever its header might look like.
func TestPipeIsNotLookedAhead(t *testing.T) {
	r, w, err := os.Pipe()
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.SetReadDeadline(time.Now().Add(10 * time.Second))
	w.Write(join(little.header(magicModified, 2, 4, 65535, 1), little.records(1, make([]byte, 8), frame)))
	f, err := NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	var p Packet
	if err := f.Next(&p); err != nil || !bytes.Equal(p.Data, frame) {
		t.Error(err, p)
	}
}

// What of a slow stream is there already is looked at all the same.
func TestVariantOfSlowStream(t *testing.T) {
	f, err := NewReader(slowReader{bytes.NewReader(join(little.header(magicMicro, 2, 4, 65535, 1), little.records(3, make([]byte, 8), frame)))})
	if err != nil {
		t.Fatal(err)
	}
	if packets, err := drainAll(t, f); len(packets) != 3 || err != nil {
		t.Error(len(packets), err)
	}
}

// slowReader does not say what it is.
type slowReader struct{ io.Reader }

func (slowReader) Stat() (fs.FileInfo, error) { return nil, os.ErrInvalid }
