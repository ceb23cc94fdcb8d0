package tui

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/format/text"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// before are the latest segments of both ends of an entry's connection before it, in
// order: what its header is held against, and what it can be foretold from.
func (m *Model) before(at int) (list []*timeline.Moment) {
	event := m.entries[at].event()
	if event == nil || event.Conversation == nil {
		return nil
	}
	var seen [2]bool
	for i := at - 1; i >= 0 && !(seen[0] && seen[1]); i-- {
		e := &m.entries[i]
		if e.moment.Kind != timeline.Segment || e.moment.Event.Conversation == nil ||
			e.moment.Event.Conversation.Stream != event.Conversation.Stream || seen[e.moment.Event.From] {
			continue
		}
		seen[e.moment.Event.From] = true
		list = append([]*timeline.Moment{&e.moment}, list...)
	}
	return list
}

// segmentOf is the moment whose header an entry shows; nil for none.
func (e *entry) segmentOf() *timeline.Moment {
	if e.event() == nil {
		return nil
	}
	m := e.moment
	m.Kind = timeline.Segment // an arrival shows what arrives
	return &m
}

// table draws a view of the chosen segment as a page has it, without what stands above
// the whole view.
func (m *Model) table(name string, width int) []string {
	segment := m.entries[m.at].segmentOf()
	if segment == nil {
		return nil
	}
	var page bytes.Buffer
	o := m.options
	o.Width, o.Live = width, true
	v := view.Named(name)
	if o.Manner != nil {
		v = v.InManner(o.Manner)
	}
	bare := *v
	bare.Legend = ""
	p := text.Table(&bare, &page, o)
	for _, earlier := range m.before(m.at) {
		_ = p.Moment(*earlier)
	}
	page.Reset()
	if name != "header" { // whose tables are one a segment
		p = text.Table(&bare, &page, o)
	}
	_ = p.Moment(*segment)
	_ = p.Close()
	return strings.Split(strings.Trim(page.String(), "\n"), "\n")
}

// field is a field of the chosen header, or an option.
type field struct {
	view.Field
	value, meaning string
}

// header are the fields of the chosen segment's header, and what it is called.
func (m *Model) header() (title string, fields []field) {
	segment := m.entries[m.at].segmentOf()
	if segment == nil {
		return "", nil
	}
	v := view.Named("header")
	rows := v.Rows()
	for _, earlier := range m.before(m.at) {
		_ = rows.Moment(earlier, func(*view.Row) error { return nil })
	}
	_ = rows.Moment(segment, func(r *view.Row) error {
		r.Alone, r.Manner = !m.artist.teller.HasSeveralClients(), m.options.Manner
		if title == "" {
			title = string(v.Title(nil, r))
		}
		f := r.Field()
		f.Bits = bytes.Clone(f.Bits)
		fields = append(fields, field{f, m.visible(f.Value), m.visible(f.Meaning)})
		return nil
	})
	return title, fields
}

func (m *Model) visible(text []byte) string { return string(visible.Append(nil, text, m.artist.set)) }

// words32 are the fields as the figure of a header has them, 32 bits a line (RFC 9293
// §3.1): what changed is marked, and numbers say why they are what they are.
func (m *Model) words32(fields []field) (list []paragraph) {
	for len(fields) > 0 {
		word := fields[0].First / 32
		n := 1
		for n < len(fields) && fields[n].First/32 == word && fields[n].Key != "tcp.options" || n < len(fields) && fields[n].Key == "tcp.options" && fields[0].Key == "tcp.options" {
			n++
		}
		list = append(list, m.word(fields[:n]))
		fields = fields[n:]
	}
	return list
}

// word is a line of the header.
func (m *Model) word(fields []field) paragraph {
	last := fields[len(fields)-1].Last
	p := paragraph{indent: 10}
	changed := false
	for i := range fields {
		changed = changed || fields[i].Changed
	}
	mark := words{tone: view.Good, text: " "}
	if changed {
		mark.text = "*"
	}
	bits := fmt.Sprintf("%d-%d", fields[0].First, last)
	p.add(mark)
	p.add(words{tone: view.Quiet, text: fmt.Sprintf(" %-8s", bits)})
	for i := 0; i < len(fields); i++ {
		f := &fields[i]
		if f.Key != decode.FlagsField.Key && strings.HasPrefix(f.Key, "tcp.flags.") && f.Key != "tcp.flags.res" {
			i = m.flags(&p, fields, i)
			continue
		}
		name := strings.TrimSuffix(f.Name, " Number")
		if f.Key == "tcp.options" {
			p.add(words{tone: f.Tone, text: f.value})
			if i+1 < len(fields) {
				p.add(words{tone: view.Quiet, text: m.dot()})
			}
			continue
		}
		tone := f.Tone
		if f.Changed && tone == view.Plain {
			tone = view.Good
		}
		p.add(words{tone: view.Plain, text: name + " "}, words{tone: tone, text: f.value})
		if f.meaning != "" && (len(fields) == 1 || f.Key == "tcp.hdr_len" || f.Key == "tcp.window_size_value" || f.Key == "tcp.checksum") {
			p.add(words{tone: view.Quiet, text: "  " + f.meaning})
		}
		if i+1 < len(fields) {
			p.add(words{tone: view.Quiet, text: m.dot()})
		}
	}
	return p
}

func (m *Model) dot() string {
	if m.options.ASCII {
		return " - "
	}
	return " · "
}

// firstLetter is the first bit of those that letters stand for: the flags byte.
const firstLetter = 104

// flags adds the single bits of the flags, from one of them on, as digits and as
// letters. It returns the last of them.
func (m *Model) flags(p *paragraph, fields []field, at int) int {
	var bits []byte
	for ; at < len(fields) && strings.HasPrefix(fields[at].Key, "tcp.flags."); at++ {
		if fields[at].First < firstLetter && fields[at].Bits[0] == '1' {
			p.add(words{tone: view.Strong, text: fields[at].Name + " 1" + m.dot()})
		} else if fields[at].First >= firstLetter {
			bits = append(bits, fields[at].Bits...)
		}
	}
	letters := m.entries[m.at].event().Segment.Flags.AppendLetters(nil)
	if m.options.ASCII {
		letters = bytes.ReplaceAll(letters, []byte("·"), []byte("."))
	}
	p.add(words{tone: view.Plain, text: "Flags "}, words{tone: view.Strong, text: string(bits) + " " + string(letters), bits: true})
	if at < len(fields) {
		p.add(words{tone: view.Quiet, text: m.dot()})
	}
	return at - 1
}

// sides are where both ends are once the chosen segment has arrived.
func (m *Model) sides() (p paragraph) {
	for i, state := range m.entries[m.at].states {
		if i > 0 {
			p.add(words{tone: view.Quiet, text: m.dot()})
		}
		p.add(state)
	}
	return p
}
