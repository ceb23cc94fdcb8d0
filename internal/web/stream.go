package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	quiet   = 15 * time.Second // without a word a connection that is gone would not be noticed
	atOnce  = 500              // rows in one event
	stalled = 30 * time.Second // how long a reader may take for what is written to it
)

// stream sends the moments as server-sent events, from the one behind Last-Event-ID, or
// behind the number that the address has, on, and where the class stands. An event moments has a JSON array of rows, and the
// number of the last one as its id; class has the state; end says that no more come.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, teacher bool) {
	if !teacher {
		if !s.class.join() {
			http.Error(w, "the class is full", http.StatusServiceUnavailable)
			return
		}
		defer s.class.leave()
	}
	place := 0
	for _, last := range []string{r.URL.Query().Get("after"), r.Header.Get("Last-Event-ID")} {
		if n, err := strconv.Atoi(last); err == nil {
			place = n
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	events := events{w: w, to: http.NewResponseController(w)}
	events.write([]byte("retry: 500\n\n")) // milliseconds until a browser that lost us comes back
	ended, version := false, -1
	for {
		rows, open, more := s.feed.From(place)
		now, current, news := s.class.see(teacher)
		for len(rows) > 0 && events.err == nil {
			n := min(len(rows), atOnce)
			place += n
			events.moments(place, rows[:n])
			rows = rows[n:]
		}
		if !open && !ended {
			ended = true
			events.send("end", place, []byte(strconv.Itoa(s.feed.Left())))
		}
		if current != version && s.phones != "" {
			version = current
			text, _ := json.Marshal(now)
			events.send("class", place, text)
		}
		if events.flush(); events.err != nil {
			return
		}
		if ended {
			more = nil
		}
		if s.phones == "" {
			news = nil
		}
		select {
		case <-r.Context().Done():
			return
		case <-more:
		case <-news:
			time.Sleep(20 * time.Millisecond) // votes come in crowds
		case <-time.After(quiet):
			events.comment()
		}
	}
}

// events writes server-sent events; the first error ends it.
type events struct {
	w   http.ResponseWriter
	to  *http.ResponseController
	err error
}

func (e *events) write(parts ...[]byte) {
	if e.err == nil {
		e.err = e.to.SetWriteDeadline(time.Now().Add(stalled))
	}
	for _, part := range parts {
		if e.err == nil {
			_, e.err = e.w.Write(part)
		}
	}
}

func (e *events) send(event string, id int, data []byte) {
	e.write(fmt.Appendf(nil, "event: %s\nid: %d\ndata: ", event, id), data, []byte("\n\n"))
}

// moments writes rows as an array in one event; JSON has no line feeds.
func (e *events) moments(id int, rows [][]byte) {
	e.write(fmt.Appendf(nil, "event: moments\nid: %d\ndata: [", id))
	for i, row := range rows {
		if i > 0 {
			e.write([]byte(","))
		}
		e.write(row)
	}
	e.write([]byte("]\n\n"))
}

func (e *events) comment() { e.write([]byte(":\n\n")) }

func (e *events) flush() {
	if e.err == nil {
		e.err = e.to.Flush()
	}
}
