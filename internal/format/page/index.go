package page

import (
	"html/template"
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// IndexViews are the views that a bundle has, in the order in which an index shows
// them.
var IndexViews = []string{"story", "handshake", "header", "conversations"}

// Index is a page that shows a bundle: each view, with what its columns mean, and the
// files that it is written to.
type Index struct {
	Source  string // the capture
	Asked   string // what of it; "" for all
	Summary string // what it comes to, a conversation a line
	Files   []IndexFile
}

// IndexFile is one file of a bundle.
type IndexFile struct {
	Name, Format, Help string
	View               string   // "" for the capture
	Shown              *Preview // its beginning
	Left               string   // why it was left out; "" where it was not
}

// Preview is the beginning of what goes through it.
type Preview struct {
	w    io.Writer
	text []byte
	more bool
}

// previewMost is how many bytes an index shows of a file.
const previewMost = 24 << 10

// NewPreview keeps the beginning of what is written to w.
func NewPreview(w io.Writer) *Preview { return &Preview{w: w} }

// Write implements io.Writer.
func (p *Preview) Write(b []byte) (int, error) {
	if room := previewMost - len(p.text); room < len(b) {
		p.text, p.more = append(p.text, b[:room]...), true
	} else {
		p.text = append(p.text, b...)
	}
	return p.w.Write(b)
}

// Text is that, in whole lines.
func (p *Preview) Text() string {
	text := string(p.text)
	if p.more {
		text = text[:strings.LastIndexByte(text, '\n')+1] + "…"
	}
	return visible.Lines([]byte(text))
}

// meanings say what the parts of a view mean.
var meanings = map[string]string{
	"story": "From top to bottom in time: ms since the first moment, # the frame in the capture. x and y are the initial sequence numbers " +
		"of client and server; a number stands with its bits in the TCP header, counted from 0, and with the arithmetic that leads to it. " +
		"At the sides the state of each end (RFC 9293 §3.3.2); a ? is assumed, not shown by that end.",
	"handshake": "A row a step. #: the frame in the capture; ms: since the first segment; 104-111: the flags byte, CWR first; seq 32-63 and ack 64-95: " +
		"the numbers with their bits in the header, and what they are counted from; proved by: the frame that is acknowledged; options: as tcpdump writes them.",
	"header": "A row a field, with its bits counted from 0 at the header's first, the bits as they were sent, their value, and what it means " +
		"in this segment. * marks what differs from the segment before in the same direction.",
	"conversations": "A connection each: its sockets, how long the handshake took, both initial sequence numbers, the options agreed on, " +
		"bytes each way, who closed it and how, Wireshark's completeness, and the verdict with the frames that prove it.",
}

// section is a view of the page.
type section struct {
	Name, Help, Meaning, Text string
	Picture, Page             string // file names
	Files                     []IndexFile
}

// Write writes the page.
func (x *Index) Write(w io.Writer) error {
	var sections []section
	for _, name := range IndexViews {
		v := view.Named(name)
		s := section{Name: name, Help: v.Help, Meaning: meanings[name]}
		for _, f := range x.Files {
			if f.View != name {
				continue
			}
			s.Files = append(s.Files, f)
			switch {
			case f.Left != "":
			case f.Format == "svg":
				s.Picture = f.Name
			case f.Format == "html":
				s.Page = f.Name
			case f.Format == "text":
				s.Text = f.Shown.Text()
			}
		}
		sections = append(sections, s)
	}
	var capture []IndexFile
	for _, f := range x.Files {
		if f.View == "" {
			capture = append(capture, f)
		}
	}
	return indexPage.Execute(w, map[string]any{"Source": visible.String(x.Source), "Asked": visible.String(x.Asked),
		"Summary": visible.Lines([]byte(x.Summary)), "Sections": sections, "Capture": capture})
}

var indexPage = template.Must(template.New("index").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: file:; frame-src 'self' file:">
<title>TCP, segment by segment{{with .Source}}: {{.}}{{end}}</title>
<style>
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1b1b; --quiet: #595959; --link: #0b57a4; --line: #b5b5b5; --box: #f4f4f4 }
@media (prefers-color-scheme: dark) { :root { --ground: #16181b; --ink: #ececec; --quiet: #a8a8a8; --link: #7db8ff; --line: #55585c; --box: #1f2226 } }
body { background: var(--ground); color: var(--ink); font: 1.05rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem }
a { color: var(--link) }
figure { margin: 1rem 0; border: 1px solid var(--line); border-radius: .4rem; padding: .8rem; background: var(--box) }
figcaption { color: var(--quiet); margin-bottom: .6rem }
pre { overflow: auto; font: .85rem/1.35 ui-monospace, monospace; margin: 0; max-height: 36rem }
pre.wraps { white-space: pre-wrap; overflow-wrap: anywhere }
pre:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
img { max-width: 100%; height: auto; background: #fff }
iframe { width: 100%; height: 36rem; border: 1px solid var(--line); background: #fff }
ul { padding-left: 1.2rem }
@media print { pre { max-height: none; white-space: pre-wrap } iframe { display: none } }
</style>
</head>
<body>
<h1>TCP, segment by segment</h1>
<p>{{with .Source}}Capture: {{.}}{{else}}A capture{{end}}{{with .Asked}}; of it {{.}}{{end}}.</p>
{{with .Summary}}<pre class="wraps" tabindex="0" aria-label="what it comes to">{{.}}</pre>
{{end}}<nav aria-label="views"><ul>{{range .Sections}}
<li><a href="#{{.Name}}">{{.Name}}</a>: {{.Help}}</li>{{end}}
</ul></nav>
{{range .Sections}}{{$section := .}}<section aria-labelledby="{{.Name}}">
<h2 id="{{.Name}}">{{.Name}}</h2>
{{with .Picture}}<figure><figcaption>{{$section.Meaning}}</figcaption><img src="{{.}}" alt="{{$section.Name}} as a picture; the same as text stands below" loading="lazy"></figure>
{{end}}{{with .Page}}<figure><figcaption>{{$section.Meaning}}</figcaption><iframe src="{{.}}" title="{{$section.Name}} as a page" loading="lazy" sandbox></iframe></figure>
{{end}}{{with .Text}}<figure><figcaption>As text. {{$section.Meaning}}</figcaption><pre tabindex="0" aria-label="{{$section.Name}} as text">{{.}}</pre></figure>
{{end}}<ul>{{range .Files}}
<li>{{if .Left}}{{.Name}} was left out: {{.Left}}.{{else}}<a href="{{.Name}}">{{.Name}}</a>: {{.Format}}, {{.Help}}
{{if and .Shown (ne .Format "text") (ne .Format "svg") (ne .Format "html")}}<details><summary>show {{.Name}}</summary><pre tabindex="0" aria-label="{{.Name}}">{{.Shown.Text}}</pre></details>{{end}}{{end}}</li>{{end}}
</ul>
</section>
{{end}}<section aria-labelledby="capture">
<h2 id="capture">capture</h2>
<ul>{{range .Capture}}
<li><a href="{{.Name}}">{{.Name}}</a>: {{.Help}}. In Wireshark: View, or right-click a column, and add frame.comment.</li>{{end}}
</ul>
</section>
</body>
</html>
`))
