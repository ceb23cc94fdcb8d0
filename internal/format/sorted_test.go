package format

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// portsOf are the ports of clients in the order in which they are written first; a
// client's is its number and 10000.
func portsOf(text []byte) (list []int) {
	for _, match := range regexp.MustCompile(`\b1[0-9]{4}\b`).FindAll(text, -1) {
		if port, _ := strconv.Atoi(string(match)); !slices.Contains(list, port) {
			list = append(list, port)
		}
	}
	return list
}

// However handshakes overtake each other and in whatever order conversations end:
// of up to so many the rows are sorted by their clients, in every format; more stay
// in the order of ending.
func TestSorted(t *testing.T) {
	recorded := scene.Recorded(t)
	for _, name := range []string{"conversations", "handshake"} {
		for _, format := range Of(view.Named(name)) {
			if format == "svg" || format == "mermaid" && name == "conversations" {
				continue
			}
			for _, n := range []int{1, 3, 5, 6, 40, view.MostSorted, view.MostSorted + 1} {
				if n > 40 && format == "mermaid" {
					continue // it has no room for so many
				}
				random := rand.New(rand.NewPCG(uint64(n), 7))
				var out bytes.Buffer
				p, err := Open(name, format, &out, present.Options{Width: 400, Sorted: true, Clients: func() int { return n }})
				if err != nil {
					t.Fatal(err)
				}
				streams, ends := random.Perm(n), random.Perm(n) // by client
				moment := func(client, i int) timeline.Moment {
					m := scene.Another(recorded[i], streams[client])
					m.Client = client + 1
					port := uint16(10000 + client + 1)
					m.Event.Conversation.Ends[conversation.Client].Port = port
					if m.Event.From == conversation.Client {
						m.Event.Segment.SrcPort = port
					} else {
						m.Event.Segment.DstPort = port
					}
					m.Event.Segment.Seq, m.Event.Segment.Ack = uint32(port), uint32(port)
					return m
				}
				for i := range 3 {
					for _, client := range random.Perm(n) {
						if i == 2 {
							client = ends[0]
							ends = append(ends[1:], client)
						}
						if err := p.Moment(moment(client, i)); err != nil {
							t.Fatal(err)
						}
					}
				}
				for _, client := range ends {
					m := moment(client, 2)
					p.Moment(timeline.Moment{Kind: timeline.Ended, Conversation: m.Event.Conversation, Client: m.Client})
				}
				if err := p.Close(); err != nil {
					t.Fatal(err)
				}
				got := portsOf(out.Bytes())
				if n <= view.MostSorted && !slices.IsSorted(got) || len(got) != n {
					t.Errorf("%s in %s: %d of %d clients, in the order %s", name, format, len(got), n, front(got))
				}
				if n > view.MostSorted {
					for i := range got {
						if got[i] != 10001+ends[i] {
							t.Errorf("%s in %s of %d clients: not in the order of ending: %s", name, format, n, front(got))
							break
						}
					}
				}
			}
		}
	}
}

func front(list []int) string { return fmt.Sprint(list[:min(len(list), 20)]) }
