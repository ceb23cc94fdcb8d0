package explain

import (
	"fmt"
	"strings"
)

// markdown appends the document as GitHub's Markdown.
func (d *Document) markdown(dst []byte) []byte {
	if !d.isBook() {
		for i, t := range d.Topics {
			if i > 0 {
				dst = append(dst, '\n')
			}
			dst = d.topicMarkdown(dst, t, 1)
		}
		return dst
	}
	dst = fmt.Appendf(dst, "# %s\n", inMarkdown(d.Title))
	for _, c := range d.chapters() {
		var names []string
		for _, t := range c.topics {
			names = append(names, fmt.Sprintf("[%s](#%s)", inMarkdown(t.Name), t.anchor()))
		}
		dst = fmt.Appendf(dst, "\n- [%s](#%s): %s", inMarkdown(capitalText(c.name)), slug(c.name), strings.Join(names, ", "))
	}
	dst = append(dst, '\n')
	for _, c := range d.chapters() {
		dst = fmt.Appendf(dst, "\n<a id=\"%s\"></a>\n\n## %s\n", slug(c.name), inMarkdown(capitalText(c.name)))
		for _, t := range c.topics {
			dst = fmt.Appendf(dst, "\n<a id=\"%s\"></a>\n\n", t.anchor())
			dst = d.topicMarkdown(dst, t, 3)
		}
	}
	return dst
}

func (d *Document) topicMarkdown(dst []byte, t Topic, level int) []byte {
	dst = fmt.Appendf(dst, "%s %s\n", strings.Repeat("#", level), inMarkdown(t.Title))
	if t.Help != "" {
		dst = fmt.Appendf(dst, "\n%s\n", d.linkedMarkdown(t.Help))
	}
	for _, b := range t.body {
		dst = append(dst, '\n')
		switch b := b.(type) {
		case para:
			dst = fmt.Appendf(dst, "%s\n", d.linkedMarkdown(string(b)))
		case heading:
			dst = fmt.Appendf(dst, "%s %s\n", strings.Repeat("#", level+1), inMarkdown(string(b)))
		case rows:
			dst = append(dst, "| | |\n|---|---|\n"...)
			for _, row := range b {
				dst = fmt.Appendf(dst, "| %s | %s |\n", inMarkdown(row[0]), d.linkedMarkdown(row[1]))
			}
		case code:
			dst = fence(dst, "text", b)
		case twin:
			for i := range b.bodies {
				if i > 0 {
					dst = append(dst, '\n')
				}
				dst = fence(fmt.Appendf(dst, "%s:\n\n", inMarkdown(b.heads[i])), twinLanguages[i], b.lines(i))
			}
		case grid:
			dst = fence(dst, "text", b.picture())
		default:
			panic(fmt.Sprintf("a block of %T has no Markdown", b))
		}
	}
	if t.Ref != "" {
		dst = fmt.Appendf(dst, "\nSee %s.\n", d.linkedMarkdown(t.Ref))
	}
	return dst
}

// twinLanguages are the two languages of forms, as fences name them.
var twinLanguages = [2]string{"python", "go"}

func fence(dst []byte, language string, lines []string) []byte {
	return fmt.Appendf(dst, "```%s\n%s\n```\n", language, strings.Join(lines, "\n"))
}

func (d *Document) linkedMarkdown(text string) string {
	var b strings.Builder
	d.links(text, func(piece, anchor string) {
		if anchor == "" || !d.isBook() {
			b.WriteString(inMarkdown(piece))
			return
		}
		fmt.Fprintf(&b, "[%s](#%s)", inMarkdown(piece), anchor)
	})
	return b.String()
}

// inMarkdown is text in which nothing is taken for a mark.
func inMarkdown(s string) string { return markdownMarks.Replace(s) }

var markdownMarks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`,
	"|", `\|`, "~", `\~`, "#", `\#`, "$", `\$`, "&", "&amp;")
