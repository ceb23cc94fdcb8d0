// Package scenarios is what the recordings in the binary are called: the table
// name → sentence → recording. The names are fixed; what else shows a scenario
// takes them from here.
package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/handshake-lab/handshake-lab/internal/nearby"
	"github.com/handshake-lab/handshake-lab/testdata"
)

// Prefix is written before a scenario's name where a capture file could stand.
const Prefix = "scenario:"

// Scenario is one recording.
type Scenario struct {
	Name     string
	Sentence string // what happens, for the list
	Verdict  string // that of the conversation it is about
	Stream   int    // which one that is
	file     string // in testdata; "" where there is none but of both ends
	both     string // the recording of both ends of a cable; "" for none
	end      int    // which of them is shown alone
}

// row is a recording in the table.
type row struct {
	Name, Sentence, Verdict string
	Stream                  int
	file                    string
}

// Capture is the recording, a pcapng file: where there is one of both ends, what it
// holds of the one that tells more.
func (s Scenario) Capture() []byte {
	if both := s.Both(); both != nil {
		return oneEnd(both, s.end)
	}
	capture, err := testdata.Recordings.ReadFile(s.file)
	if err != nil {
		panic(err) // a test reads every one
	}
	return capture
}

// All lists the scenarios in the order of a course; those that were staged and have
// no place in it come last, by name.
func All() []Scenario { return all() }

// all reads the recordings where they are asked for: no other command waits for that.
var all = sync.OnceValue(func() []Scenario {
	ends := bothEnds()
	var list []Scenario
	known := map[string]bool{}
	for _, r := range table {
		known[r.Name] = true
		s := Scenario{Name: r.Name, Sentence: r.Sentence, Verdict: r.Verdict, Stream: r.Stream}
		if staged, ok := ends[r.Name]; ok {
			s = staged
		}
		s.file = r.file
		list = append(list, s)
	}
	for _, name := range slices.Sorted(maps.Keys(ends)) {
		if !known[name] {
			list = append(list, ends[name])
		}
	}
	return list
})

// Is reports whether the words ask for a scenario where a file could stand. A file
// of such a name is ./scenario:NAME.
func Is(path string) bool { return strings.HasPrefix(path, Prefix) }

// Find returns a scenario by its name, with or without the prefix. The error for
// another name says which ones are near.
func Find(name string) (Scenario, error) {
	name = strings.TrimPrefix(name, Prefix)
	names := make([]string, len(all()))
	for i, s := range all() {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	near := nearby.Names(strings.ToLower(name), names)
	if len(near) == 0 {
		return Scenario{}, fmt.Errorf("no scenario is called %q", name)
	}
	return Scenario{}, fmt.Errorf("no scenario is called %q: did you mean %s?", name, strings.Join(near, ", "))
}

// ByVerdict returns the first scenario that shows a verdict; the table has the
// plainest one first.
func ByVerdict(verdict string) (Scenario, bool) {
	for _, s := range all() {
		if s.Verdict == verdict {
			return s, true
		}
	}
	return Scenario{}, false
}
