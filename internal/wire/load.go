package wire

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// IsOfBothEnds reports whether a capture file is one of Save's, of both ends.
func IsOfBothEnds(s capture.Section) bool { return strings.HasPrefix(s.Comment, BothComment) }

// Load makes the records again that Save has written as a file of both ends.
func Load(source capture.Source) ([]*Record, error) {
	byNumber := make(map[int]*Record)
	for {
		var p capture.Packet
		err := source.Next(&p)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		note := readComment(p.Comment)
		if note.number == 0 || p.Interface > 1 {
			return nil, fmt.Errorf("packet %d: nothing says which packet of the cable it is", p.Number)
		}
		end := End(p.Interface)
		r := byNumber[note.number]
		if r == nil {
			r = &Record{Number: note.number, From: end, Data: slices.Clone(p.Data), Sent: p.Time.UnixNano(), Fate: OnItsWay,
				Forged: note.forged, CopyOf: note.copyOf, Why: note.why}
			byNumber[note.number] = r
			if note.lost {
				r.Fate = Lost
			}
			if note.forged {
				r.From = end.Other()
				r.arrives(p.Time.UnixNano(), p.Data)
			}
		} else {
			r.arrives(p.Time.UnixNano(), p.Data)
		}
		r.Kernel[end] = note.kernel
	}
	records := make([]*Record, 0, len(byNumber))
	for _, r := range byNumber {
		records = append(records, r)
	}
	slices.SortFunc(records, func(a, b *Record) int { return cmp.Compare(a.Number, b.Number) })
	return numbered(records), nil // numbered anew: a file may say what it likes
}

// arrives notes when a packet came in, and as what.
func (r *Record) arrives(at int64, data []byte) {
	r.Arrival, r.Fate = at, Arrived
	if !slices.Equal(data, r.Data) {
		r.Became = slices.Clone(data)
	}
}

// note is what a packet's comment says.
type note struct {
	number, copyOf int
	lost, forged   bool
	why            string
	kernel         Testimony
}

func readComment(text string) (n note) {
	for _, part := range strings.Split(text, "; ") {
		name, value, _ := strings.Cut(part, ": ")
		switch {
		case strings.HasPrefix(part, "cable "):
			n.number, _ = strconv.Atoi(part[len("cable "):])
		case part == "lost":
			n.lost = true
		case part == "no host has sent it":
			n.forged = true
		case strings.HasPrefix(part, "a copy of "):
			n.forged = true
			n.copyOf, _ = strconv.Atoi(part[len("a copy of "):])
		case name == "by the cable":
			n.why = value
		case name == "kernel":
			n.kernel = readTestimony(value)
		}
	}
	return n
}

// readTestimony reads what the kernel has said: the state, and in words what else.
func readTestimony(text string) (t Testimony) {
	state, more, _ := strings.Cut(text, ", ")
	for s := conversation.Closed; s <= conversation.TimeWait; s++ {
		if s.String() == state {
			t = Testimony{Known: true, State: s, text: more}
		}
	}
	return t
}
