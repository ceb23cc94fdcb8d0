package conversation

import "testing"

// TestUnremarkable: where a glance says that there is nothing to say of a
// conversation, no judge has anything to say; and most of what is fine is seen
// at a glance.
func TestUnremarkable(t *testing.T) {
	var seen, fine int
	for _, r := range recordings(t) {
		var tr *Tracker
		tr = NewTracker(Config{OnEnd: func(c *Conversation) {
			if c.Verdict.Name == Fine {
				fine++
			}
			if !c.isUnremarkable() {
				return
			}
			seen++
			for i := range diagnoses {
				if d := &diagnoses[i]; d.applies(c, tr.now) {
					t.Errorf("%s, stream %d: %s", r.name, c.Stream, d.name)
				}
			}
		}})
		var ev Event
		for i := range r.found {
			if f := &r.found[i]; f.quote != nil {
				tr.Quote(f.quote, &f.Segment)
			} else {
				tr.Add(&f.Segment, &ev)
			}
		}
		tr.Finish()
	}
	if seen < 12 || 2*seen < fine {
		t.Errorf("%d conversations seen at a glance, %d fine", seen, fine)
	}
	t.Logf("%d at a glance, %d fine", seen, fine)
}

// Every name has a mood, and no other has one.
func TestMoods(t *testing.T) {
	names := map[string]bool{Fine: true, StillGoing: true}
	for i := range diagnoses {
		names[diagnoses[i].name] = true
	}
	for name := range names {
		if _, ok := moods[name]; !ok {
			t.Errorf("%q has no mood", name)
		}
	}
	for name := range moods {
		if !names[name] {
			t.Errorf("%q has a mood and is no verdict", name)
		}
	}
	for name, want := range map[string]Mood{Fine: Good, StillGoing: Neutral, HalfClose: Neutral, Refused: Bad, "": Bad} {
		if got := (&Verdict{Name: name}).Mood(); got != want {
			t.Errorf("%q: %d, want %d", name, got, want)
		}
	}
}
