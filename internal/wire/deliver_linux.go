package wire

import (
	"container/heap"
	"time"

	"golang.org/x/sys/unix"
)

// delivery is a packet on its way.
type delivery struct {
	record *Record
	at     time.Time
	order  int
}

// deliveries are in the order of their arrival, a heap.
type deliveries []*delivery

func (d deliveries) Len() int { return len(d) }
func (d deliveries) Less(i, j int) bool {
	return d[i].at.Before(d[j].at) || d[i].at.Equal(d[j].at) && d[i].order < d[j].order
}
func (d deliveries) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *deliveries) Push(x any)   { *d = append(*d, x.(*delivery)) }
func (d *deliveries) Pop() any {
	last := len(*d) - 1
	x := (*d)[last]
	(*d)[last] = nil
	*d = (*d)[:last]
	return x
}

// untilDue is how long nothing has to be delivered; nil for ever.
func (c *Cable) untilDue() *unix.Timespec {
	if len(c.ways) == 0 {
		return nil
	}
	t := unix.NsecToTimespec(max(0, int64(time.Until(c.ways[0].at))))
	return &t
}

// send lets a packet arrive at a time.
func (c *Cable) send(r *Record, at time.Time) {
	c.order++
	heap.Push(&c.ways, &delivery{r, at, c.order})
}

// deliver hands over what is due.
func (c *Cable) deliver() {
	for len(c.ways) > 0 && !c.ways[0].at.After(time.Now()) {
		d := heap.Pop(&c.ways).(*delivery)
		r := d.record
		to := c.ends[r.To()]
		c.active = time.Now()
		r.Arrival = c.active.UnixNano()
		if err := unix.Sendto(to.socket, r.Landed(), 0, &to.to); err != nil {
			r.Fate, r.Why = Lost, "the cable could not hand it over: "+err.Error()
			continue
		}
		r.Fate = Arrived
		c.testify(r, r.To())
	}
}
