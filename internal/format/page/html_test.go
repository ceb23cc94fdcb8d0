package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// pages are the openers of pages, by view.
var pages = func() map[string]opener {
	all := map[string]opener{}
	for i := range view.Views {
		all[view.Views[i].Name] = HTML
	}
	return all
}()

// inPages are all elements that pages are made of.
var inPages = func() map[string]bool {
	all := map[string]bool{}
	for _, name := range strings.Fields(`html head meta title style body header nav ul ol li a h1 h2 h3 fieldset legend label input main
		section figure figcaption footer p span b i bdi div dl dt dd code svg line polygon table thead tbody tr th td`) {
		all[name] = true
	}
	return all
}()

// checkPage: a page is well-formed XML of known elements, refers to nothing but its own
// parts, and its policy is for the very style that it has.
func checkPage(t testing.TB, out string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(out))
	var policy, style string
	ids, refs := map[string]bool{}, []string{}
	inStyle := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in %.3000s", err, out)
		}
		switch token := token.(type) {
		case xml.CharData:
			if inStyle {
				style += string(token)
			}
		case xml.EndElement:
			inStyle = false
		case xml.StartElement:
			name := token.Name.Local
			inStyle = name == "style"
			if !inPages[name] {
				t.Errorf("an element %s", name)
			}
			for _, a := range token.Attr {
				switch key := a.Name.Local; {
				case strings.HasPrefix(key, "on"), key == "style", key == "src", key == "action":
					t.Errorf("an attribute %s of %s", key, name)
				case key == "href" && !strings.HasPrefix(a.Value, "#"):
					t.Errorf("a link to %s", a.Value)
				case key == "href":
					refs = append(refs, a.Value[1:])
				case key == "aria-labelledby":
					refs = append(refs, strings.Fields(a.Value)...)
				case key == "id" && ids[a.Value]:
					t.Errorf("the id %s twice", a.Value)
				case key == "id":
					ids[a.Value] = true
				case key == "content" && strings.HasPrefix(a.Value, "default-src"):
					policy = a.Value
				}
			}
		}
	}
	for _, ref := range refs {
		if !ids[ref] {
			t.Errorf("nothing has the id %s", ref)
		}
	}
	sum := sha256.Sum256([]byte(style))
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy is %q", policy)
	}
	for _, r := range out {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%q gets out", r)
			break
		}
	}
}

func TestPages(t *testing.T) {
	all := map[string]func(testing.TB, present.Presenter){}
	for name, play := range scenes {
		all[name] = play
	}
	for _, text := range hostileTexts {
		all[fmt.Sprintf("hostile %.20q", text)] = hostile(text)
	}
	for name, play := range all {
		for viewName, open := range pages {
			t.Run(viewName+" of "+name, func(t *testing.T) { checkPage(t, drawn(t, viewName, open, play)) })
		}
	}
}

func FuzzPage(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for viewName, open := range pages {
			checkPage(t, drawn(t, viewName, open, hostile(text)))
		}
	})
}

// TestStoryPage: the page of a dialogue has all its parts.
func TestStoryPage(t *testing.T) {
	out := drawn(t, "story", HTML, scene.One)
	for _, want := range []string{`id="ladder"`, `id="steps"`, `id="headers"`, `id="conversations"`, "Welcome!", "SYN-RECEIVED", "<b>11</b>",
		`<code class="x">127.0.0.1:42101</code>`, "✓ three-way handshake", "accept() = 127.0.0.1:42101"} {
		if !strings.Contains(out, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

// TestEndpoints: what a segment changes of the numbers of both ends is told below it.
func TestEndpoints(t *testing.T) {
	for name, open := range map[string]opener{"html": HTML, "svg": SVG} {
		var out bytes.Buffer
		scene.One(t, open(view.Named("story"), &out, present.Options{Endpoints: true}))
		if want := "client: SND.UNA x, SND.NXT x+1"; !strings.Contains(out.String(), want) {
			t.Errorf("%s has no %q", name, want)
		}
	}
}

// TestASCII: where there is no more than ASCII, the same characters are written as
// references, and read back they are the same.
func TestASCII(t *testing.T) {
	for name, open := range map[string]opener{"html": HTML, "svg": SVG} {
		var plain, ascii bytes.Buffer
		scene.One(t, open(view.Named("story"), &plain, present.Options{}))
		scene.One(t, open(view.Named("story"), &ascii, present.Options{ASCII: true}))
		for _, c := range ascii.Bytes() {
			if c >= 0x80 {
				t.Fatalf("%s: byte %x", name, c)
			}
		}
		if wordsOf(t, plain.String()) != wordsOf(t, ascii.String()) {
			t.Errorf("%s: the texts differ", name)
		}
	}
}

// wordsOf are all texts of a document.
func wordsOf(t testing.TB, document string) (words string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return words
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			words += string(text)
		}
	}
}
