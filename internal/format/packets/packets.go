// Package packets writes a capture again, all of its packets, each with what is told
// of it as its comment: Wireshark and tshark show that beside their own words.
package packets

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// Writer writes a capture with comments. It is given each packet before the moments
// that come of it.
type Writer struct {
	w        io.Writer
	source   Source
	verdicts *Verdicts // nil: what a conversation comes to stands where it is told
	out      *savefile.Writer
	ifaces   int
	held     capture.Packet // waits for its comments
	holds    bool
	data     []byte
	comments []string
	written  int
	shifted  bool // numbers are no more those of the source
	buf      []byte
}

// Source is the capture that is written again.
type Source interface {
	Section() capture.Section
	Interfaces() []capture.Interface
}

// NewWriter begins a capture. verdicts are those of a first reading; nil where the
// capture cannot be read twice.
func NewWriter(w io.Writer, source Source, verdicts *Verdicts) *Writer {
	return &Writer{w: w, source: source, verdicts: verdicts}
}

// Packet takes the next packet.
func (a *Writer) Packet(p *capture.Packet) error {
	if err := a.write(); err != nil {
		return err
	}
	a.data = append(a.data[:0], p.Data...)
	a.held, a.holds, a.comments = *p, true, a.comments[:0]
	a.held.Data = a.data
	if p.Comment != "" {
		a.comments = append(a.comments, p.Comment)
	}
	return nil
}

// Wants implements timeline.Chooser: what comes of a packet, before the next.
func (a *Writer) Wants() timeline.Wants {
	kinds := timeline.These(timeline.Segment, timeline.Quote, timeline.Undecoded)
	if a.verdicts == nil {
		kinds |= timeline.These(timeline.Ended)
	}
	return timeline.Wants{Kinds: kinds}
}

// Moment implements timeline.Sink.
func (a *Writer) Moment(m timeline.Moment) error {
	if !a.holds {
		return nil // told at the end, when there is no packet any more
	}
	if a.buf = view.AppendComment(a.buf[:0], &m); len(a.buf) > 0 {
		a.comments = append(a.comments, string(visible.Append(nil, a.buf, visible.Message)))
	}
	return nil
}

// write writes the packet that is held, with its comments.
func (a *Writer) write() error {
	if !a.holds {
		return nil
	}
	a.holds = false
	if err := a.begin(); err != nil {
		return err
	}
	p := &a.held
	if a.verdicts != nil {
		a.comments = append(a.comments, a.verdicts.of(p.Number)...)
	}
	if a.written++; a.written != p.Number && !a.shifted {
		a.shifted = true
		a.comments = append(a.comments, fmt.Sprintf("from here on # is the number in the capture that this was made from, whose custom blocks count: this is #%d there", p.Number))
	}
	p.Comment = strings.Join(a.comments, "\n")
	return a.out.Append(p)
}

// begin writes the section and the interfaces that are known by now.
func (a *Writer) begin() (err error) {
	ifaces := slices.Clone(a.source.Interfaces())
	for i := range ifaces {
		ifaces[i].Snaplen = 0 // a packet may have more than the file says
	}
	if a.out == nil {
		section := a.source.Section()
		if section.Application == "" {
			section.Application = savefile.Application
		}
		if a.verdicts != nil {
			section.Comment = strings.TrimPrefix(section.Comment+"\n"+a.verdicts.Summary(), "\n")
		}
		if len(ifaces) == 0 {
			ifaces = []capture.Interface{{Link: capture.LinkEthernet}}
		}
		a.ifaces = len(ifaces)
		a.out, err = savefile.NewWriter(a.w, capture.PCAPNG, section, ifaces)
		return err
	}
	for ; a.ifaces < len(ifaces); a.ifaces++ {
		if err := a.out.AddInterface(ifaces[a.ifaces]); err != nil {
			return err
		}
	}
	return nil
}

// Close writes what is left.
func (a *Writer) Close() error {
	if err := a.write(); err != nil {
		return err
	}
	if err := a.begin(); err != nil { // of a capture without packets
		return err
	}
	return a.out.Flush()
}

// Verdicts is what a first reading of a capture has found out: what each conversation
// comes to, by the frame that is its last.
type Verdicts struct {
	at            map[int][]string
	names         []string // of verdicts, in the order in which they came
	count         map[string]int
	first         []string // what the first conversations come to
	conversations int
	buf           []byte
}

// verdictsMost is of how many conversations it is known at most.
const verdictsMost = 1 << 16

// NewVerdicts begins the first reading.
func NewVerdicts() *Verdicts { return &Verdicts{at: map[int][]string{}, count: map[string]int{}} }

// Wants implements timeline.Chooser.
func (v *Verdicts) Wants() timeline.Wants {
	return timeline.Wants{Kinds: timeline.These(timeline.Ended)}
}

// Moment implements timeline.Sink.
func (v *Verdicts) Moment(m timeline.Moment) error {
	c := m.Conversation
	v.conversations++
	name := c.Verdict.Name
	if v.count[name]++; v.count[name] == 1 {
		v.names = append(v.names, name)
	}
	if v.conversations > verdictsMost {
		return nil
	}
	v.buf = view.AppendComment(v.buf[:0], &m)
	text := string(visible.Append(nil, v.buf, visible.Message))
	v.at[c.LastFrame] = append(v.at[c.LastFrame], text)
	if len(v.first) < 20 {
		v.first = append(v.first, text)
	}
	return nil
}

// of are the verdicts that stand at a frame.
func (v *Verdicts) of(frame int) []string { return v.at[frame] }

// summaryMost is how many characters a summary has at most.
const summaryMost = 1000

// Summary is what the file comes to, in 1,000 characters at most.
func (v *Verdicts) Summary() string {
	parts := make([]string, len(v.names))
	for i, name := range v.names {
		parts[i] = fmt.Sprintf("%d %s", v.count[name], name)
	}
	text := fmt.Sprintf("handshake-lab: %d conversations: %s", v.conversations, strings.Join(parts, ", "))
	if v.conversations == 1 {
		text = "handshake-lab: 1 conversation"
	}
	if v.conversations > verdictsMost {
		text += fmt.Sprintf("; comments tell the verdicts of the first %d", verdictsMost)
	}
	for _, one := range v.first {
		if utf8.RuneCountInString(text)+utf8.RuneCountInString(one)+1 > summaryMost {
			break
		}
		text += "\n" + one
	}
	if utf8.RuneCountInString(text) > summaryMost {
		text = string([]rune(text)[:summaryMost-1]) + "…"
	}
	return text
}

// Section implements present.Presenter.
func (a *Writer) Section(title string) error {
	return fmt.Errorf("%s: a capture has no sections", title)
}
