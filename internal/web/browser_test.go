package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/format/rows"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/readers"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/web/app"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// recorded are the rows of a capture's story.
func recorded(t *testing.T, open func(*view.View, io.Writer, present.Options) present.Presenter) []byte {
	t.Helper()
	return recordedOf(t, "greeting.pcapng", open)
}

func recordedOf(t *testing.T, name string, open func(*view.View, io.Writer, present.Options) present.Presenter) []byte {
	t.Helper()
	path := "../../testdata/" + name
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	source, err := capture.Open(path, file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := open(view.Named("story"), &out, present.Options{Source: name})
	flow := pipeline.Flow{Source: source, Sink: to, Conclude: true}
	if _, err := flow.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// ready is a feed that has all that it will have.
func ready(lines []byte) *Feed {
	feed := NewFeed()
	feed.Write(lines)
	feed.Close()
	return feed
}

// stagedRows are the rows of a scenario's recording, which knows both ends of the cable.
func stagedRows(t *testing.T, name string) []byte {
	t.Helper()
	s, err := scenarios.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := capture.NewReader(bytes.NewReader(s.Both()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := wire.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := rows.NDJSON(view.Named("story"), &out, present.Options{})
	if err := (&staged.Recording{Records: records}).Tell(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// hostileTexts are what a capture may hold to reach the page or its reader.
var hostileTexts = []string{"</script><script>owned=1</script>", `<img src=x onerror="owned=1">`, `" onfocus="owned=1" autofocus="`, "<!-- <script>",
	"]]>", "\x1b]0;owned\x07\x1b[2J", "\u202eevil\u2066\u200b\ufeff", "\u2028\u2029", "javascript:owned=1", "${owned=1}", "{{owned=1}}", "&lt;b&gt;&#0;",
	"\xff\xfe\x00\x7f", strings.Repeat("W", 3000), strings.Repeat("界", 900), "__proto__", "constructor", "\r\nevent: end\r\ndata: 0\r\n\r\n"}

// hostileRows tell moments whose every text is hostile, one after another.
func hostileRows(t *testing.T, open func(*view.View, io.Writer, present.Options) present.Presenter) []byte {
	t.Helper()
	var out bytes.Buffer
	to := open(view.Named("story"), &out, present.Options{Source: strings.Join(hostileTexts[:7], " ")})
	for i, text := range hostileTexts {
		at := scene.At(i)
		seg := &decode.Segment{Number: i + 1, Header: make([]byte, 20), HeaderLen: 20, Payload: []byte(text), PayloadLen: len(text), Comment: text, Time: at,
			Src: scene.Server.Addr(), Dst: scene.Server.Addr(), Problem: &decode.Problem{Layer: "TCP option", Bit: 160, Reason: text}}
		of := &conversation.Conversation{Verdict: conversation.Verdict{Name: "fine", Text: text}}
		of.Stream = i
		event := &conversation.Event{Segment: seg, Conversation: of, Step: conversation.StepData, Sized: true, Fresh: len(text)}
		for _, m := range []timeline.Moment{timeline.Of(event), {Kind: timeline.Note, At: at, Text: text}, {Kind: timeline.Undecoded, At: at, Frame: i, Problem: seg.Problem},
			{Kind: timeline.Quote, At: at, Frame: i, Quote: &decode.Quote{Src: seg.Src, Text: text}},
			{Kind: timeline.Call, At: at, Client: i + 1, Call: &dialogue.Call{Name: "send", Args: text, Data: []byte(text), Err: errors.New(text)}},
			{Kind: timeline.Ended, At: at, Conversation: of}} {
			if err := to.Moment(m); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The page is used in Chromium as a teacher, a phone and a screen reader do.
func TestInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	readers.Installed(t)
	lines := recorded(t, rows.NDJSON)
	moments := bytes.Count(lines, []byte("\n"))
	_, teacher, phones := serve(t, ready(lines))
	lesson := Lesson{Name: "syn-ack-lost", Happened: []string{"One.", "Two."}, Rule: "RFC 9293 §3.8.1", Question: "Why?"}
	_, both, _ := serveAs(t, Config{Feed: ready(stagedRows(t, "syn-ack-lost")), Source: "run", Lesson: &lesson})
	_, hostile, _ := serveAs(t, Config{Feed: ready(hostileRows(t, rows.NDJSON)), Source: strings.Join(hostileTexts[1:7], " ")})

	folderOfFiles := t.TempDir()
	single, hostileFile := filepath.Join(folderOfFiles, "greeting.page.html"), filepath.Join(folderOfFiles, "hostile.html")
	for path, page := range map[string][]byte{single: recorded(t, app.Single), hostileFile: hostileRows(t, app.Single)} {
		if err := os.WriteFile(path, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	many := NewFeed()
	for i := range 500 {
		many.Write(bytes.ReplaceAll(lines, []byte(`"tcp.stream":0`), fmt.Appendf(nil, `"tcp.stream":%d`, i)))
	}
	many.Close()
	_, manyAddress, _ := serve(t, many)

	clients := NewFeed()
	_, clientsAddress, _ := serve(t, clients)
	three := recordedOf(t, "three-clients.pcapng", rows.NDJSON)
	go func() {
		for line := range bytes.Lines(three) {
			clients.Write(line)
			time.Sleep(20 * time.Millisecond)
		}
		clients.Close()
	}()

	growing := NewFeed()
	s, _, _ := serve(t, growing)
	broken := breaking(t, s, s.TeacherPath(), func() {
		for line := range bytes.Lines(lines) {
			growing.Write(line)
			time.Sleep(100 * time.Millisecond)
		}
		growing.Close()
	})
	s, _, _ = serve(t, ready(lines))
	shared, sharedCount := counting(t, s, s.TeacherPath())
	s, steadyTeacher, _ := serve(t, ready(lines))
	brokenPhone := breaking(t, s, s.ClassPath(), nil)
	asked := map[string]any{"teacher": teacher, "phones": phones, "file": "file://" + single, "many": manyAddress, "manyMoments": 500 * moments,
		"staged": both, "hostile": []string{hostile, "file://" + hostileFile}, "hostileMoments": 6 * len(hostileTexts),
		"clients": clientsAddress, "shared": shared, "sharedCount": sharedCount, "broken": broken, "steadyTeacher": steadyTeacher, "brokenPhone": brokenPhone, "brokenMoments": moments, "pictures": os.Getenv("PICTURES")}
	var found struct {
		Wrong    []string
		Measured map[string]float64
	}
	readers.Ask(t, 4*time.Minute, "web.js", asked, &found)
	for _, wrong := range found.Wrong {
		t.Error(wrong)
	}
	t.Logf("measured, times in ms: %v", found.Measured)
}

// breaking is a page's address, or a phone's, through a proxy that breaks the first two
// connections to the feed; begin is called at the first.
func breaking(t *testing.T, s *Server, path string, begin func()) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var broken atomic.Int32
	proxy := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if strings.HasSuffix(r.URL.Path, "/feed") {
			n := broken.Add(1)
			if n == 1 && begin != nil {
				go begin()
			}
			if n <= 2 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, 400*time.Millisecond)
				defer cancel()
			}
		}
		r = r.WithContext(ctx)
		s.hosts.Range(func(host, _ any) bool { r.Host = host.(string); return true })
		r.Header.Del("Origin")
		s.http.Handler.ServeHTTP(w, r)
	})}
	go proxy.Serve(l)
	t.Cleanup(func() {
		proxy.Close()
		if n := broken.Load(); n < 3 {
			t.Errorf("the feed was asked for %d times, want 3", n)
		}
	})
	return "http://" + l.Addr().String() + path
}

// counting is a page's address through a proxy that counts the connections to the feed, and
// the address that tells how many there are.
func counting(t *testing.T, s *Server, path string) (address, count string) {
	t.Helper()
	var mu sync.Mutex
	now := 0
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/count":
			mu.Lock()
			defer mu.Unlock()
			writeJSON(w, now)
			return
		case strings.HasSuffix(r.URL.Path, "/feed"):
			mu.Lock()
			now++
			mu.Unlock()
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				now--
			}()
		}
		s.hosts.Range(func(host, _ any) bool { r.Host = host.(string); return true })
		r.Header.Del("Origin")
		s.http.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL + path, proxy.URL + "/count"
}

// The scripts' types are right, as TypeScript checks them.
func TestTypes(t *testing.T) {
	compiler := readers.Installed(t, ".bin", "tsc")
	scripts, err := filepath.Glob("app/page/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatal(err)
	}
	scripts = append(scripts, "app/types.d.ts")
	args := append([]string{"--noEmit", "--checkJs", "--allowJs", "--strict", "--noImplicitAny", "false", "--target", "es2022", "--module", "es2022",
		"--moduleResolution", "bundler", "--lib", "es2023,dom,dom.iterable", "--types", ""}, scripts...)
	if out, err := exec.Command(compiler, args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
