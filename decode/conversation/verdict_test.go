package conversation

import (
	"path/filepath"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// TestUnremarkable: where a glance says that there is nothing to say of a
// conversation, no judge has anything to say; and most of what is fine is seen
// at a glance.
func TestUnremarkable(t *testing.T) {
	var seen, fine int
	for _, pattern := range []string{"../../testdata/*.pcap*", "../../testdata/trouble/*.pcap*"} {
		files, _ := filepath.Glob(pattern)
		for _, path := range files {
			f, err := capture.Open(path, nil)
			if err != nil {
				t.Fatal(err)
			}
			var tr *Tracker
			tr = NewTracker(Config{OnEnd: func(c *Conversation) {
				if c.Verdict.Name == Fine {
					fine++
				}
				if !c.unremarkable() {
					return
				}
				seen++
				for _, find := range judges {
					if v, ok := find(c, tr.now); ok {
						t.Errorf("%s, stream %d: %+v", path, c.Stream, v)
					}
				}
			}})
			decoder := decode.New()
			var s decode.Segment
			var ev Event
			for p := (capture.Packet{}); f.Next(&p) == nil; {
				switch r := decoder.Decode(&p, &s); r.Kind {
				case decode.TCP:
					tr.Add(&s, &ev)
				case decode.Quoted:
					tr.Quote(r.Quote, &s)
				}
			}
			tr.Finish()
			f.Close()
		}
	}
	if seen < 12 || 4*seen < 3*fine {
		t.Errorf("%d conversations seen at a glance, %d fine", seen, fine)
	}
	t.Logf("%d at a glance, %d fine", seen, fine)
}
