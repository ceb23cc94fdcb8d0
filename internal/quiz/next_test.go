package quiz

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// predictions asks about each segment of a capture.
type predictions struct {
	Predictor
	asked func(m *timeline.Moment, list []*Question)
}

func (p *predictions) Moment(m timeline.Moment) error {
	p.asked(&m, p.Ask(&m))
	return nil
}

func predict(t *testing.T, path string, asked func(m *timeline.Moment, list []*Question)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	source, err := capture.Open(path, file)
	if err != nil {
		t.Fatal(err)
	}
	flow := pipeline.Flow{Source: source, Sink: &predictions{asked: asked}}
	if _, err := flow.Run(context.Background()); err != nil {
		t.Logf("%s: %v", path, err)
	}
}

// Every form of the right answer counts, no known mistake does, and each has its
// reason.
func TestPredictionsAreSound(t *testing.T) {
	asked := 0
	for _, path := range recordings(t) {
		predict(t, path, func(m *timeline.Moment, list []*Question) {
			for _, q := range list {
				asked++
				where := filepath.Base(path) + ": " + q.Ask
				for _, given := range formsOf(q.Answer) {
					if !q.Mark(given).Right {
						t.Errorf("%s\n%q is right, and is not taken", where, given)
					}
				}
				for _, mistake := range q.Mistakes {
					for _, given := range formsOf(mistake.Answer) {
						if mark := q.Mark(given); !mark.Right && mark.Why == "" {
							t.Errorf("%s\n%q is a mistake without its reason", where, given)
						}
					}
				}
				if q.Why == "" || q.Section == "" || q.Kind == nil {
					t.Errorf("%s: not whole", where)
				}
			}
		})
	}
	if asked < 1000 {
		t.Errorf("only %d questions", asked)
	}
}

// What stands in the header is the answer, by arithmetic too.
func TestPredictGreeting(t *testing.T) {
	want := map[int][3][]string{
		1: {{"SYN", "S", "0x002", "2"}, {"0", "x"}, {"0", "nothing"}},
		2: {{"SYN+ACK", "[S.]", "00010010"}, {"0", "y"}, {"1", "x+1", "X + 1"}},
		3: {{"ACK", "."}, {"1", "x + 1"}, {"1", "y + 1", "y+0+1"}},
		5: {{"ACK"}, {"x+1"}, {"y+1+9", "y + 10", "10"}},
	}
	mistakes := map[int][3]string{2: {"SYN", "1", "0"}, 3: {"SYN+ACK", "0", "0"}, 5: {"PSH+ACK", "2", "1"}}
	seen := 0
	predict(t, "../../testdata/greeting.pcapng", func(m *timeline.Moment, list []*Question) {
		if m.Kind != timeline.Segment {
			return
		}
		frame := m.Event.Segment.Number
		for i, forms := range want[frame] {
			if forms == nil {
				continue
			}
			seen++
			for _, given := range forms {
				if !list[i].Mark(given).Right {
					t.Errorf("#%d: %s %q is right: %+v", frame, list[i].Ask, given, list[i].Answer)
				}
			}
			if wrong := mistakes[frame][i]; wrong != "" {
				if mark := list[i].Mark(wrong); mark.Right || mark.Why == "" {
					t.Errorf("#%d: %s %q is marked %+v", frame, list[i].Ask, wrong, mark)
				}
			}
		}
		if frame == 4 && !strings.Contains(list[0].Ask, "from the "+conversation.Server.String()+" to the client, with 9 bytes") {
			t.Errorf("asked %q", list[0].Ask)
		}
	})
	if seen != 3*len(want) {
		t.Errorf("%d asked of %d", seen, 3*len(want))
	}
}
