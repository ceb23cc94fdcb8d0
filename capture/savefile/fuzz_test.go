package savefile

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

// FuzzRoundTrip: what is written is read back the same, as far as the format has
// room for it; what is refused has a reason, and leaves the file as it was.
func FuzzRoundTrip(f *testing.F) {
	f.Add(true, uint16(1), 1600, uint8(9), "lo", "the loopback", "two ends", "lost", int64(second), int32(5), 54, int8(-1), frame)
	f.Add(true, uint16(276), 0, uint8(6), "a\x00", "\xff", "\n", "h\xc3", int64(1)<<40, int32(-5), math.MaxInt32, int8(4), frame[:51])
	f.Add(false, uint16(65535), 60, uint8(6), "", "", "", "", int64(math.MaxUint32), int32(999_999_999), 128<<20, int8(0), []byte{})
	f.Add(false, uint16(1), 0, uint8(0), "", "", "", "", int64(0), int32(0), -1, int8(127), frame)
	f.Fuzz(func(t *testing.T, ng bool, link uint16, snaplen int, digits uint8, name, description, about, comment string, sec int64, nsec int32, length int, fcs int8, data []byte) {
		format := formats[0]
		if ng {
			format = formats[1]
		}
		section := capture.Section{Application: name, Comment: about}
		ifaces := []capture.Interface{
			{Name: name, Description: description, Link: capture.LinkType(link), Snaplen: snaplen, Digits: digits},
			{Name: description, Link: capture.LinkType(link), Snaplen: snaplen, Digits: digits},
		}
		if ng {
			ifaces[1].Link++
		}
		var out bytes.Buffer
		w, err := NewWriter(&out, format, section, ifaces)
		if wrong := digits > 9 || uint64(max(snaplen, 0)) > math.MaxUint32; (err != nil) != wrong {
			t.Fatal(err)
		} else if wrong {
			return
		}
		var want []capture.Packet
		for n := range 3 {
			p := capture.Packet{Number: len(want) + 1, Time: at(sec, nsec), Interface: n % 2, Link: ifaces[n%2].Link, FCS: fcs, Length: length, Data: data[:len(data)*(n+1)/3]}
			if n != 1 {
				p.Comment = comment
			}
			before := out.Len()
			if err := w.Write(&p); err == nil {
				want = append(want, expected(&p, format, digits))
			} else if !refusable(&p, format, snaplen, digits) || out.Len() != before {
				t.Fatalf("%v; %+v", err, p)
			}
		}
		file, got := readAll(t, out.Bytes())
		if link == uint16(capture.LinkERF) && !ng { // their time is that of the data
			for n := range got {
				got[n].Time = want[n].Time
			}
		}
		compare(t, got, want)
		compareHeads(t, file, section, ifaces)
	})
}

// expected is what of a packet the format keeps.
func expected(p *capture.Packet, format capture.Format, digits uint8) capture.Packet {
	e := *p
	e.Length = max(e.Length, len(e.Data))
	if e.FCS >= 16 || e.FCS <= 0 {
		e.FCS = -1
	}
	e.Comment = clean(e.Comment)
	if e.Time.Digits = digits; digits == 0 {
		e.Time.Digits = 9
	}
	if format == capture.PCAP {
		e.Interface, e.FCS, e.Comment = 0, -1, ""
		if e.Time.Digits = 9; 0 < digits && digits <= 6 {
			e.Time.Digits = 6
		}
	}
	sec, rest := e.Time.Sec, int64(e.Time.Nsec)
	for ; rest < 0; rest += 1e9 {
		sec--
	}
	for ; rest >= 1e9; rest -= 1e9 {
		sec++
	}
	unit := int64(math.Pow10(9 - int(e.Time.Digits)))
	e.Time.Sec, e.Time.Nsec = sec, int32(rest/unit*unit)
	return e
}

// refusable reports whether there is a reason to refuse a packet.
func refusable(p *capture.Packet, format capture.Format, snaplen int, digits uint8) bool {
	e := expected(p, format, digits)
	last := int64(math.MaxUint32)
	if format == capture.PCAPNG {
		last = int64(math.MaxUint64 / uint64(math.Pow10(int(max(e.Time.Digits, 1)))))
	}
	return e.Time.Sec < 0 || e.Time.Sec >= last || // the last second holds but some times
		len(p.Data) > capture.MaxCaptured || snaplen > 0 && len(p.Data) > snaplen || p.Length > math.MaxInt32 ||
		format == capture.PCAP && e.Time.Digits == 6 && e.Length > oddLength
}

func compareHeads(t *testing.T, f *capture.File, section capture.Section, ifaces []capture.Interface) {
	short := func(s string) string { s = clean(s); return s[:min(len(s), 512)] } // what the reader keeps
	if section.Application == "" {
		section.Application = Application
	}
	section.Application, section.Comment = short(section.Application), clean(section.Comment)
	for n := range ifaces {
		i := &ifaces[n]
		i.Name, i.Description, i.Snaplen = short(i.Name), short(i.Description), max(i.Snaplen, 0)
		if i.Digits == 0 {
			i.Digits = 9
		}
	}
	if f.Format == capture.PCAP {
		i := capture.Interface{Link: ifaces[0].Link, Snaplen: ifaces[0].Snaplen, Digits: 9}
		if i.Snaplen == 0 {
			i.Snaplen = capture.MaxCaptured
		}
		if ifaces[0].Digits <= 6 && i.Link != capture.LinkERF {
			i.Digits = 6
		}
		section, ifaces = capture.Section{}, []capture.Interface{i}
	}
	if got := f.Section(); got != section {
		t.Errorf("section %+v, want %+v", got, section)
	}
	if got := f.Interfaces(); !slices.Equal(got, ifaces) {
		t.Errorf("interfaces %+v, want %+v", got, ifaces)
	}
}
