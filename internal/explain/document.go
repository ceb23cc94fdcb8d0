package explain

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Document is some topics as one page: text, or for a browser, or for paper.
type Document struct {
	Title  string
	Topics []Topic
	Style  Style // of text
}

// All is the whole reference as one document.
func All() Document { return Document{Title: "TCP, from the header to the verdict", Topics: Topics()} }

// A DocumentFormat is one way to write a document.
type DocumentFormat struct {
	Name      string
	Extension string // of its files
	Help      string
	Append    func(d *Document, dst []byte) []byte
}

// DocumentFormats is the one table of them; the first is that of a terminal.
var DocumentFormats = []DocumentFormat{
	{"text", ".txt", "for a terminal", (*Document).text},
	{"markdown", ".md", "for a repository or a wiki", (*Document).markdown},
	{"html", ".html", "one file for a browser, light and dark, and for paper", (*Document).html},
}

// FormatNamed is the format of a name, or of the ending of a file where the name is
// empty; text where there is neither.
func FormatNamed(name, file string) (DocumentFormat, error) {
	var names []string
	for _, f := range DocumentFormats {
		if name == f.Name || name == "" && filepath.Ext(file) == f.Extension {
			return f, nil
		}
		names = append(names, f.Name)
	}
	switch ending := filepath.Ext(file); {
	case name == "" && ending == "":
		return DocumentFormats[0], nil
	case name == "":
		return DocumentFormat{}, fmt.Errorf("%s: no format is for files that end in %s: there are %s", file, ending, strings.Join(names, ", "))
	}
	return DocumentFormat{}, fmt.Errorf("unknown format %q: there are %s", name, strings.Join(names, ", "))
}

// text appends the topics one below the other.
func (d *Document) text(dst []byte) []byte {
	for i, t := range d.Topics {
		if i > 0 {
			dst = append(dst, '\n')
		}
		dst = t.Append(dst, d.Style)
	}
	return dst
}

// chapter is what a document has of one group.
type chapter struct {
	name   string
	topics []Topic
}

func (d *Document) chapters() (list []chapter) {
	for _, t := range d.Topics {
		at := slices.IndexFunc(list, func(c chapter) bool { return c.name == t.Group })
		if at < 0 {
			at, list = len(list), append(list, chapter{name: t.Group})
		}
		list[at].topics = append(list[at].topics, t)
	}
	return list
}

// isBook reports whether the document has chapters, and a table of contents.
func (d *Document) isBook() bool { return len(d.Topics) > 2 }

// anchor is what leads to a topic within a document. Names differ in capitals only,
// as ack and ACK do, in different groups.
func (t Topic) anchor() string { return slug(t.Group) + "-" + slug(t.Name) }

func slug(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "+", "-plus-")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
}

// mentioned is where a page names another one.
var mentioned = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`explain ((?:[A-Za-z0-9+'-]+ ?)+)`)
})

// links cuts a text where it names topics of the document: say is given each piece
// with the anchor that it leads to, "" for none.
func (d *Document) links(text string, say func(piece, anchor string)) {
	at := 0
	for _, m := range mentioned().FindAllStringSubmatchIndex(text, -1) {
		if m[0] < at {
			continue
		}
		words := strings.Fields(text[m[2]:m[3]])
		for n := len(words); n > 0; n-- {
			name := strings.Join(words[:n], " ")
			t, ok := named(d.Topics, name)
			if !ok || !strings.HasPrefix(text[m[2]:], name) {
				continue
			}
			say(text[at:m[0]], "")
			at = m[2] + len(name)
			say(text[m[0]:at], t.anchor())
			break
		}
	}
	say(text[at:], "")
}
