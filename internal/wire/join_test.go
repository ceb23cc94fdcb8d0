package wire

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

type packets struct{ list []capture.Packet }

func (p *packets) Next(to *capture.Packet) error {
	if len(p.list) == 0 {
		return io.EOF
	}
	*to, p.list = p.list[0], p.list[1:]
	return nil
}

// TestJoin puts two captures together whose clocks differ: a handshake whose SYN+ACK
// was lost once, and a forged RST.
func TestJoin(t *testing.T) {
	client, server := netip.MustParseAddrPort("10.0.0.1:40000"), netip.MustParseAddrPort("10.0.0.2:80")
	const trip, ahead = 20 * time.Millisecond, 90 * time.Second
	base := time.Unix(1_700_000_000, 0)
	var ends [2][]capture.Packet
	note := func(end End, at time.Duration, data []byte) {
		if end == Server {
			at += ahead
		}
		ends[end] = append(ends[end], capture.Packet{Number: len(ends[end]) + 1, Time: capture.At(base.Add(at).UnixNano()), Link: capture.LinkIPv4, FCS: -1, Length: len(data), Data: data})
	}
	send := func(from End, at time.Duration, flags decode.Flags, seq, ack uint32, arrives bool) {
		s := Segment{From: client, To: server, Seq: seq, Ack: ack, Flags: flags}
		if from == Server {
			s.From, s.To = server, client
		}
		data := s.Packet()
		note(from, at, data)
		if arrives {
			note(from.Other(), at+trip/2, data)
		}
	}
	ms := time.Millisecond
	send(Client, 0, decode.SYN, 100, 0, true)
	send(Server, 10*ms, decode.SYN|decode.ACK, 500, 101, false)
	send(Client, 1000*ms, decode.SYN, 100, 0, true)
	send(Server, 1010*ms, decode.SYN|decode.ACK, 500, 101, true)
	send(Client, 1020*ms, decode.ACK, 101, 501, true)
	send(Client, 1021*ms, decode.ACK|decode.FIN, 101, 501, true)
	note(Server, 1025*ms, (&Segment{From: client, To: server, Seq: 9, Flags: decode.RST}).Packet())
	send(Server, 1040*ms, decode.ACK|decode.FIN, 501, 102, true)

	for _, swapped := range []bool{false, true} {
		a, b := &packets{ends[Client]}, &packets{ends[Server]}
		if swapped {
			a, b = b, a
		}
		j, err := Join(a, b)
		if err != nil {
			t.Fatal(err)
		}
		if j.Swapped != swapped || j.OneWay || j.Trip != trip || j.Offset != ahead {
			t.Errorf("swapped %t (want %t), one way %t, trip %v, offset %v", j.Swapped, swapped, j.OneWay, j.Trip, j.Offset)
		}
		var got string
		for _, r := range j.Records {
			got += fmt.Sprintf("%s %s %v; ", r.From, map[bool]string{true: "forged", false: r.Fate.String()}[r.Forged], r.Took())
		}
		want := "client arrived 10ms; server lost 0s; client arrived 10ms; server arrived 10ms; client arrived 10ms; client arrived 10ms; client forged 0s; server arrived 10ms; "
		if got != want {
			t.Errorf("swapped %t:\n%s, want\n%s", swapped, got, want)
		}
	}
	if _, err := Join(&packets{ends[0]}, &packets{}); !errors.Is(err, ErrNothingInCommon) {
		t.Errorf("with nothing in common: %v", err)
	}
}
