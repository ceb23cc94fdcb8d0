package format

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

func TestOpen(t *testing.T) {
	for _, c := range []struct{ view, format, want string }{
		{"storm", "text", `unknown view "storm": want story, segments, handshake, endpoints, header, conversations, wire, dialogue`},
		{"story", "csv", "view story has no format csv: want " + strings.Join(Of(view.Named("story")), ", ")},
		{"segments", "xml", `unknown format "xml": view segments has ` + strings.Join(Of(view.Named("segments")), ", ")},
	} {
		if _, err := Open(c.view, c.format, io.Discard, present.Options{}); err == nil || err.Error() != c.want {
			t.Errorf("Open(%s, %s): %v, want %s", c.view, c.format, err, c.want)
		}
	}
	for _, v := range view.Views {
		for _, format := range Of(&v) {
			if _, err := Open(v.Name, format, io.Discard, present.Options{}); err != nil {
				t.Errorf("Open(%s, %s): %v", v.Name, format, err)
			}
		}
	}
}

// shown is what a view in a format writes of the scene.
func shown(t testing.TB, view, format string, o present.Options, scene func(testing.TB, present.Presenter)) string {
	t.Helper()
	var out bytes.Buffer
	p, err := Open(view, format, &out, o)
	if err != nil {
		t.Fatal(err)
	}
	scene(t, p)
	return out.String()
}

// machineRows reads what a view wrote as ndjson and as csv.
func machineRows(t *testing.T, view string, scene func(testing.TB, present.Presenter)) (objects []map[string]any, cells []map[string]string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(shown(t, view, "ndjson", present.Options{}, scene), "\n"), "\n") {
		var o map[string]any
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		objects = append(objects, o)
	}
	if p, err := Open(view, "csv", io.Discard, present.Options{}); err != nil || p == nil {
		return objects, nil
	}
	rows, err := csv.NewReader(strings.NewReader(shown(t, view, "csv", present.Options{}, scene))).ReadAll()
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
	for _, v := range view.Views {
		for _, scene := range []func(testing.TB, present.Presenter){scene.One, scene.Three, scene.Lost} {
			if (v.Both || v.Name == "dialogue") && len(shown(t, v.Name, "ndjson", present.Options{}, scene)) == 0 {
				continue
			}
			objects, rows := machineRows(t, v.Name, scene)
			if rows != nil && len(rows) != len(objects) {
				t.Fatalf("%s: %d objects, %d rows", v.Name, len(objects), len(rows))
			}
			for i, o := range objects {
				for key := range o {
					if !slices.ContainsFunc(v.Columns, func(c view.KeyColumn) bool { return c.Key == key }) {
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
func asCell(t *testing.T, c view.KeyColumn, value any) string {
	switch v := value.(type) {
	case json.Number:
		if c.Type == view.Number {
			return v.String()
		}
	case bool:
		if c.Type == view.Boolean {
			return strconv.FormatBool(v)
		}
	case string:
		if (c.Type == view.Word || c.Type == view.Text) && v != "" {
			return v
		}
	case []any:
		var words []string
		for _, w := range v {
			words = append(words, strings.TrimSpace(strings.Trim(mustJSON(w), `"`)))
		}
		if c.Type == view.Numbers || c.Type == view.Words {
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
		Comment: payload, Time: scene.At(0), Src: scene.Server.Addr(), Dst: scene.Server.Addr(),
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
	for _, v := range view.Views {
		for _, format := range Of(&v) {
			for _, payload := range hostilePayloads {
				out := shown(t, v.Name, format, present.Options{Width: 80}, func(t testing.TB, p present.Presenter) {
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
				if why := noText(format, out); why != "" {
					t.Errorf("%s %s of %.40q: %s", v.Name, format, payload, why)
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

// noText says why what was written in a format is no plain text; "" where it is. The
// lines of a format for programs may have tabs between their columns.
func noText(format, out string) string {
	if !utf8.ValidString(out) {
		return "no UTF-8"
	}
	if Named(format).Machine && isTabbed(out) {
		out = strings.ReplaceAll(out, "\t", " ")
	}
	for _, r := range out {
		if r != '\n' && !unicode.IsPrint(r) {
			return fmt.Sprintf("%q gets out", r)
		}
	}
	return ""
}

// isTabbed reports whether tabs stand between columns: as many in each line.
func isTabbed(out string) bool {
	first, _, _ := strings.Cut(out, "\n")
	for line := range strings.Lines(out) {
		if strings.Count(line, "\t") != strings.Count(first, "\t") {
			return false
		}
	}
	return true
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
