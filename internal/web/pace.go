package web

import (
	"sync"
	"time"
)

// A pace bounds how often something may be done by each of many within a second.
type pace struct {
	mu     sync.Mutex
	second int64
	times  map[string]int
}

// What phones may do in a second. A hall may have one address for all of its phones,
// which answer at the same time.
const (
	votesOfPhone   = 5
	votesOfAddress = 600
	maxPaced       = 4 * maxPhones
)

// allow reports whether one may do it once more.
func (p *pace) allow(who string, most int, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if second := now.Unix(); second != p.second || p.times == nil {
		p.second, p.times = second, map[string]int{}
	}
	n := p.times[who]
	if n >= most || n == 0 && len(p.times) >= maxPaced {
		return false
	}
	p.times[who] = n + 1
	return true
}
