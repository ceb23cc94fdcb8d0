package quiz

import (
	"fmt"
	"slices"
)

// plain are the frames of a connection whose headers can be read whole.
func (x *Exchange) plain() (list []*Frame) {
	for _, f := range x.Frames {
		if f.isPlain() {
			list = append(list, f)
		}
	}
	return list
}

func askHeaderLength(m *maker, x *Exchange) {
	f := pick(m, x.plain())
	if f == nil {
		return
	}
	total := f.HeaderLen + f.PayloadLen
	mistakes := []Mistake{
		{count{uint64(total + int(f.IPHeader)), "bytes"}, "That is the whole IP packet, with IP's own header."},
		{count{uint64(f.HeaderLen / 4), "bytes"}, "That is the data offset, in words of 32 bits. Times 4 it is bytes."},
		{count{20, "bytes"}, "20 bytes is the header without options. This one has some."},
		{count{uint64(f.HeaderLen - 20), "bytes"}, "Those are the options alone; 20 bytes stand before them."},
	}
	if f.PayloadLen > 0 {
		mistakes = append(mistakes, Mistake{count{uint64(total), "bytes"}, "That is header and data together."})
	}
	m.add(Question{
		Ask:      fmt.Sprintf("The IP packet of %s carries %d bytes of TCP, and %d of them are data. How long is the TCP header, in bytes?", hash(f.Number), total, f.PayloadLen),
		Show:     []Exhibit{table([]Column{Flags, IPLen, Len}, []*Frame{f}).with(Flags)},
		asks:     []fact{{column: IPLen, frame: f.Number}},
		tells:    f.facts(Len),
		Answer:   length{count{uint64(f.HeaderLen), "bytes"}},
		Mistakes: mistakes,
		Why:      fmt.Sprintf("%d - %d = %d bytes: TCP has no field for the length of its data; it is what the IP packet carries less the header.", total, f.PayloadLen, f.HeaderLen),
		Section:  "RFC 9293 §3.1",
	})
}

func askDataOffset(m *maker, x *Exchange) {
	f := pick(m, x.plain())
	if f == nil {
		return
	}
	words := f.HeaderLen / 4
	m.add(Question{
		Ask:    fmt.Sprintf("The header of %s has %d bytes of options, padding included. What stands in its Data Offset field?", hash(f.Number), f.HeaderLen-20),
		Answer: length{count{uint64(words), ""}},
		Mistakes: []Mistake{
			{count{uint64(f.HeaderLen), ""}, "That is the header's length in bytes. The field counts words of 32 bits."},
			{count{uint64((f.HeaderLen - 20) / 4), ""}, "Those are the options alone. The field counts the whole header, 5 words before the options."},
			{count{uint64(f.HeaderLen - 20), ""}, "Those are the bytes of the options alone. The field counts words, of the whole header."},
			{count{5, ""}, "5 is the header without options."},
		},
		Show:    []Exhibit{table([]Column{Flags}, []*Frame{f}).with(Flags)},
		asks:    []fact{{column: IPLen, frame: f.Number}},
		Why:     fmt.Sprintf("20 + %d = %d bytes; %d / 4 = %d words of 32 bits.", f.HeaderLen-20, f.HeaderLen, f.HeaderLen, words),
		Section: "RFC 9293 §3.1",
	})
}

func askSACK(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	syn, synack := list[0], list[1]
	both := syn.Segment.Options.SACKPermitted
	if synack.Segment.Options.SACKPermitted != both {
		return // by RFC 2018 §2 one direction may use it; by what systems do, none does
	}
	why, no := "Both the SYN and the SYN+ACK carry sackOK, so each end may send SACK blocks.", "sackOK stands in both: look among the options of each."
	if !both {
		why, no = "An end may send SACK blocks only where it has received sackOK. It stands neither in the SYN nor in the SYN+ACK.", "It takes sackOK, which stands in neither: look among the options of each."
	}
	m.add(Question{
		Ask:      "May this connection use selective acknowledgments (SACK)?",
		Show:     []Exhibit{table([]Column{From, Flags, Options}, list[:2]).with(Flags)},
		Answer:   yes(both),
		Mistakes: []Mistake{{yes(!both), no}},
		Why:      why,
		Section:  "RFC 2018 §2",
	})
}

func askSYNOptions(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	f := list[pickStep(m)]
	names := optionNames(f)
	if len(names) == 0 {
		return
	}
	m.add(Question{
		Ask:     fmt.Sprintf("Which options does %s carry? NOP and the end of the list do not count.", hash(f.Number)),
		Show:    []Exhibit{header(f)},
		Answer:  optionSet(names),
		asks:    []fact{{column: Options, frame: f.Number}},
		Why:     fmt.Sprintf("The options begin at bit 160, with the byte 21: kind 2 is mss, 3 wscale, 4 sackOK, 8 timestamps. Here: %s.", optionsText(&f.Segment.Options)),
		Section: "RFC 9293 §3.1 and §3.2",
	})
}

func pickStep(m *maker) int { return m.IntN(2) }

// optionNames are the four options that lab sheets ask for; nil where there are
// others too.
func optionNames(f *Frame) (names []string) {
	o := &f.Segment.Options
	for option := range o.All() {
		switch option.Kind {
		case 0, 1:
		case 2:
			names = append(names, "mss")
		case 3:
			names = append(names, "wscale")
		case 4:
			names = append(names, "sackOK")
		case 8:
			names = append(names, "timestamps")
		default:
			return nil
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func askEcho(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	at := 1 + m.IntN(2)
	of, f := list[at-1], list[at]
	a, b := &of.Segment.Options, &f.Segment.Options
	if !a.HasTimestamps || !b.HasTimestamps || b.TSEcr != a.TSVal || a.TSVal == 0 {
		return
	}
	q := Question{
		Ask:    fmt.Sprintf("%s answers %s, and both have the timestamps option. Which TSecr (ecr) does %s carry?", hash(f.Number), hash(of.Number), hash(f.Number)),
		Show:   []Exhibit{table([]Column{From, Flags, Options}, []*Frame{of, f}, Cell{f.Number, Echo}).with(Flags)},
		Answer: count{uint64(b.TSEcr), ""},
		Mistakes: []Mistake{
			{count{uint64(a.TSVal) + 1, ""}, "You added 1, as to a sequence number. A timestamp is sent back as it came."},
			{count{uint64(b.TSVal), ""}, "That is its own clock, its TSval. TSecr sends back the other end's."},
			{count{uint64(a.TSEcr), ""}, "That is what the other end has echoed itself."},
		},
		Why:     fmt.Sprintf("TSecr echoes the TSval that came last: %d, from %s. So each end measures the round trip with its own clock.", a.TSVal, hash(of.Number)),
		Section: "RFC 7323 §3",
	}
	m.add(q)
}

func askScaledWindow(m *maker, x *Exchange) {
	if x.opening() == nil {
		return
	}
	var list []*Frame
	for _, f := range x.plain() {
		if f.WindowScale > 1 && !f.Flags.Has(synFlag) && f.Segment.Window > 0 {
			list = append(list, f)
		}
	}
	f := pick(m, list)
	if f == nil {
		return
	}
	opened := x.opening()[int(f.Event.From)]
	shift := opened.Segment.Options.Scale
	if !opened.Segment.Options.HasScale || int32(1)<<shift != f.WindowScale {
		return
	}
	mistakes := []Mistake{
		{count{uint64(f.Segment.Window), "bytes"}, "That is the field as it stands in the header. It has to be scaled, here and in every segment without SYN."},
		{count{uint64(f.Segment.Window) * uint64(shift), "bytes"}, fmt.Sprintf("You multiplied by the shift. It says how many bits to shift: the factor is 2 to the power of %d.", shift)},
	}
	if other := x.opening()[int(f.Event.From.Other())].Segment.Options; other.HasScale && other.Scale <= 14 && other.Scale != shift {
		mistakes = append(mistakes, Mistake{count{uint64(f.Segment.Window) << other.Scale, "bytes"}, "That is the other end's scale. A window is scaled by what its own sender has offered."})
	}
	m.add(Question{
		Ask:      fmt.Sprintf("In the handshake both ends offered wscale. How many bytes can the sender of %s take, by its window field?", hash(f.Number)),
		Show:     []Exhibit{table([]Column{From, Flags, Window, Options}, append(x.opening()[:2:2], f)).with(Flags)},
		Answer:   count{uint64(f.WindowSize), "bytes"},
		Mistakes: mistakes,
		Why:      fmt.Sprintf("Its sender offered wscale %d in %s, so the factor is 2^%d = %d: %d × %d = %d bytes.", shift, hash(opened.Number), shift, f.WindowScale, f.Segment.Window, f.WindowScale, f.WindowSize),
		Section:  "RFC 7323 §2.2",
	})
}
