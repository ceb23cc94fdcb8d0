package tui

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/stepper"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

var update = flag.Bool("update", false, "write the golden files anew")

// keeper keeps the moments of a capture, as a Screen does.
type keeper struct{ *book }

func (k keeper) Moment(m timeline.Moment) error {
	k.add(&m)
	return nil
}

// moments are those of a capture.
func moments(t testing.TB, path string) *book {
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
	b := newBook()
	flow := pipeline.Flow{Source: source, Sink: keeper{b}, Conclude: true}
	if _, err := flow.Run(context.Background()); err != nil {
		t.Logf("%s: %v", path, err)
	}
	b.finish()
	return b
}

// press presses keys: names between blanks; "text:" types what follows.
func press(m *Model, keys string) {
	for key := range strings.FieldsSeq(keys) {
		if text, ok := strings.CutPrefix(key, "text:"); ok {
			for _, r := range text {
				m.Press(string(r), string(r))
			}
			continue
		}
		text := ""
		if len(key) == 1 {
			text = key
		}
		m.Press(key, text)
	}
}

const greeting = "../../testdata/greeting.pcapng"

var sizes = [][2]int{{80, 24}, {60, 15}, {200, 50}}

// What is seen, at the sizes that lecture halls have.
func TestGolden(t *testing.T) {
	b := moments(t, greeting)
	for _, c := range []struct{ name, keys string }{
		{"begin", ""},
		{"synack", "n"},
		{"data", "4 enter"},
		{"header", "n tab"},
		{"ladder", "n n n n n n tab tab"},
		{"found", "/ text:Alice enter"},
		{"end", "end"},
		{"help", "?"},
		{"asked", "n p space"},
		{"wrong", "n p space text:SYN enter text:[.] enter"},
		{"right", "n p space text:. enter text:1 enter text:y+1 enter"},
	} {
		for _, size := range sizes {
			name := fmt.Sprintf("%s-%dx%d", c.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				m := New(present.Options{}, size[0], size[1])
				m.Take(b.news(0))
				press(m, c.keys)
				got := m.View()
				want(t, m, got)
				golden(t, filepath.Join("testdata", name+".txt"), got+"\n")
			})
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	var trimmed strings.Builder
	for line := range strings.Lines(got) {
		trimmed.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	if *update {
		if err := os.WriteFile(path, []byte(trimmed.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	expected, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(expected) != trimmed.String() {
		t.Errorf("%s is another one now (go test ./internal/tui -update):\n%s", path, trimmed.String())
	}
}

var style = regexp.MustCompile("\x1b\\[[0-9;]*m")

// want holds a screen to what every screen is held to: as many lines as there are, none
// wider, and nothing in it that a terminal would obey but colours.
func want(t *testing.T, m *Model, screen string) {
	t.Helper()
	lines := strings.Split(screen, "\n")
	if len(lines) != max(m.height, 1) {
		t.Fatalf("%d lines of %d:\n%s", len(lines), m.height, screen)
	}
	for _, line := range lines {
		text := style.ReplaceAllString(line, "")
		if !m.options.Color && text != line {
			t.Fatalf("colours: %q", line)
		}
		if stepper.Width(text) > m.width {
			t.Fatalf("a line of %d columns, wider than %d: %q", stepper.Width(text), m.width, text)
		}
		if i := strings.IndexFunc(text, unicode.IsControl); i >= 0 {
			t.Fatalf("a control character: %q", text)
		}
	}
}

// Whatever is pressed, whatever was captured and however small the screen is, something
// is seen that fits.
func TestAnyKeys(t *testing.T) {
	paths, _ := filepath.Glob("../../testdata/trouble/*.pcapng")
	paths = append(paths, greeting, "../../testdata/three-clients.pcapng", "../../testdata/ipv6.pcapng")
	keys := strings.Fields("n n n space b down up pgdown pgup home end tab d u / < > p esc ? 1 2 enter enter text:SYN text:x+1 text:0 text:[.] backspace G g q j k")
	rounds := 150
	if testing.Short() {
		rounds = 40
	}
	for i, path := range paths {
		r := rand.New(rand.NewPCG(uint64(i), 22))
		all, _, _ := moments(t, path).news(0)
		o := present.Options{Color: i%2 == 0, ASCII: i%3 == 0, Screen: palette.Screen{Light: i%5 == 0, Few: i%7 == 0}}
		m := New(o, 80, 24)
		m.Take(all[:len(all)/2], 0, false)
		for round := range rounds {
			switch {
			case round == rounds/2:
				m.Take(all[len(all)/2:], 3, true)
			case r.IntN(10) == 0:
				m.Resize(1+r.IntN(220), 1+r.IntN(60))
			default:
				press(m, keys[r.IntN(len(keys))])
			}
			want(t, m, m.View())
		}
	}
}

// Captured text is harmless, whatever it holds.
func TestHostile(t *testing.T) {
	all, _, _ := moments(t, greeting).news(0)
	for i := range all {
		if e := all[i].Event; e != nil && len(e.Segment.Payload) > 0 {
			e.Segment.Payload = []byte("\x1b[2J\x1b]0;x\x07\u202e\x9b31m\r\n" + strings.Repeat("\u6f22\u0301", 300))
			e.Segment.Comment = "\x1b[?1049l\u0007" + strings.Repeat("wide \u6f22 ", 40)
		}
	}
	for _, color := range []bool{true, false} {
		for _, size := range sizes {
			m := New(present.Options{Color: color, Source: "\x1b[2J"}, size[0], size[1])
			m.Take(all, 0, true)
			for range len(all) {
				press(m, "n")
				want(t, m, m.View())
			}
			press(m, "/")
			m.Paste("\x1b[2Jpasted\x07\u202e")
			want(t, m, m.View())
			press(m, "enter")
			want(t, m, m.View())
		}
	}
}

// Where the viewer goes, and what is found.
func TestMoves(t *testing.T) {
	m := New(present.Options{}, 80, 24)
	m.Take(moments(t, greeting).news(0))
	frame := func(keys string, want int) {
		t.Helper()
		press(m, keys)
		if got := m.entries[m.at].frame(); got != want {
			t.Errorf("after %s at #%d, want #%d; %q", keys, got, want, m.message.text)
		}
	}
	frame("", 1)
	frame("n down space", 4)
	frame("b", 3)
	frame("1 2 enter", 12)
	frame("home", 1)
	frame("/ text:SYN+ACK enter", 2)
	frame("/ text:[F.] enter", 19)
	frame("home / text:alice enter", 8)
	frame(">", 10)
	frame("<", 8)
	frame("/ text:FIN enter", 19) // no segment has FIN alone
	frame("/ text:#5 enter", 5)
	frame("/ text:nowhere enter", 5)
	if !strings.Contains(m.View(), `not found: "nowhere"`) {
		t.Error("that nothing is found is not said")
	}
	frame("9 9 enter", 5)
	press(m, "end n")
	if m.at != len(m.entries)-1 || !strings.Contains(m.View(), "that is the end") {
		t.Errorf("at %d of %d: %s", m.at, len(m.entries), m.message.text)
	}
}

// What comes next is hidden until it was told, and marked as the quiz marks.
func TestPredict(t *testing.T) {
	m := New(present.Options{}, 80, 24)
	m.PredictAll()
	m.Take(moments(t, greeting).news(0))
	if strings.Contains(m.View(), "SYN ") {
		t.Error("something is seen")
	}
	see := func(keys, want string) {
		t.Helper()
		press(m, keys)
		if !strings.Contains(m.View(), want) {
			t.Errorf("after %s %q is not seen:\n%s", keys, want, m.View())
		}
	}
	see("space", "#1 comes next, from the client to the server, without data.")
	see("text:S enter", "right (tcpdump's letters)")
	see("text:x enter text:0 enter", "ack 0 right.")
	if m.shown() != 1 || m.at != 0 {
		t.Errorf("%d are shown, and chosen is %d", m.shown(), m.at)
	}
	see("n n", "#2 comes next")
	see("text:SYN enter", "not right.")
	see("enter", "is SYN+ACK ([S.], 0x012)")
	see("text:y enter text:0 enter", "You repeated the number of #1.")
	see("text:x+1 enter", "ack x+1 right (arithmetic).")
	if m.foresee.right != 5 || m.foresee.of != 6 {
		t.Errorf("%d of %d right", m.foresee.right, m.foresee.of)
	}
	see("n esc", "5 of 6 right")
	if m.shown() != len(m.entries) {
		t.Error("not all is shown")
	}
}

// What is kept is bounded, and that is said.
func TestBound(t *testing.T) {
	all, _, _ := moments(t, greeting).news(0)
	b := newBook()
	for range mostMoments/len(all) + 2 {
		for i := range all {
			b.add(&all[i])
		}
	}
	kept, left, _ := b.news(0)
	if len(kept) != mostMoments || left == 0 {
		t.Fatalf("%d kept, %d left out", len(kept), left)
	}
	m := New(present.Options{}, 120, 24)
	m.Take(kept, left, true)
	if view := m.View(); !strings.Contains(view, fmt.Sprintf("%d more left out", left)) {
		t.Errorf("not said: %s", view)
	}
}
