package rows

import (
	"io"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// ndjson writes a row as an object on one line.
type ndjson struct {
	*encoder
	values values
	shapes shapes
	cache  *cache // made by the first row that has a use for it
}

// NDJSON opens a view's rows as JSON objects.
func NDJSON(v *view.View, w io.Writer, o present.Options) present.Presenter {
	return newNDJSON(v, w, o)
}

func newNDJSON(v *view.View, w io.Writer, o present.Options) *ndjson {
	j := &ndjson{encoder: newEncoder(v, w, o), shapes: shapes{columns: jsonColumns(v.Columns)}}
	j.between, j.appends = view.Separators{Numbers: ",", Words: `","`}, j.object
	return j
}

// object appends a row; a key whose value does not apply is left out.
func (j *ndjson) object(buf []byte, r *view.Row) []byte {
	start := len(buf)
	shape := j.shapes.fit(r.Has)
	for i := range shape.runs {
		run := &shape.runs[i]
		if run.basis == notCached {
			buf = j.values.append(buf, run.columns, r)
			continue
		}
		if j.cache == nil {
			j.cache = newCache()
		}
		buf = j.cache.append(&j.values, buf, run, r)
	}
	if len(buf) == start {
		buf = append(buf, '{')
	}
	buf[start] = '{' // the first key's comma
	return append(buf, '}', '\n')
}
