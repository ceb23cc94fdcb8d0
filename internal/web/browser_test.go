package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format/rows"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/web/app"
)

// recorded are the rows of a capture's story.
func recorded(t *testing.T, open func(*view.View, io.Writer, present.Options) present.Presenter) []byte {
	t.Helper()
	path := "../../testdata/greeting.pcapng"
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
	to := open(view.Named("story"), &out, present.Options{Source: "greeting.pcapng"})
	flow := pipeline.Flow{Source: source, Sink: to, Conclude: true}
	if _, err := flow.Run(context.Background()); err != nil {
		t.Fatal(err)
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
	folder, err := filepath.Abs("../../.ci/readers")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		t.Skip("the packages of .ci/readers are not installed")
	}
	lines := recorded(t, rows.NDJSON)
	moments := bytes.Count(lines, []byte("\n"))
	feed := NewFeed()
	feed.Write(lines)
	feed.Close()
	_, teacher, phones := serve(t, feed)

	single := filepath.Join(t.TempDir(), "greeting.page.html")
	if err := os.WriteFile(single, recorded(t, app.Single), 0o644); err != nil {
		t.Fatal(err)
	}
	many := NewFeed()
	for i := range 500 {
		many.Write(bytes.ReplaceAll(lines, []byte(`"tcp.stream":0`), fmt.Appendf(nil, `"tcp.stream":%d`, i)))
	}
	many.Close()
	_, manyAddress, _ := serve(t, many)

	asked := map[string]any{"teacher": teacher, "phones": phones, "file": "file://" + single, "many": manyAddress, "manyMoments": 500 * moments,
		"broken": breaking(t, lines), "brokenMoments": moments, "pictures": os.Getenv("PICTURES")}
	in, _ := json.Marshal(asked)
	var errs bytes.Buffer
	ctx, end := context.WithTimeout(t.Context(), 4*time.Minute)
	defer end()
	node := exec.CommandContext(ctx, "node", "web.js")
	node.Dir, node.Stdin, node.Stderr, node.WaitDelay = folder, bytes.NewReader(in), &errs, time.Second
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.Bytes())
	}
	var found struct {
		Wrong    []string
		Measured map[string]float64
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range found.Wrong {
		t.Error(wrong)
	}
	t.Logf("measured, times in ms: %v", found.Measured)
}

// breaking serves the page through a proxy that breaks the connection of the feed
// twice, in its middle.
func breaking(t *testing.T, lines []byte) (address string) {
	t.Helper()
	feed := NewFeed()
	s, behind, _ := serve(t, feed)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var begin sync.Once
	write := func() {
		for line := range bytes.Lines(lines) {
			feed.Write(line)
			time.Sleep(100 * time.Millisecond)
		}
		feed.Close()
	}
	var broken atomic.Int32
	at, _ := netip.ParseAddrPort(strings.Split(behind, "/")[2])
	proxy := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if strings.HasSuffix(r.URL.Path, "/feed") {
			go begin.Do(write)
		}
		if strings.HasSuffix(r.URL.Path, "/feed") && broken.Add(1) <= 2 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, 400*time.Millisecond)
			defer cancel()
		}
		r = r.WithContext(ctx)
		r.Host = at.String()
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
	return "http://" + l.Addr().String() + s.TeacherPath()
}

// The scripts' types are right, as TypeScript checks them.
func TestTypes(t *testing.T) {
	compiler, err := filepath.Abs("../../.ci/readers/node_modules/.bin/tsc")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(compiler); err != nil {
		t.Skip("the packages of .ci/readers are not installed")
	}
	scripts, err := filepath.Glob("app/page/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatal(err)
	}
	args := append([]string{"--noEmit", "--checkJs", "--allowJs", "--strict", "--target", "es2022", "--module", "es2022",
		"--moduleResolution", "bundler", "--lib", "es2023,dom,dom.iterable", "--types", ""}, scripts...)
	if out, err := exec.Command(compiler, args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
