package sheet

import (
	"html/template"
	"io"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

var pageTemplate = template.Must(template.New("sheet").Funcs(template.FuncMap{
	"letter": quiz.Letter, "worth": worthOf, "proof": proof,
	"next":    func(i int) int { return i + 1 },
	"bytes":   func(e quiz.Exhibit) string { return exhibit(&e, 80) },
	"rows":    func(e quiz.Exhibit) [][]quiz.Value { return e.Rows() },
	"gap":     func(v quiz.Value) string { return gap(v, blank) },
	"headsOf": func(e quiz.Exhibit) []string { return e.Heads() },
}).Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Sheet.Title}}</title>
<style>
:root { color-scheme: light dark; --line: #767676; --soft: #595959; }
@media (prefers-color-scheme: dark) { :root { --line: #8c8c8c; --soft: #b0b0b0; } }
body { font: 1.05rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .3rem; }
.worth { color: var(--soft); margin: 0 0 .6rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
ol { list-style: upper-alpha; }
.line { display: inline-block; min-width: 12rem; border-bottom: 1px solid currentColor; height: 1.2em; }
.room { height: 2.5rem; }
.key { border-left: .3rem solid var(--line); padding-left: .8rem; }
pre { overflow-x: auto; }
@media print {
	section { break-inside: avoid; }
	body { font: 9.5pt/1.3 system-ui, sans-serif; max-width: none; padding: 0; }
	h1 { font-size: 14pt; margin: 0; }
	h2 { font-size: 10.5pt; margin: .9rem 0 .1rem; }
	p, ol, pre { margin: .25rem 0; }
	th, td { padding: .05rem .7rem .05rem 0; }
	.wide { overflow: visible; }
	.room { height: .8rem; }
}
@page { margin: 14mm 15mm 16mm; @bottom-left { content: "{{.Sheet.Student}}"; font: 8pt sans-serif; } @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
</style>
</head>
<body>
<main>
<h1>{{.Sheet.Title}}</h1>
<p>{{.Worth}}. Capture: <code>{{.Sheet.Source}}</code>.</p>
{{if not .Sheet.Key}}<p>Name: {{.Sheet.Student}} <span class="line"></span></p>{{else if .Sheet.Student}}<p><strong>{{.Whose}}</strong></p>{{end}}
{{$key := .Sheet.Key}}
{{range $i, $q := .Sheet.Questions}}<section>
<h2>{{next $i}}. {{.Ask}}</h2>
<p class="worth">{{worth $q}}</p>
{{range .Show}}{{if .Bytes}}<pre tabindex="0">{{bytes .}}</pre>{{else}}<div class="wide" tabindex="0" role="region" aria-label="segments of question {{next $i}}"><table>
<thead><tr>{{range headsOf .}}<th scope="col">{{.}}</th>{{end}}</tr></thead>
<tbody>{{range rows .}}<tr>{{range .}}<td>{{.Text}}{{if .Blank}}<span class="line"></span>{{else}}{{gap .}}{{end}}{{.Rest}}</td>{{end}}</tr>
{{end}}</tbody></table></div>{{end}}
{{end}}{{if .Choices}}<ol>{{range .Choices}}<li>{{.}}</li>{{end}}</ol>{{end}}{{if .Items}}<ol>{{range .Items}}<li>{{.}}</li>{{end}}</ol>{{end}}
{{if $key}}<p class="key"><strong>{{.Answer}}</strong><br>{{proof $q}}</p>{{else}}<p>Answer ({{.Answer.Want}}): <span class="line"></span></p><div class="room"></div>{{end}}
</section>
{{end}}
</main>
<footer><p class="worth">The same questions again: <code>{{.Sheet.Again}}</code></p></footer>
</body>
</html>
`))

func htmlPage(s *Sheet, w io.Writer) error {
	return pageTemplate.Execute(w, struct {
		Sheet *Sheet
		Worth string
		Whose string
	}{s, s.worth(), s.whose()})
}
