package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/format/rows"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// modules are the page's scripts, each behind those that it imports. Who drops captures
// on it needs decoderModule too.
var modules = []string{"dom.js", "tables.js", "model.js", "feed.js", "ladder.js", "header.js", "states.js", "programs.js", "predict.js", "classroom.js", "main.js"}

const decoderModule = "decoder.js"

// maxHeld is how many bytes of moments one file may hold: what a browser still opens
// in a moment.
const maxHeld = 64 << 20

// single gathers the story's moments, and writes the page that holds them.
type single struct {
	present.Presenter // to gathered
	gathered          bytes.Buffer
	w                 io.Writer
	title             string
	tooMuch           bool
}

// Single opens the story as one file: the page with its moments inside.
func Single(v *view.View, w io.Writer, o present.Options) present.Presenter {
	s := &single{w: w, title: visible.String(o.Source)}
	s.Presenter = rows.JSON(v, &s.gathered, o)
	return s
}

// Moment implements Presenter. Of what is too much for a page nothing is written.
func (s *single) Moment(m timeline.Moment) error {
	if s.gathered.Len() > maxHeld {
		s.tooMuch = true
		return &present.TooMuch{Format: "html --interactive", What: "MiB of moments", Most: maxHeld >> 20}
	}
	return s.Presenter.Moment(m)
}

// Close implements Presenter: it writes the page.
func (s *single) Close() error {
	if err := s.Presenter.Close(); err != nil || s.tooMuch {
		return err
	}
	return Write(s.w, s.title, s.gathered.Bytes())
}

// Write writes the page with moments, a JSON array of rows of the story, inside.
func Write(w io.Writer, title string, moments []byte) error {
	// Within a script nothing but the end tag and a comment's begin means anything: no
	// data holds their first character then.
	data := bytes.ReplaceAll(moments, []byte("<"), []byte(`\u003c`))
	return write(w, title, script(modules), "", "", []block{{"application/json", "moments", data}})
}

// WriteDecoder writes the page for captures of one's own, with the decoder, packed with
// gzip, inside, and what a browser needs to start it.
func WriteDecoder(w io.Writer, packed, support []byte) error {
	program := base64.StdEncoding.AppendEncode(nil, packed)
	return write(w, "captures", script(append([]string{decoderModule}, modules...)), " 'wasm-unsafe-eval' blob:; worker-src blob:", `<meta name="feed" content="decoder">`,
		[]block{{"text/plain", "decoder", program}, {"text/plain", "support", support}, {"text/plain", "worker", []byte(read("worker.js"))}})
}

// block is data in a page.
type block struct {
	kind, id string
	data     []byte
}

func write(w io.Writer, title, script, policy, more string, blocks []block) error {
	style := read("style.css")
	policy = "default-src 'none'; script-src 'sha256-" + hash(script) + "'" + policy + "; style-src 'sha256-" + hash(style) + "'; img-src data:; base-uri 'none'; form-action 'none'"
	page := strings.NewReplacer(
		`<meta charset="utf-8">`, `<meta charset="utf-8">`+"\n"+`<meta http-equiv="Content-Security-Policy" content="`+policy+`">`+more,
		`<link rel="stylesheet" href="style.css">`, "<style>"+style+"</style>",
		`<script type="module" src="main.js"></script>`, "",
		"<title>handshake-lab</title>", "<title>"+escape(title)+" – handshake-lab</title>",
		`<span id="source"></span>`, `<span id="source">`+escape(title)+"</span>",
	).Replace(read("index.html"))
	head, tail, _ := strings.Cut(page, "</body>")
	parts := [][]byte{[]byte(head)}
	for _, b := range blocks {
		parts = append(parts, fmt.Appendf(nil, `<script type="%s" id="%s">`, b.kind, b.id), b.data, []byte("</script>\n"))
	}
	for _, part := range append(parts, []byte(`<script type="module">`+script+"</script>\n</body>"), []byte(tail)) {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

var (
	imports  = regexp.MustCompile(`(?m)^import .*\n`)
	exports  = regexp.MustCompile(`(?m)^export `)
	onDemand = regexp.MustCompile(`(?m)^ *const \{ (\w+) \} = await import\(.*\n`)
)

// script is modules as one: none has a name that another one has.
func script(modules []string) string {
	var all strings.Builder
	for _, name := range modules {
		text := read(name)
		for _, not := range []*regexp.Regexp{imports, exports, onDemand} {
			text = not.ReplaceAllString(text, "")
		}
		all.WriteString(text)
	}
	return all.String()
}

func read(name string) string {
	text, err := fs.ReadFile(Files(), name)
	if err != nil {
		panic(err) // a test reads every one
	}
	return string(text)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}
