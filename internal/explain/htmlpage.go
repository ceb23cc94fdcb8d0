package explain

import (
	_ "embed"
	"fmt"
	"html"
	"strings"
)

//go:embed page.css
var pageStyle string

// html appends the document as one file for a browser: nothing is fetched, and no
// script runs.
func (d *Document) html(dst []byte) []byte {
	title := d.Title
	if title == "" || !d.isBook() {
		title = d.Topics[0].Title
	}
	dst = fmt.Appendf(dst, `<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<title>%s</title>
<style>
%s</style>
</head>
<body>
`, html.EscapeString(title), pageStyle)
	if !d.isBook() {
		dst = append(dst, "<main>\n"...)
		for i, t := range d.Topics {
			level := 2
			if i == 0 {
				level = 1
			}
			dst = d.topicHTML(dst, t, level)
		}
		return append(dst, "</main>\n</body>\n</html>\n"...)
	}
	dst = fmt.Appendf(dst, "<header>\n<h1>%s</h1>\n</header>\n<nav aria-label=\"Contents\">\n<dl>\n", html.EscapeString(d.Title))
	for _, c := range d.chapters() {
		dst = fmt.Appendf(dst, "<dt><a href=\"#%s\">%s</a></dt>\n<dd>", slug(c.name), html.EscapeString(capitalText(c.name)))
		for i, t := range c.topics {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = fmt.Appendf(dst, "<a href=\"#%s\">%s</a>", t.anchor(), html.EscapeString(t.Name))
		}
		dst = append(dst, "</dd>\n"...)
	}
	dst = append(dst, "</dl>\n</nav>\n<main>\n"...)
	for _, c := range d.chapters() {
		dst = fmt.Appendf(dst, "<h2 id=\"%s\">%s</h2>\n", slug(c.name), html.EscapeString(capitalText(c.name)))
		for _, t := range c.topics {
			dst = d.topicHTML(dst, t, 3)
		}
	}
	return append(dst, "</main>\n</body>\n</html>\n"...)
}

func (d *Document) topicHTML(dst []byte, t Topic, level int) []byte {
	dst = fmt.Appendf(dst, "<section aria-labelledby=\"%[1]s\">\n<h%[2]d id=\"%[1]s\">%[3]s</h%[2]d>\n", t.anchor(), level, html.EscapeString(t.Title))
	if t.Help != "" {
		dst = fmt.Appendf(dst, "<p>%s</p>\n", d.linkedHTML(t.Help))
	}
	for _, b := range t.body {
		dst = d.blockHTML(dst, t, b, level)
	}
	if t.Ref != "" {
		dst = fmt.Appendf(dst, "<p class=\"see\">See %s.</p>\n", d.linkedHTML(t.Ref))
	}
	return append(dst, "</section>\n"...)
}

func (d *Document) blockHTML(dst []byte, t Topic, b block, level int) []byte {
	switch b := b.(type) {
	case para:
		return fmt.Appendf(dst, "<p>%s</p>\n", d.linkedHTML(string(b)))
	case heading:
		return fmt.Appendf(dst, "<h%[1]d>%[2]s</h%[1]d>\n", level+1, html.EscapeString(string(b)))
	case rows:
		dst = append(dst, "<dl>\n"...)
		for _, row := range b {
			dst = fmt.Appendf(dst, "<dt>%s</dt>\n<dd>%s</dd>\n", d.linkedHTML(row[0]), d.linkedHTML(row[1]))
		}
		return append(dst, "</dl>\n"...)
	case code:
		return fmt.Appendf(dst, "<pre>%s</pre>\n", html.EscapeString(strings.Join(b, "\n")))
	case twin:
		dst = append(dst, "<div class=\"twin\">\n"...)
		for i := range b.bodies {
			dst = fmt.Appendf(dst, "<figure>\n<figcaption>%s</figcaption>\n<pre>%s</pre>\n</figure>\n",
				html.EscapeString(b.heads[i]), html.EscapeString(strings.Join(b.lines(i), "\n")))
		}
		return append(dst, "</div>\n"...)
	case grid:
		return fmt.Appendf(dst, "<pre class=\"grid\" tabindex=\"0\" role=\"img\" aria-label=\"the header, 32 bits to a row; %s\">%s</pre>\n",
			html.EscapeString(t.Title), html.EscapeString(strings.Join(b.picture(), "\n")))
	}
	panic(fmt.Sprintf("a block of %T has no HTML", b))
}

// linkedHTML is text with a link where it names another topic of the document.
func (d *Document) linkedHTML(text string) string {
	var b strings.Builder
	d.links(text, func(piece, anchor string) {
		if piece = html.EscapeString(piece); anchor == "" || !d.isBook() {
			b.WriteString(piece)
			return
		}
		fmt.Fprintf(&b, "<a href=\"#%s\">%s</a>", anchor, piece)
	})
	return b.String()
}
