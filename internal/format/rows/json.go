package rows

import (
	"bytes"
	"io"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// document writes rows as one JSON document, an array of the objects that ndjson
// has a line for.
type document struct {
	*ndjson
	began bool
}

// JSON opens a view's rows as one JSON document.
func JSON(v *view.View, w io.Writer, o present.Options) present.Presenter {
	d := &document{ndjson: newNDJSON(v, w, o)}
	d.appends = d.element
	return d
}

// element appends a row behind what separates it from the one before.
func (d *document) element(buf []byte, r *view.Row) []byte {
	return bytes.TrimSuffix(d.object(d.separate(buf), r), []byte("\n"))
}

func (d *document) separate(buf []byte) []byte {
	if d.began {
		return append(buf, ",\n"...)
	}
	d.began = true
	return append(buf, "[\n"...)
}

// Close implements Presenter: it ends the array, so that what was written so far
// is a document, however it came to its end.
func (d *document) Close() error {
	if err := view.Finish(d.rows, d.emit); err != nil {
		return err
	}
	if d.began {
		d.buf = append(d.buf, "\n]\n"...)
	} else {
		d.buf = append(d.buf, "[]\n"...)
	}
	return d.write()
}
