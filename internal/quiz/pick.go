package quiz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A Choice says which questions are wanted.
type Choice struct {
	Seed   uint64
	Count  int // how many; 0 for all there are, one of a kind
	Level  int // up to which; 0 for all
	Topics []string
	Kinds  []string // by name; nil for all
}

// Questions makes questions about a capture, at most one of a kind, in the order
// of a lesson. The same capture and choice give the same questions.
func (c *Capture) Questions(want Choice) []*Question {
	m := &maker{Rand: want.rand(), capture: c}
	var list []*Question
	for i := range Kinds {
		kind := &Kinds[i]
		if !want.takes(kind) {
			continue
		}
		m.kind, m.made = kind, nil
		for _, x := range c.Exchanges {
			kind.make(m, x)
		}
		if q := pick(m, m.made); q != nil {
			list = append(list, q)
		}
	}
	if want.Count > 0 && want.Count < len(list) {
		list = m.some(list, want.Count)
	}
	return list
}

// rand is the chance that a seed stands for.
func (w Choice) rand() *rand.Rand { return rand.New(rand.NewPCG(w.Seed, 0x5eed)) }

func (w *Choice) takes(k *Kind) bool {
	return (w.Level == 0 || k.Level <= w.Level) && (len(w.Topics) == 0 || slices.Contains(w.Topics, k.Topic)) &&
		(len(w.Kinds) == 0 || slices.Contains(w.Kinds, k.Name))
}

// some takes so many of a list at random, and keeps their order.
func (m *maker) some(list []*Question, count int) []*Question {
	places := m.Perm(len(list))[:count]
	slices.Sort(places)
	chosen := make([]*Question, count)
	for i, at := range places {
		chosen[i] = list[at]
	}
	return chosen
}

// Check reports what is wrong with a choice: a topic or a kind that there is not.
func (w *Choice) Check() error {
	for _, topic := range w.Topics {
		if !slices.Contains(Topics, topic) {
			return fmt.Errorf("unknown topic %q: there are %s", topic, strings.Join(Topics, ", "))
		}
	}
	for _, name := range w.Kinds {
		if !slices.ContainsFunc(Kinds, func(k Kind) bool { return k.Name == name }) {
			return fmt.Errorf("unknown kind of question %q", name)
		}
	}
	if w.Level < 0 || w.Level > 3 {
		return fmt.Errorf("level %d: 1 is reading, 2 is arithmetic, 3 is reasoning", w.Level)
	}
	return nil
}
