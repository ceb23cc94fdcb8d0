package wire

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
)

// Ends are the ends of the cable that a capture file is of.
type Ends uint8

// The ends that can be saved.
const (
	BothEnds Ends = iota
	ClientEnd
	ServerEnd
)

// endNames are what the interfaces of such a file are called. Of both ends the
// client's is the first.
var endNames = [2]string{"client's end", "server's end"}

// BothComment is what a file of both ends says of itself.
const BothComment = "a cable at both ends: each packet stands once where it was sent, and once where it arrived"

// Save writes records as a capture file, pcapng with nanoseconds: at each end what
// was sent there, and what has arrived. A comment a packet says what became of it.
func Save(w io.Writer, records []*Record, of Ends) error { return SaveNamed(w, records, of, "") }

// SaveNamed is Save of what has a title: lines for the section's comment.
func SaveNamed(w io.Writer, records []*Record, of Ends, title string) error {
	type item struct {
		at     int64
		packet capture.Packet
	}
	link := linkOf(records)
	var items []item
	add := func(r *Record, end End, at int64, data []byte) {
		p := capture.Packet{Time: capture.At(at), Link: link, FCS: -1, Length: len(data), Data: data, Comment: r.comment(end)}
		switch {
		case of == BothEnds:
			p.Interface = int(end)
		case of == ClientEnd && end == Server, of == ServerEnd && end == Client:
			return
		}
		items = append(items, item{at, p})
	}
	for _, r := range records {
		if !r.Forged {
			add(r, r.From, r.Sent, r.Data)
		}
		if r.Fate == Arrived {
			add(r, r.To(), r.Arrival, r.Landed())
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.at, b.at) })
	var interfaces []capture.Interface
	for end, name := range endNames {
		if of == BothEnds || int(of)-1 == end {
			interfaces = append(interfaces, capture.Interface{Name: name, Link: link, Digits: 9})
		}
	}
	section := capture.Section{}
	if of == BothEnds {
		section.Comment = BothComment
		if title != "" {
			section.Comment += "\n" + title
		}
	}
	writer, err := savefile.NewWriter(w, capture.PCAPNG, section, interfaces)
	if err != nil {
		return err
	}
	for i := range items {
		items[i].packet.Number = i + 1
		if err := writer.Append(&items[i].packet); err != nil {
			return err
		}
	}
	return writer.Flush()
}

// linkOf is the link type of records: that of their version of IP.
func linkOf(records []*Record) capture.LinkType {
	if len(records) > 0 && isV6(records[0].Data) {
		return capture.LinkIPv6
	}
	return capture.LinkIPv4
}

// comment says what became of a packet, as seen from an end. It begins with the
// record's number, by which the two ends of a file are put together again (see
// Join); each further part stands behind a semicolon.
func (r *Record) comment(end End) string {
	parts := []string{fmt.Sprintf("cable %d", r.Number)}
	switch {
	case r.Fate == Lost:
		parts = append(parts, "lost")
	case r.CopyOf != 0:
		parts = append(parts, fmt.Sprintf("a copy of %d", r.CopyOf))
	case r.Forged:
		parts = append(parts, "no host has sent it")
	}
	if r.Why != "" {
		parts = append(parts, "by the cable: "+strings.ReplaceAll(r.Why, ";", ","))
	}
	if k := &r.Kernel[end]; k.Known {
		text := "kernel: " + k.State.String()
		if more := k.More(); more != "" {
			text += ", " + more
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}
