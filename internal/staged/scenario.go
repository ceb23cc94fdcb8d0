// Package staged stages real handshakes, and what goes wrong with them, between two
// hosts with the kernel's own TCP and a cable between them. What it can stage is a
// list of scenarios: a file each, or a few that belong together, and nothing else
// has to know of a new one.
package staged

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/nearby"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// Scenario is what the lab can stage.
type Scenario struct {
	Name     string
	Sentence string        // what happens, for the list
	Takes    time.Duration // about
	Look     string        // what to look for
	Lesson   []string      // what happened, a paragraph each
	Rule     string        // the rule behind it, with its section
	Question string        // for the class

	Family         hosts.Family // IPv4 unless it is about IPv6, or asked for
	OnlyIPv4       string       // why it cannot be staged over IPv6; "" where it can
	Client, Server Settings
	Delay          [2]time.Duration // from the client, from the server
	NextMTU        int              // what the router on the way tells
	Rules          []string         // of the cable, in plain words (wire.ParseRule)
	Script         func(*Stage)

	// Expected is what each end sends, for itself: the order between the two is
	// nobody's to say. See Sequence for how it is written; " or " stands between what
	// may be.
	Expected  [2]string
	Expected6 [2]string // the same over IPv6, of each end where it differs
	Varies    string    // what is left out of Expected, as it varies by nature; "" for nothing

	Cookies bool // the server answers by SYN cookies: its kernel has no entry in SYN-RECEIVED
	Changed bool // by rules of one's own: the lesson is not about it any more

	// Verdicts are what a capture at the client's end alone comes to, and one at the
	// server's, each for the conversation that the scenario is about; "" where it has
	// captured nothing, " or " between what may be.
	Verdicts [2]string
	End      wire.End // whose capture tells more, where one alone is shown
	order    int
}

// Settings are what one of the two hosts is like.
type Settings struct {
	MTU     int
	Sysctls map[string]string
}

// Needs is what the scenario needs of a kernel beside namespaces: the settings that
// it changes, in order.
func (s *Scenario) Needs() (names []string) {
	for _, settings := range []map[string]string{s.Client.Sysctls, s.Server.Sysctls} {
		for name := range settings {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// OverIPv6 is the scenario between two hosts that speak IPv6; false where it is about
// IPv4.
func (s *Scenario) OverIPv6() (over Scenario, possible bool) {
	over = *s
	over.Family = hosts.IPv6
	for end, other := range s.Expected6 {
		if other != "" {
			over.Expected[end] = other
		}
	}
	over.Expected6 = [2]string{}
	return over, s.OnlyIPv4 == ""
}

var all []*Scenario

// add puts a scenario into the list, at its place in the order of a course.
func add(order int, s Scenario) bool {
	s.order = order
	all = append(all, &s)
	slices.SortStableFunc(all, func(a, b *Scenario) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.Name, b.Name))
	})
	return true
}

// The chapters of the course, as the places of scenarios in the list.
const (
	opening  = 100 // the handshake and its variants
	refusal  = 200 // the connection is not made
	loss     = 300 // part of the handshake is lost, or an old part comes
	queues   = 400 // the queues of a server
	crash    = 500 // one end has lost the connection, or its ports come again
	closing  = 600
	transfer = 700
	attack   = 800
)

// All lists the scenarios in the order of a course.
func All() []*Scenario { return all }

// Find returns a scenario by its name. The error for another name says which ones
// are near.
func Find(name string) (*Scenario, error) {
	names := make([]string, len(all))
	for i, s := range all {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	if near := nearby.Names(strings.ToLower(name), names); len(near) > 0 {
		return nil, fmt.Errorf("the lab stages no scenario that is called %q: did you mean %s?", name, strings.Join(near, ", "))
	}
	return nil, fmt.Errorf("the lab stages no scenario that is called %q", name)
}
