package staged

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/bothends"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// loopbackRecords are the scenarios whose recording is one of run on a loopback.
var loopbackRecords = map[string]bool{"normal": true, "three-clients": true, "ipv6": true}

// TestRecordings: every scenario has its recording in the binary, and what that shows
// is what is expected of a run: on any system.
func TestRecordings(t *testing.T) {
	for _, s := range All() {
		if loopbackRecords[s.Name] {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			recorded, err := scenarios.Find(s.Name)
			if err != nil || recorded.Both() == nil {
				t.Fatalf("there is none: make testdata (%v)", err)
			}
			file, err := capture.NewReader(bytes.NewReader(recorded.Both()))
			if err != nil {
				t.Fatal(err)
			}
			records, err := wire.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			judge(t, s, &Recording{Scenario: s, Records: records})
		})
	}
}

// judge holds a run against its scenario.
func judge(t *testing.T, s *Scenario, r *Recording) {
	t.Helper()
	for _, text := range differences(t, s, r) {
		t.Error(text)
	}
	contradicted(t, r)
	if t.Failed() {
		for _, x := range r.Records {
			t.Log(x.Number, x.From, x.Fate, x.Took(), x.Why, x.Kernel[0].State, x.Kernel[1].State)
		}
	}
}

// differences are what went another way than the scenario expects.
func differences(t *testing.T, s *Scenario, r *Recording) (list []string) {
	t.Helper()
	for end, want := range s.Expected {
		if got := Sequence(r.Records, wire.End(end)); !isOneOf(got, want) {
			list = append(list, fmt.Sprintf("the %s has sent\n%s, want\n%s", wire.End(end), got, want))
		}
	}
	for end, want := range s.Verdicts {
		if want == "" {
			continue
		}
		if got := verdicts(t, r, wire.End(end)); !slices.ContainsFunc(got, func(name string) bool { return isOneOf(name, want) }) {
			list = append(list, fmt.Sprintf("a capture at the %s's end has the verdicts %q, want %q among them", wire.End(end), got, want))
		}
	}
	return list
}

// contradicted fails where a kernel says otherwise than what is told as proved.
func contradicted(t *testing.T, r *Recording) {
	t.Helper()
	contradictions, err := r.Contradictions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range contradictions {
		t.Error(text)
	}
}

// verdicts are what the conversations come to in a capture of one end alone.
func verdicts(t *testing.T, r *Recording, end wire.End) (names []string) {
	ended, err := bothends.Ended(t.Context(), r.Records, end)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ended {
		if c := ended[i].Conversation; c != nil {
			names = append(names, c.Verdict.Name)
		}
	}
	return names
}

// TestContradictions: a kernel that says otherwise is heard.
func TestContradictions(t *testing.T) {
	recorded, err := scenarios.Find("refused")
	if err != nil {
		t.Fatal(err)
	}
	file, err := capture.NewReader(bytes.NewReader(recorded.Both()))
	if err != nil {
		t.Fatal(err)
	}
	records, err := wire.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		records[i].Kernel[wire.Server].State = 5 // ESTABLISHED
	}
	r := &Recording{Records: records}
	if list, err := r.Contradictions(t.Context()); err != nil || len(list) == 0 {
		t.Errorf("nothing contradicts a server that is said to be in ESTABLISHED: %v", err)
	}
}

// told keeps the kinds and times of moments.
type kept struct{ moments []timeline.Moment }

func (k *kept) Moment(m timeline.Moment) error {
	k.moments = append(k.moments, timeline.Keep(m))
	return nil
}

// TestTell: a recording of both ends is told in the order of time, each arrival after
// its sending, and what was lost as lost.
func TestTell(t *testing.T) {
	recorded, err := scenarios.Find("asymmetric")
	if err != nil {
		t.Fatal(err)
	}
	file, err := capture.NewReader(bytes.NewReader(recorded.Both()))
	if err != nil {
		t.Fatal(err)
	}
	records, err := wire.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	var k kept
	if err := (&Recording{Records: records}).Tell(t.Context(), &k); err != nil {
		t.Fatal(err)
	}
	sent, arrived, last := map[int]int64{}, 0, int64(0)
	for _, m := range k.moments {
		at := m.At.UnixNano()
		if at < last {
			t.Errorf("a moment at %d after one at %d", at, last)
		}
		last = at
		switch m.Kind {
		case timeline.Segment:
			sent[m.Event.Segment.Number] = at
		case timeline.Arrival:
			arrived++
			took := at - sent[m.Event.Segment.Number]
			least := int64(50e6)
			if m.Event.From == 1 {
				least = 10e6
			}
			if took < least || took > least+40e6 {
				t.Errorf("#%d arrives after %d ns", m.Event.Segment.Number, took)
			}
		}
	}
	if arrived != len(records) || len(sent) != len(records) {
		t.Errorf("%d sent and %d arrived of %d", len(sent), arrived, len(records))
	}
}
