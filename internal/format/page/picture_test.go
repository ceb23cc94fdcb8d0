package page

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

type opener = func(*view.View, io.Writer, present.Options) present.Presenter

// drawn is what a format draws of a scene.
func drawn(t testing.TB, viewName string, open opener, play func(testing.TB, present.Presenter)) string {
	t.Helper()
	var out bytes.Buffer
	play(t, open(view.Named(viewName), &out, present.Options{Source: "lecture <1>.pcapng"}))
	return out.String()
}

var scenes = map[string]func(testing.TB, present.Presenter){"one": scene.One, "three": scene.Three, "lost": scene.Lost,
	"again": scene.Again, "crossed": scene.Crossed, "refused": scene.Refused,
	"nothing": func(_ testing.TB, p present.Presenter) { p.Close() }}

// hostile are moments whose every captured text is the same, with addresses, frame numbers
// and times that are long.
func hostile(text string) func(testing.TB, present.Presenter) {
	return func(t testing.TB, p present.Presenter) {
		s := &decode.Segment{Number: 1, Header: make([]byte, 20), HeaderLen: 20, Payload: []byte(text), PayloadLen: len(text),
			Comment: text, Time: scene.At(0), Src: scene.Server.Addr(), Dst: scene.Server.Addr(),
			Problem: &decode.Problem{Layer: "TCP option", Bit: 160, Reason: text}}
		long := netip.MustParseAddr("2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff")
		c := &conversation.Conversation{Verdict: conversation.Verdict{Name: text, Text: text},
			Ends: [2]conversation.Endpoint{{Addr: long, Port: 65535}, {Addr: long, Port: 65534}}}
		late := *s
		late.Number, late.Time = 1_234_567, scene.At(1_000_000)
		late.Time.Sec += 90_000 // a day, in which an int of 32 bits has no microseconds
		e := &conversation.Event{Segment: s, Conversation: c, Step: conversation.StepData, Sized: true, Fresh: len(text)}
		after := *e
		after.Segment = &late
		err := p.Section(text)
		for _, m := range []timeline.Moment{timeline.Of(e), timeline.Of(&after), {Kind: timeline.Note, Text: text},
			{Kind: timeline.Undecoded, Frame: 2, Problem: s.Problem},
			{Kind: timeline.Call, Client: 1, Call: &dialogue.Call{Name: text, Args: text, Data: []byte(text), Remote: netip.AddrPort{}}},
			{Kind: timeline.Ended, Conversation: c}} {
			if err == nil {
				err = p.Moment(m)
			}
		}
		if err == nil {
			err = p.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

var hostileTexts = []string{"\x1b]0;owned\x07", "</text><script>alert(1)</script>", "]]>", "<!-- -->", "&amp;&lt;&#0;", `" onload="alert(1)`,
	"' onload='", "\xff\xfe\x00\x7f", "\u202eevil\u2066", "<![CDATA[", "<?xml?>", "\ufffe\uffff", "javascript:alert(1)", "url(http://192.0.2.1/)",
	strings.Repeat("W", 3000), strings.Repeat("界", 900), strings.Repeat("\ufdfd", 90), strings.Repeat("e\u0301", 500), "a  b\tc\nd", "</title>", "</style>", "{{.}}", "%s%d"}

// elements are all that pictures are made of; attributes beside them are refused.
var elements = map[string]bool{"svg": true, "title": true, "desc": true, "g": true, "rect": true, "line": true, "text": true,
	"tspan": true, "circle": true, "polygon": true, "path": true}

// checkPicture: a picture is well-formed XML of known elements, refers to nothing, and
// shows nothing that is not to be seen.
func checkPicture(t testing.TB, out string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(out))
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !elements[start.Name.Local] {
			t.Errorf("an element %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			if strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Name.Local, "href") || a.Name.Local == "style" {
				t.Errorf("an attribute %s of %s", a.Name.Local, start.Name.Local)
			}
		}
	}
	for _, r := range out {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%q gets out", r)
			break
		}
	}
}

// placed is a text of a picture, with the room that it may take.
type placed struct {
	text                     string
	left, right, top, bottom float64
}

// texts finds the texts of a picture, and how large that is.
func texts(t testing.TB, out string) (list []placed, width, height float64) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(out))
	var is *placed
	var at string
	size := ordinary
	for {
		token, err := d.Token()
		if err == io.EOF {
			return list, width, height
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			a := map[string]string{}
			for _, is := range token.Attr {
				a[is.Name.Local] = is.Value
			}
			number := func(name string) float64 {
				n, _ := strconv.ParseFloat(a[name], 64)
				return n
			}
			switch token.Name.Local {
			case "svg":
				width, height = number("width"), number("height")
			case "text":
				if size = ordinary; a["font-size"] != "" {
					size = number("font-size")
				}
				is, at = &placed{left: number("x"), top: number("y") - 0.75*size, bottom: number("y") + 0.22*size}, a["text-anchor"]
			}
		case xml.CharData:
			if is != nil {
				is.text += string(token)
			}
		case xml.EndElement:
			if token.Name.Local != "text" {
				continue
			}
			room := widthOf(is.text, size)
			is.left -= map[string]float64{"": 0, "middle": room / 2, "end": room}[at]
			is.right = is.left + room
			list, is = append(list, *is), nil
		}
	}
}

// checkRoom: no text lies on another one, and none beyond the picture.
func checkRoom(t testing.TB, name, out string) {
	t.Helper()
	list, width, height := texts(t, out)
	for i, a := range list {
		if a.left < 0 || a.right > width+0.1 || a.top < 0 || a.bottom > height {
			t.Errorf("%s: %q stands at %.0f-%.0f, %.0f-%.0f, the picture has %.0f × %.0f", name, a.text, a.left, a.right, a.top, a.bottom, width, height)
		}
		for _, b := range list[:i] {
			if a.left < b.right-0.1 && b.left < a.right-0.1 && a.top < b.bottom-0.1 && b.top < a.bottom-0.1 {
				t.Errorf("%s: %.60q and %.60q lie on each other", name, a.text, b.text)
			}
		}
	}
}

func TestPictures(t *testing.T) {
	all := map[string]func(testing.TB, present.Presenter){}
	for name, play := range scenes {
		all[name] = play
	}
	for _, text := range hostileTexts {
		all[fmt.Sprintf("hostile %.20q", text)] = hostile(text)
	}
	for name, play := range all {
		t.Run(name, func(t *testing.T) {
			for viewName, open := range pictures {
				out := drawn(t, viewName, open, play)
				checkPicture(t, out)
				checkRoom(t, viewName, out)
			}
		})
	}
}

var pictures = map[string]opener{"story": SVG, "handshake": SVG, "header": SVG}

func FuzzPicture(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for viewName, open := range pictures {
			out := drawn(t, viewName, open, hostile(text))
			checkPicture(t, out)
			checkRoom(t, viewName, out)
		}
	})
}

// TestTooMuch: where there is more than a picture shows, nothing is drawn.
func TestTooMuch(t *testing.T) {
	var out bytes.Buffer
	p := SVG(view.Named("story"), &out, present.Options{})
	var err error
	n := 0
	for ; err == nil && n < 2*momentsMost; n++ {
		err = p.Moment(timeline.Moment{Kind: timeline.Note, Text: "a note"})
	}
	if n != momentsMost+1 || err == nil || !strings.Contains(err.Error(), "svg shows 2000 moments at most") {
		t.Errorf("after %d moments: %v", n, err)
	}
	if err := p.Close(); err != nil || out.Len() > 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}
