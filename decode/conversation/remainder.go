package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// maxRemainders bounds how many conversations the tracker knows by no more than
// their remainders; so many are allocated together.
const (
	maxRemainders = 1 << 13
	remainderSlab = 1 << 8
)

// A remainder is what is kept of a conversation that had to make room for
// others, so that a late segment still gets its stream, its relative numbers, its
// scaled window, Wireshark's words, its completeness and its states. What waits
// for an acknowledgment is not kept, nor gaps in the data: what is acknowledged,
// or fills a gap, goes without the frame and the time since.
type remainder struct {
	kept bool
	pair Pair
	ends [2]numbers
	lasting
}

// past are remainders, found by the hashes of their pairs: those whose hashes end
// alike are chained. A new one takes the place of the oldest.
type past struct {
	slabs  [][]remainder // as they are needed
	next   int           // where the next one goes
	heads  []int32       // 1 + the place of the latest one of a chain; 0 for none
	after  []int32       // likewise, of the one after
	hashes []uint32      // by place
	full   bool          // some had to make room, and nothing is known of them
}

func newPast() past {
	return past{heads: make([]int32, 2*maxRemainders), after: make([]int32, maxRemainders), hashes: make([]uint32, maxRemainders)}
}

// keep makes the remainder of c, which has been taken out of the table.
func (p *past) keep(c *Conversation) {
	i := p.next
	if i == len(p.slabs)*remainderSlab {
		p.slabs = append(p.slabs, make([]remainder, remainderSlab))
	}
	r := p.at(i)
	if r.kept {
		p.unlink(i)
		p.full = true
	}
	r.pair, r.lasting, r.kept = c.pair, c.lasting, true
	r.ended = true
	r.ends = [2]numbers{c.ends[Client].numbers, c.ends[Server].numbers}
	head := p.head(c.pair.hash)
	p.hashes[i], p.after[i], *head = c.pair.hash, *head, int32(i+1)
	p.next = (i + 1) % maxRemainders
}

// take finds the remainder of a pair's conversation, which is no longer known
// afterwards; nil for none.
func (p *past) take(pair *Pair) *remainder {
	for next := *p.head(pair.hash); next != 0; next = p.after[next-1] {
		i := int(next - 1)
		if r := p.at(i); p.hashes[i] == pair.hash && r.pair.is(pair) {
			p.unlink(i)
			r.kept = false
			return r
		}
	}
	return nil
}

// unlink takes what is at a place out of its chain.
func (p *past) unlink(place int) {
	link := p.head(p.hashes[place])
	for int(*link) != place+1 {
		link = &p.after[*link-1]
	}
	*link = p.after[place]
}

func (p *past) head(hash uint32) *int32 { return &p.heads[hash%uint32(len(p.heads))] }

func (p *past) at(place int) *remainder { return &p.slabs[place/remainderSlab][place%remainderSlab] }

// resume makes a conversation of a remainder again, as a late segment belongs to
// it; nil where nothing is left of one.
func (t *Tracker) resume(p *Pair, s *decode.Segment) *Conversation {
	r := t.past.take(p)
	if r == nil {
		return nil
	}
	c := t.blank()
	c.lasting = r.lasting
	c.ends[Client].numbers, c.ends[Server].numbers = r.ends[Client], r.ends[Server]
	c.steady = false
	c.First, c.FirstFrame = s.Time, s.Number
	c.Ends = [2]Endpoint{{s.Src, s.SrcPort}, {s.Final(), s.DstPort}}
	if c.flipped != p.flipped {
		c.Ends[Client], c.Ends[Server] = c.Ends[Server], c.Ends[Client]
	}
	t.table.put(p, c)
	if c.closed {
		c.closed = false
		t.close(c)
	}
	return c
}
