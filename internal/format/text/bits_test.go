package text

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// written is what a view makes of the first segments of a scene, with more flags set.
func written(t *testing.T, name string, o present.Options, more decode.Flags, segments int) string {
	t.Helper()
	var out bytes.Buffer
	v := view.Named(name)
	p := Story(v, &out, o)
	if !v.IsStory() {
		p = Table(v, &out, o)
	}
	for _, m := range scene.Recorded(t) {
		if m.Kind != timeline.Segment {
			continue
		}
		if segments--; segments < 0 {
			break
		}
		m.Event.Segment.Flags |= more
		if err := p.Moment(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Flags have their letters where there is room; a flag before the byte is named.
func TestFlagLetters(t *testing.T) {
	for _, test := range []struct {
		o    present.Options
		more decode.Flags
		want string
	}{
		{present.Options{Width: 80}, 0, "flags 104-111 00010010  ···A··S·  "},
		{present.Options{Width: 80, ASCII: true}, 0, "flags 104-111 00010010  ...A..S.  "},
		{present.Options{Width: 50}, 0, "flags 104-111 00010010  ···A··S· "},
		{present.Options{Width: 40}, 0, "flags 104-111 00010010 "},
		{present.Options{Width: 100}, decode.AE, "flags 104-111 00010010  ···A··S·  AE 103"},
		{present.Options{Width: 100}, 0, "flags 104-111 00010010  ···A··S·  "},
	} {
		text := written(t, "story", test.o, test.more, 2)
		if !strings.Contains(text, test.want) {
			t.Errorf("%+v: no %q in\n%s", test.o, test.want, text)
		}
		if test.more == 0 && strings.Contains(text, "AE") {
			t.Errorf("%+v: AE in\n%s", test.o, text)
		}
	}
}

// What the numbers of bits are is said once.
func TestBitsNoteOnce(t *testing.T) {
	for _, name := range []string{"story", "handshake", "segments"} {
		if text := written(t, name, present.Options{Width: 100}, 0, 9); strings.Count(text, view.BitsNote) != 1 {
			t.Errorf("%s: not once %q in\n%s", name, view.BitsNote, text)
		}
	}
}

// Set bits stand out, in the story and in tables; x and y keep their colours
// wherever their numbers stand.
func TestBitsAndNumbersInColour(t *testing.T) {
	for _, screen := range []palette.Screen{{}, {Light: true}} {
		p := palette.For(screen)
		ink := func(tone view.Tone, s string) string { return string(p.Append(nil, tone, []byte(s))) }
		synAck := ink(view.Quiet, "000") + ink(view.Strong, "1") + ink(view.Quiet, "00") + ink(view.Strong, "1") + ink(view.Quiet, "0")
		letters := ink(view.Quiet, "···") + ink(view.Strong, "A") + ink(view.Quiet, "··") + ink(view.Strong, "S") + ink(view.Quiet, "·")
		x, y := regexp.QuoteMeta(p[view.OfX]), regexp.QuoteMeta(p[view.OfY])
		const number = `\d{10}`
		for name, wants := range map[string][]string{
			"story":     {regexp.QuoteMeta(synAck) + "  " + regexp.QuoteMeta(letters), x + number + " = x", y + number + " = y"},
			"segments":  {regexp.QuoteMeta(synAck), x + number, y + number},
			"handshake": {regexp.QuoteMeta(synAck) + "  " + regexp.QuoteMeta(letters), x + number + " = x", y + number + " = y"},
			"header":    {"Sequence +.*" + x + number, "Sequence +.*" + y + number, "Acknowledgment +.*" + x + number},
		} {
			text := written(t, name, present.Options{Width: 140, Color: true, Screen: screen}, 0, 3)
			for _, want := range wants {
				if !regexp.MustCompile(want).MatchString(text) {
					t.Errorf("%s, %+v: no %q in\n%q", name, screen, want, text)
				}
			}
		}
	}
}

// A part of the page is found from afar, and without colour too.
func TestSectionRule(t *testing.T) {
	for _, test := range []struct {
		o    present.Options
		want string
	}{
		{present.Options{Width: 40}, "\n━━ The three steps ━━━━━━━━━━━━━━━━━━━━━\n\n"},
		{present.Options{Width: 40, ASCII: true}, "\n== The three steps =====================\n\n"},
	} {
		if got := string(appendSection(nil, "The three steps", test.o, false)); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
