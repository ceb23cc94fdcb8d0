package explain

import (
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/readers"
)

var update = flag.Bool("update", false, "write docs/lesson.md anew")

// docs/lesson.md is the lesson of the reference, and takes as long as it says.
func TestLessonFile(t *testing.T) {
	lesson, err := Find("lesson")
	if err != nil {
		t.Fatal(err)
	}
	if want := "A lesson of 45 minutes"; lesson.Title != want {
		t.Errorf("%q, want %q", lesson.Title, want)
	}
	d := Document{Topics: []Topic{lesson}}
	const file = "../../docs/lesson.md"
	page := d.markdown(nil)
	if *update {
		if err := os.WriteFile(file, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != string(page) {
		t.Errorf("%s is not what the reference has (%v): go test ./internal/explain -update", file, err)
	}
}

// The whole reference is one well-formed page: every anchor once, every link to an
// anchor that there is, every topic and every line of every program in it.
func TestBookAsHTML(t *testing.T) {
	book := All()
	page := string(book.html(nil))
	ids, links := map[string]int{}, []string{}
	decoder := xml.NewDecoder(strings.NewReader(page))
	decoder.Entity = xml.HTMLEntity
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, _ := token.(xml.StartElement)
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "id":
				ids[a.Value]++
			case "href":
				links = append(links, strings.TrimPrefix(a.Value, "#"))
			case "src":
				t.Errorf("the page fetches %s", a.Value)
			}
		}
	}
	for id, n := range ids {
		if n != 1 {
			t.Errorf("%s is there %d times", id, n)
		}
	}
	for _, link := range links {
		if ids[link] == 0 {
			t.Errorf("a link leads to %s, which is not there", link)
		}
	}
	for _, topic := range Topics() {
		if ids[topic.anchor()] != 1 || !slices.Contains(links, topic.anchor()) {
			t.Errorf("%s is not in the page, or not in its contents", topic.Name)
		}
	}
	if lint, err := exec.LookPath("xmllint"); err == nil {
		c := exec.Command(lint, "--noout", "-")
		c.Stdin = strings.NewReader(page)
		if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("xmllint: %v\n%s", err, out)
		}
	}
}

// Markdown has the same anchors, and no link without one; no table is broken by its
// text, no fence left open.
func TestBookAsMarkdown(t *testing.T) {
	book := All()
	page := string(book.markdown(nil))
	for _, m := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(page, -1) {
		if strings.Count(page, fmt.Sprintf("<a id=%q></a>", m[1])) != 1 {
			t.Errorf("a link leads to %s, which is not there once", m[1])
		}
	}
	if strings.Count(page, "\n```")%2 != 0 {
		t.Error("a fence is left open")
	}
	bars := regexp.MustCompile(`(^|[^\\])\|`)
	fenced := false
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if !fenced && strings.HasPrefix(line, "| ") && len(bars.FindAllString(line, -1)) != 3 {
			t.Errorf("a row has not two cells: %s", line)
		}
	}
}

// Every format has every topic, alone and with all others.
func TestDocumentFormats(t *testing.T) {
	for _, f := range DocumentFormats {
		for _, topic := range pages(t) {
			one := Document{Topics: []Topic{topic}}
			text := string(f.Append(&one, nil))
			if !strings.HasSuffix(text, "\n") || strings.Contains(text, "\x1b") || strings.Contains(text, `href="#`) {
				t.Errorf("%s as %s:\n%s", topic.Name, f.Name, text)
			}
		}
		if got, err := FormatNamed("", "book"+f.Extension); err != nil || got.Name != f.Name {
			t.Errorf("book%s is %s, %v", f.Extension, got.Name, err)
		}
		if got, err := FormatNamed(f.Name, "x.other"); err != nil || got.Name != f.Name {
			t.Errorf("%s is %s, %v", f.Name, got.Name, err)
		}
	}
	for _, file := range []string{"", "/dev/null", "book"} {
		if got, err := FormatNamed("", file); err != nil || got.Name != "text" {
			t.Errorf("%q is %s, %v", file, got.Name, err)
		}
	}
	if _, err := FormatNamed("", "book.pdf"); err == nil || !strings.Contains(err.Error(), "end in .pdf: there are text, markdown, html") {
		t.Error(err)
	}
	if _, err := FormatNamed("pdf", ""); err == nil || !strings.Contains(err.Error(), "there are text, markdown, html") {
		t.Error(err)
	}
}

// In Chromium nothing of the handbook is wider than a window, pale or out of reach
// (.ci/readers/look.js).
func TestBookInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes a while")
	}
	readers.Installed(t)
	book, dir := All(), t.TempDir()
	recv, err := Find("recv")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for name, d := range map[string]Document{"book": book, "recv": {Topics: []Topic{recv}}} {
		file := filepath.Join(dir, name+".html")
		if err := os.WriteFile(file, d.html(nil), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	readers.Run(t, 5*time.Minute, "look.js", nil, files...)
}
