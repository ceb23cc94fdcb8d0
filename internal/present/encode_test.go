package present

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// machineRows reads what a view wrote as ndjson and as csv.
func machineRows(t *testing.T, view string, scene func(testing.TB, Presenter)) (objects []map[string]any, cells []map[string]string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(shown(t, view, "ndjson", Options{}, scene), "\n"), "\n") {
		var o map[string]any
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		objects = append(objects, o)
	}
	if p, err := Open(view, "csv", io.Discard, Options{}); err != nil || p == nil {
		return objects, nil
	}
	rows, err := csv.NewReader(strings.NewReader(shown(t, view, "csv", Options{}, scene))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, key := range rows[0] {
			m[key] = r[i]
		}
		cells = append(cells, m)
	}
	return objects, cells
}

// TestMachine: both formats parse, and say the same with the types of the
// columns.
func TestMachine(t *testing.T) {
	for _, v := range Views {
		for _, scene := range []func(testing.TB, Presenter){one, three, lost} {
			if v.Name == "dialogue" && len(shown(t, v.Name, "ndjson", Options{}, scene)) == 0 {
				continue
			}
			objects, rows := machineRows(t, v.Name, scene)
			if rows != nil && len(rows) != len(objects) {
				t.Fatalf("%s: %d objects, %d rows", v.Name, len(objects), len(rows))
			}
			for i, o := range objects {
				for key := range o {
					if !slices.ContainsFunc(v.Columns, func(c Column) bool { return c.Key == key }) {
						t.Errorf("%s writes %s, which no column has", v.Name, key)
					}
				}
				for _, c := range v.Columns {
					value, has := o[c.Key]
					cell := ""
					if has {
						cell = asCell(t, c, value)
					}
					if rows != nil && strings.TrimPrefix(rows[i][c.Key], "'") != cell {
						t.Errorf("%s, row %d, %s: ndjson %v, csv %q", v.Name, i, c.Key, value, rows[i][c.Key])
					}
				}
			}
		}
	}
}

// asCell checks a value's type and makes the csv of it.
func asCell(t *testing.T, c Column, value any) string {
	switch v := value.(type) {
	case json.Number:
		if c.Type == Number {
			return v.String()
		}
	case bool:
		if c.Type == Boolean {
			return strconv.FormatBool(v)
		}
	case string:
		if (c.Type == Word || c.Type == Text) && v != "" {
			return v
		}
	case []any:
		var words []string
		for _, w := range v {
			words = append(words, strings.TrimSpace(strings.Trim(mustJSON(w), `"`)))
		}
		if c.Type == Numbers || c.Type == Words {
			return strings.Join(words, ";")
		}
	}
	t.Errorf("%s: %v (%T) is no %v", c.Key, value, value, c.Type)
	return ""
}

func mustJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// hostile is an event full of what must not get out as it is.
func hostile(payload string) *conversation.Event {
	s := &decode.Segment{Number: 1, Header: make([]byte, 20), HeaderLen: 20, Payload: []byte(payload), PayloadLen: len(payload),
		Comment: payload, Time: moment(0), Src: greetingServer.Addr(), Dst: greetingServer.Addr(),
		Problem: &decode.Problem{Layer: "TCP option", Bit: 160, Reason: payload}}
	c := &conversation.Conversation{Verdict: conversation.Verdict{Name: "fine", Text: payload}}
	return &conversation.Event{Segment: s, Conversation: c, Step: conversation.StepData, Sized: true, Fresh: len(payload),
		Analysis: conversation.Retransmission | conversation.OutOfOrder}
}

var hostilePayloads = []string{
	"\x1b]0;owned\x07\x1b[2J", "=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(1)", "\t=1", "\r\n=1", "a\"b,c\nd", "| a | b |\n|--|",
	"</td><script>alert(1)</script>", "`code` **bold** _it_ [x](http://a)", "\xff\xfe\x00\x7f\u0085\u009b2J", "\u202eevil\u202c\u2066\u200b\ufeff",
	"日本語 😀 e\u0301", "\\x1b", "```\n# head", "＝1+1", strings.Repeat("x", 5000), strings.Repeat("界", 500), "\u2028\u2029", "a;b",
}

// TestHostile: no bytes of the wire come out as anything but text, in any view
// and format.
func TestHostile(t *testing.T) {
	for _, v := range Views {
		for _, format := range v.Formats() {
			for _, payload := range hostilePayloads {
				out := shown(t, v.Name, format, Options{Width: 80}, func(t testing.TB, p Presenter) {
					e := hostile(payload)
					for _, m := range []timeline.Moment{
						timeline.Of(e),
						{Kind: timeline.Note, Text: payload},
						{Kind: timeline.Undecoded, Frame: 2, Problem: e.Segment.Problem},
						{Kind: timeline.Ended, Conversation: e.Conversation},
					} {
						if err := p.Moment(m); err != nil {
							t.Fatal(err)
						}
					}
					if err := p.Close(); err != nil {
						t.Fatal(err)
					}
				})
				if !utf8.ValidString(out) {
					t.Errorf("%s %s of %q: no UTF-8", v.Name, format, payload)
				}
				for _, r := range out {
					if r != '\n' && !unicode.IsPrint(r) {
						t.Errorf("%s %s of %.40q: %q gets out", v.Name, format, payload, r)
						break
					}
				}
				if format == "markdown" && v.Name != "story" {
					if strings.Contains(out, "<script") || strings.Contains(out, "**bold") && !strings.Contains(out, `\*\*bold`) {
						t.Errorf("%s markdown of %q is not escaped:\n%s", v.Name, payload, out)
					}
					checkTable(t, v.Name, payload, out)
				}
				if format == "markdown" && v.Name == "story" && strings.Count(out, "```\n") > 1 && strings.Contains(out, "\n```\n#") {
					t.Errorf("story markdown of %q leaves its block:\n%s", payload, out)
				}
			}
		}
	}
}

// checkTable: all rows of a Markdown table have as many cells.
func checkTable(t *testing.T, view, payload, out string) {
	want := 0
	for _, line := range strings.Split(out, "\n") {
		if !strings.HasPrefix(line, "|") {
			want = 0
			continue
		}
		n := strings.Count(line, "|") - strings.Count(line, `\|`)
		if want != 0 && n != want {
			t.Errorf("%s markdown of %.40q: %d cells, want %d: %s", view, payload, n, want, line)
		}
		want = n
	}
}

// TestFormula: a spreadsheet takes no text for a formula, and numbers stay
// numbers.
func TestFormula(t *testing.T) {
	for text, want := range map[string]string{
		"=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "＝1": "'＝1", "a=1": "a=1", `=a,"b"`: `"'=a,""b"""`, `x"y`: `"x""y"`,
	} {
		if got := string(appendCell(nil, []byte(text))); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
}

// TestNeedsEscape: every byte at every place is looked at.
func TestNeedsEscape(t *testing.T) {
	for at := range 19 {
		for c := range 256 {
			text := bytes.Repeat([]byte(" ~"), 10)[:19]
			text[at] = byte(c)
			want := c < ' ' || c > '~' || c == '"' || c == '\\'
			if needsEscape(text) != want {
				t.Errorf("byte %#x at %d: %v, want %v", c, at, !want, want)
			}
		}
	}
}

// TestAllocations: no row and no step of the story allocates.
func TestAllocations(t *testing.T) {
	for _, v := range Views {
		for _, format := range v.Formats() {
			switch {
			case v.Name == "conversations" && testing.AllocsPerRun(10, func() { _ = conversation.Completeness(31).Text() }) > 0:
				continue // its text allocates
			case v.Name == "handshake", v.Name == "header":
				continue // rows are kept until the third; the header before
			}
			moments := recorded(t)
			p, err := Open(v.Name, format, io.Discard, Options{Width: 140})
			if err != nil {
				t.Fatal(err)
			}
			feed := func() {
				for _, m := range moments {
					if err := p.Moment(m); err != nil {
						t.Fatal(err)
					}
				}
			}
			feed()
			if n := testing.AllocsPerRun(100, feed); n > 0 {
				t.Errorf("%s %s: %v allocations for %d moments", v.Name, format, n, len(moments))
			}
		}
	}
}

// recorder keeps copies of events.
type recorder struct{ moments []timeline.Moment }

func (r *recorder) Moment(m timeline.Moment) error {
	if m.Event == nil {
		return nil
	}
	e, s, c := *m.Event, *m.Event.Segment, *m.Event.Conversation
	s.Keep(nil)
	e.Segment, e.Conversation = &s, &c
	m.Event = &e
	r.moments = append(r.moments, m)
	return nil
}

func (r *recorder) Close() error { return nil }

func recorded(t testing.TB) []timeline.Moment {
	var r recorder
	tell(t, &r, greeting(0, 42101, 1))
	return r.moments
}

func BenchmarkSegments(b *testing.B) {
	for _, format := range []string{"ndjson", "csv"} {
		b.Run(format, func(b *testing.B) {
			benchRows(b, format, Options{})
		})
	}
}

func benchRows(b *testing.B, format string, o Options) {
	moments := recorded(b)
	p, err := Open("segments", format, io.Discard, o)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := range b.N {
		if err := p.Moment(moments[i%len(moments)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStory: without the sentence beside the ladder, and with it.
func BenchmarkStory(b *testing.B) {
	for _, columns := range []int{80, 140} {
		b.Run(strconv.Itoa(columns), func(b *testing.B) {
			moments := recorded(b)
			var out bytes.Buffer
			p, _ := Open("story", "text", &out, Options{Width: columns})
			b.ReportAllocs()
			for i := range b.N {
				out.Reset()
				if err := p.Moment(moments[i%len(moments)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestNarrow: what is measured in short measures what it does in full.
func TestNarrow(t *testing.T) {
	for r := rune(' '); r < 0x3000; r++ {
		if isNarrow(r) && (cells.StringWidth(string(r)) != 1 || cells.StringWidth("e"+string(r)+"e") != 3) {
			t.Errorf("%q is not one column wide", r)
		}
	}
	for _, text := range []string{"", "plain", "a → b", "⏎⏎⏎⏎⏎⏎", "née …", "e\u0301e\u0301e\u0301e\u0301", "日本語日本語", "ab日c", "abcd\u0301ef", "👩‍👩‍👧x", "abcd\u200dx", "\xff\xfeabc",
		"The client has 1 byte more to send (RFC 9293 §3.4)", "eightletters→and more日of them", "12345678\u0301"} {
		if got, want := width(text), cells.StringWidth(text); got != want {
			t.Errorf("%q: %d columns, want %d", text, got, want)
		}
		for columns := 1; columns <= cells.StringWidth(text); columns++ {
			fits := len(cells.Truncate(text, columns, ""))
			if blank := strings.LastIndexByte(text[:min(fits+1, len(text))], ' '); fits < len(text) && blank > 0 && blank < fits {
				fits = blank
			} else if fits == 0 {
				fits = len(text)
			}
			if head, rest := breakAt([]byte(text), columns); string(head) != text[:fits] || string(rest) != strings.TrimPrefix(text[fits:], " ") {
				t.Errorf("%q broken at %d columns: %q and %q, want %q", text, columns, head, rest, text[:fits])
			}
		}
		for columns := 1; columns < cells.StringWidth(text); columns++ {
			for set, mark := range map[visible.Charset]string{visible.Screen: "…", visible.ASCII: "~"} {
				if got, want := string(appendCut(nil, []byte(text), columns, set)), cells.Truncate(text, columns, mark); got != want {
					t.Errorf("%q to %d columns: %q, want %q", text, columns, got, want)
				}
			}
		}
	}
}

// A comment of 64 KiB is broken into lines in time that grows with its length.
func TestWrapIsLinear(t *testing.T) {
	for _, text := range []string{strings.Repeat("word ", 40000), strings.Repeat("␛", 70000), strings.Repeat("\u0301", 100000)} {
		lines := wrap(text, 40)
		if got := strings.Join(lines, " "); len(lines) < 2 || len(strings.ReplaceAll(got, " ", "")) != len(strings.ReplaceAll(text, " ", "")) {
			t.Errorf("%d lines, %d bytes of %d", len(lines), len(got), len(text))
		}
	}
	measured := func(n int) float64 {
		return float64(testing.Benchmark(func(b *testing.B) {
			text := strings.Repeat("␛", n)
			for b.Loop() {
				wrap(text, 40)
			}
		}).NsPerOp())
	}
	if testing.Short() {
		t.Skip("measuring takes a while")
	}
	if few, many := measured(2000), measured(20000); many > 40*few {
		t.Errorf("ten times the text takes %.0f times as long", many/few)
	}
}

// BenchmarkTable: a table on a screen has to keep up with the wire.
func BenchmarkTable(b *testing.B) { benchRows(b, "text", Options{Width: 120, Live: true}) }

// TestTableRows: rows stand as tablewriter itself would draw them.
func TestTableRows(t *testing.T) {
	for _, o := range []Options{{Width: 48}, {Width: 80}, {Width: 140}, {Width: 80, ASCII: true}} {
		for _, view := range []string{"segments", "handshake", "header", "dialogue"} {
			for _, format := range []string{"text", "markdown"} {
				var out bytes.Buffer
				p, err := Open(view, format, &out, o)
				if err != nil {
					t.Fatal(err)
				}
				table := p.(*table)
				rows := 0
				draw := func(r *row) error {
					rows++
					out.Reset()
					table.headed, table.section = false, nil
					if err := table.add(r); err != nil {
						return err
					}
					table.out.Flush()
					var texts []string
					for i := range table.cells {
						if c := &table.cells[i]; format == "text" {
							text, _ := table.show(c, r)
							texts = append(texts, string(text))
						} else {
							texts = append(texts, string(appendMarkdown(nil, table.text(c, r))))
						}
					}
					want, err := table.draw(texts)
					if got := out.String(); err != nil || got != string(want) {
						t.Errorf("%s as %s, %+v:\n%s\ntablewriter draws (%v)\n%s", view, format, o, got, err, want)
					}
					return nil
				}
				for _, m := range recorded(t) {
					if err := table.rows.moment(&m, draw); err != nil {
						t.Fatal(err)
					}
				}
				if rows < 3 {
					t.Errorf("%s: %d rows", view, rows)
				}
			}
		}
	}
}
