package timeline

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// labels collects the numbers that the conversations of a merge are shown with.
type labels struct {
	t     *testing.T
	mu    sync.Mutex
	of    map[string][]int // by the client's address, in the order shown
	shown []int            // of connect calls, in the order shown
}

func (l *labels) Moment(m Moment) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case m.Kind == Call && m.Call.Name == "getsockname":
		l.t.Error("a getsockname is shown")
	case m.Kind == Call && isBegin(m.Call, "connect"):
		l.shown = append(l.shown, m.Client)
	case m.Kind == Segment:
		l.note(m.Event.Conversation, m.Client)
	case m.Kind == Ended:
		l.note(m.Conversation, m.Client)
	}
	return nil
}

func (l *labels) note(c *conversation.Conversation, client int) {
	key := fmt.Sprint(c.Ends[conversation.Client].AddrPort())
	l.of[key] = append(l.of[key], client)
}

// at are the numbers that an address was shown with so far.
func (l *labels) at(address string) []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.of[address])
}

// step is a segment of a client's, at the time that the test is at.
func step(port uint16, stream, frame int, s conversation.Step) Moment {
	e := segment(0, frame, s, 0, "")
	e.Segment.Time, e.Segment.SrcPort = capture.At(time.Now().UnixNano()), port
	e.Conversation.Ends[conversation.Client].Port, e.Conversation.Stream = port, stream
	return Of(e)
}

// However late clients say which port they have, in which order their SYNs come,
// and who else joins: a connection is shown with the number of the client that
// called connect, from its first segment to the last.
func TestNumbersAreKept(t *testing.T) {
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 18))
			l := &labels{t: t, of: map[string][]int{}}
			m := NewMerge(l, Watermark)
			const own, strangers = 6, 3
			m.Own(own)
			late := func() { time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond) }
			for i := range own {
				m.Call(dialogue.Call{ID: uint64(i), At: time.Now().UnixNano(), Role: dialogue.Client, Number: 1 + i, Name: "connect", Remote: serverAddr})
			}
			order := random.Perm(own + strangers) // of the SYNs
			frame := 0
			next := func() int { frame++; return frame }
			told := make([]bool, own)
			tell := func(i int) {
				if i < own && !told[i] {
					told[i] = true
					c := dialogue.Call{At: time.Now().UnixNano(), Role: dialogue.Client, Number: 1 + i, Name: "getsockname", Phase: dialogue.End,
						Local: netip.AddrPortFrom(serverAddr.Addr(), uint16(40001+i)), Remote: serverAddr}
					if random.IntN(3) == 0 {
						c.Name = "connect"
					}
					m.Call(c)
				}
			}
			for stream, i := range order {
				if random.IntN(2) == 0 {
					tell(i)
				}
				m.Moment(step(uint16(40001+i), stream, next(), conversation.StepSYN))
				if random.IntN(2) == 0 {
					late()
				}
				tell(i)
			}
			for range 3 {
				late()
				for stream, i := range order {
					m.Moment(step(uint16(40001+i), stream, next(), conversation.StepData))
				}
			}
			for stream, i := range order {
				last := step(uint16(40001+i), stream, next(), conversation.StepAck)
				m.Moment(last)
				m.Moment(Moment{Kind: Ended, At: last.At, Conversation: last.Event.Conversation})
				m.Moment(step(uint16(40001+i), stream, next(), conversation.StepAck)) // late
			}
			m.Close()
			if !slices.IsSorted(l.shown) || len(l.shown) != own {
				t.Errorf("seed %d: connect was called by %v", seed, l.shown)
			}
			var joined []int
			for i := range own + strangers {
				got := l.of[fmt.Sprintf("127.0.0.1:%d", 40001+i)]
				if len(slices.Compact(slices.Clone(got))) != 1 {
					t.Fatalf("seed %d: the client at port %d is shown as %v", seed, 40001+i, got)
				}
				if i >= own {
					joined = append(joined, got[0])
				} else if got[0] != 1+i {
					t.Errorf("seed %d: client %d is shown as %d", seed, 1+i, got[0])
				}
			}
			if slices.Sort(joined); !slices.Equal(joined, []int{7, 8, 9}) {
				t.Errorf("seed %d: those who joined are %v", seed, joined)
			}
		})
	}
}

// A SYN whose sender never says so is not waited for without end.
func TestSYNOfNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &labels{t: t, of: map[string][]int{}}
		m := NewMerge(l, Watermark)
		m.Own(1)
		m.Call(dialogue.Call{At: time.Now().UnixNano(), Role: dialogue.Client, Number: 1, Name: "connect", Remote: serverAddr})
		m.Moment(step(50000, 0, 1, conversation.StepSYN))
		time.Sleep(ownerPatience - time.Millisecond)
		synctest.Wait()
		if len(l.at("127.0.0.1:50000")) > 0 {
			t.Error("a SYN that may be the client's is shown as another one's")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if got := l.at("127.0.0.1:50000"); !slices.Equal(got, []int{2}) {
			t.Errorf("it is shown as %v", got)
		}
		m.Close()
	})
}

// Without calls a client has the number of its stream.
func TestNumbersOfStreams(t *testing.T) {
	l := &labels{t: t, of: map[string][]int{}}
	m := NewMerge(l, 0)
	for _, stream := range []int{4, 0, 9} {
		m.Moment(step(uint16(40000+stream), stream, 1, conversation.StepSYN))
	}
	m.Close()
	for _, stream := range []int{4, 0, 9} {
		if got := l.of[fmt.Sprintf("127.0.0.1:%d", 40000+stream)]; !slices.Equal(got, []int{stream + 1}) {
			t.Errorf("stream %d is shown as %v", stream, got)
		}
	}
}
