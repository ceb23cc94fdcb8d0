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
// of a lesson, but that each stands after those whose answers it needs. The same capture
// and choice give the same questions.
func (c *Capture) Questions(want Choice) []*Question {
	list, _ := c.Select(want)
	return list
}

// Select is Questions, and the kinds that were left out: every question of theirs would
// give away the answer to another one, or be given away by it.
func (c *Capture) Select(want Choice) (list []*Question, left []string) {
	m := &maker{Rand: want.rand(), capture: c}
	made := m.all(want)
	order := m.Perm(len(made))
	if want.Count == 0 { // as many as possible: those first that get on with most others
		slices.SortStableFunc(order, func(a, b int) int { return quarrels(made, a) - quarrels(made, b) })
	}
	chosen := make([]*Question, len(made)) // in the order of a lesson
	for _, at := range order {
		if want.Count > 0 && len(list) == want.Count {
			break
		}
		i := slices.IndexFunc(made[at], func(q *Question) bool { return q.fitsAmong(list) })
		if i < 0 {
			left = append(left, made[at][0].Kind.Name)
			continue
		}
		chosen[at] = made[at][i]
		list = append(list, chosen[at])
	}
	list = inTurn(slices.DeleteFunc(chosen, func(q *Question) bool { return q == nil }))
	refer(list)
	return list, left
}

// quarrels is how many of the others a kind's first question cannot stand beside.
func quarrels(made [][]*Question, at int) (n int) {
	for i, other := range made {
		if i != at && !fit(made[at][0], other[0]) {
			n++
		}
	}
	return n
}

// tries are how often a kind makes its questions, of segments that it picks at random.
const tries = 3

// all makes the questions of every kind that is wanted, each kind's in a random order.
func (m *maker) all(want Choice) (made [][]*Question) {
	for i := range Kinds {
		kind := &Kinds[i]
		if !want.takes(kind) {
			continue
		}
		m.kind, m.made = kind, nil
		for range tries {
			for _, x := range m.capture.Exchanges {
				kind.make(m, x)
			}
		}
		if len(m.made) > 0 {
			m.Shuffle(len(m.made), func(i, j int) { m.made[i], m.made[j] = m.made[j], m.made[i] })
			made = append(made, m.made)
		}
	}
	return made
}

// rand is the chance that a seed stands for.
func (w Choice) rand() *rand.Rand { return rand.New(rand.NewPCG(w.Seed, 0x5eed)) }

func (w *Choice) takes(k *Kind) bool {
	return (w.Level == 0 || k.Level <= w.Level) && (len(w.Topics) == 0 || slices.Contains(w.Topics, k.Topic)) &&
		(len(w.Kinds) == 0 || slices.Contains(w.Kinds, k.Name))
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
