package text

import (
	"bytes"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// TestTableRows: rows stand as tablewriter itself would draw them.
func TestTableRows(t *testing.T) {
	for _, o := range []present.Options{{Width: 48}, {Width: 80}, {Width: 140}, {Width: 80, ASCII: true}} {
		for _, name := range []string{"segments", "handshake", "header", "dialogue"} {
			for _, format := range []string{"text", "markdown"} {
				if name == "header" && format == "text" {
					continue // its rows have several lines
				}
				var out bytes.Buffer
				o.Live = true // no row waits
				open := Table
				if format == "markdown" {
					open = Markdown
				}
				v := *view.Named(name)
				v.Title, v.Legend, v.Below = nil, "", nil
				table := open(&v, &out, o).(*table)
				rows := 0
				draw := func(r *view.Row) error {
					rows++
					out.Reset()
					table.headed = false
					if err := table.add(r); err != nil {
						return err
					}
					table.write()
					var texts []string
					for i := range table.cells {
						if c := &table.cells[i]; format == "text" {
							text, _ := table.show(c, c.Text(nil, r), false)
							texts = append(texts, string(text))
						} else {
							texts = append(texts, string(appendMarkdown(nil, table.text(c, r))))
						}
					}
					want, err := drawTable(table.cells, table.options, table.markdown, texts)
					if got := out.String(); err != nil || got != string(want) {
						t.Errorf("%s as %s, %+v:\n%s\ntablewriter draws (%v)\n%s", name, format, o, got, err, want)
					}
					return nil
				}
				for _, m := range scene.Recorded(t) {
					if err := table.rows.Moment(&m, draw); err != nil {
						t.Fatal(err)
					}
				}
				if rows < 3 {
					t.Errorf("%s: %d rows", name, rows)
				}
			}
		}
	}
}
