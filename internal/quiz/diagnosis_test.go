package quiz

import "testing"

// Each diagnosis is asked for of some recording, and is then the only choice that the
// segments show.
func TestDiagnoses(t *testing.T) {
	asked := map[string]int{}
	for _, path := range recordings(t) {
		c := load(t, path)
		for _, x := range c.Exchanges {
			m := &maker{Rand: Choice{}.rand(), capture: c, kind: &Kinds[0]}
			if askWhatHappened(m, x); len(m.made) == 0 {
				continue
			}
			asked[x.Conversation.Verdict.Name]++
			q := m.made[0]
			for _, d := range diagnoses {
				for i, text := range q.Choices {
					if text == d.sentence && d.isShown(x, x.unique()) != (i == q.Right()) {
						t.Errorf("%s: %q is shown, and is not right, or the other way round", path, text)
					}
				}
			}
		}
	}
	for name := range diagnoses {
		if asked[name] == 0 {
			t.Errorf("no recording has the verdict %q to be asked for", name)
		}
	}
}
