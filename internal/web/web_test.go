package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve starts a server on loopback and returns the teacher's and the class's address.
func serve(t *testing.T, feed *Feed) (s *Server, teacher, class string) {
	t.Helper()
	return serveAs(t, Config{Feed: feed, Source: "a test", Share: true})
}

func serveAs(t *testing.T, config Config) (s *Server, teacher, class string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = New(config)
	at := l.Addr().(*net.TCPAddr).AddrPort()
	s.Invite("http://" + at.String() + s.ClassPath())
	ctx, end := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- s.Serve(ctx, l, []netip.AddrPort{at}) }()
	t.Cleanup(func() {
		end()
		if err := <-over; err != nil {
			t.Error(err)
		}
	})
	return s, "http://" + at.String() + s.TeacherPath(), "http://" + at.String() + s.ClassPath()
}

func get(t *testing.T, address string, change ...func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body)
}

func post(t *testing.T, address, body string) int {
	t.Helper()
	answer, err := http.Post(address, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// Who does not know the secret path, calls the server by another name or comes from
// another page is told nothing.
func TestOnlyItsOwn(t *testing.T) {
	_, teacher, class := serve(t, NewFeed())
	if code, body := get(t, teacher); code != 200 || !strings.Contains(body, "main.js") {
		t.Errorf("the page: %d", code)
	}
	root := teacher[:strings.LastIndex(strings.TrimSuffix(teacher, "/"), "/")+1]
	for _, address := range []string{root, root + "feed", root + "wrong/", root + "wrong/feed"} {
		if code, _ := get(t, address); code != 404 {
			t.Errorf("%s: %d", address, code)
		}
	}
	if code, _ := get(t, teacher+"about", func(r *http.Request) { r.Host = "attacker.example:80" }); code != http.StatusMisdirectedRequest {
		t.Errorf("another name: %d", code)
	}
	if code, _ := get(t, teacher+"about", func(r *http.Request) { r.Header.Set("Origin", "http://attacker.example") }); code != http.StatusForbidden {
		t.Errorf("another page: %d", code)
	}
	for _, path := range []string{"step", "ask", "reveal"} { // the teacher's alone
		if code := post(t, class+path, "{}"); code != 404 && code != 405 {
			t.Errorf("a phone may %s: %d", path, code)
		}
	}
}

// received reads so many server-sent events of a name.
func received(t *testing.T, address, name, lastID string, want int) (data []string, ids []string) {
	t.Helper()
	ctx, end := context.WithTimeout(t.Context(), 20*time.Second)
	defer end()
	r, _ := http.NewRequestWithContext(ctx, "GET", address+"feed", nil)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	event, id := "", ""
	for len(data) < want && lines.Scan() {
		switch key, value, _ := strings.Cut(lines.Text(), ": "); key {
		case "event":
			event = value
		case "id":
			id = value
		case "data":
			if event == name {
				data, ids = append(data, value), append(ids, id)
			}
		}
	}
	if len(data) < want {
		t.Fatalf("%d events %s, want %d: %v", len(data), name, want, lines.Err())
	}
	return data, ids
}

// A page that comes late has all moments, one that comes back those it missed, and
// none twice.
func TestReconnect(t *testing.T) {
	feed := NewFeed()
	_, teacher, _ := serve(t, feed)
	fmt.Fprint(feed, "{\"n\":1}\n{\"n\":2}\n{\"n\":")
	data, ids := received(t, teacher, "moments", "", 1)
	if data[0] != `[{"n":1},{"n":2}]` || ids[0] != "2" {
		t.Errorf("%q %q", data, ids)
	}
	fmt.Fprint(feed, "3}\n")
	feed.Close()
	if data, ids = received(t, teacher, "moments", "2", 1); data[0] != `[{"n":3}]` || ids[0] != "3" {
		t.Errorf("behind 2: %q %q", data, ids)
	}
	received(t, teacher, "end", "3", 1)
}

// What there is no room for is counted, and memory stays bounded.
func TestFeedIsBounded(t *testing.T) {
	feed := NewFeed()
	for range 100 {
		feed.Write(bytes.Repeat([]byte("{}\n"), 3000))
	}
	if rows, _, _ := feed.From(0); len(rows) != maxRows || feed.Left() != 300_000-maxRows {
		t.Errorf("%d rows, %d left", len(rows), feed.Left())
	}
}

// The teacher asks, 300 phones answer, and only the teacher sees how, until it is
// revealed.
func TestClass(t *testing.T) {
	s, teacher, class := serve(t, NewFeed())
	if code := post(t, teacher+"ask", `{"Ask":{"text":"What comes next?","choices":["a","b"]},"Options":2,"Right":1}`); code != 200 {
		t.Fatal(code)
	}
	now, _, _ := s.class.see(true)
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			body := fmt.Sprintf(`{"Phone":"phone-%05d","Round":%d,"Choice":%d}`, i, now.Round, i%3/2)
			if code := post(t, class+"vote", body); code != 200 {
				t.Errorf("phone %d: %d", i, code)
			}
		})
	}
	all.Wait()
	see := func(address string) (seen state) {
		data, _ := received(t, address, "class", "", 1)
		if err := json.Unmarshal([]byte(data[0]), &seen); err != nil {
			t.Fatal(err)
		}
		return seen
	}
	if seen := see(teacher); seen.Answers != 300 || len(seen.Counts) != 2 || seen.Counts[0] != 200 || seen.Counts[1] != 100 {
		t.Errorf("the teacher sees %+v", seen)
	}
	if seen := see(class); seen.Counts != nil || seen.Answers != 0 || seen.Right != -1 {
		t.Errorf("a phone sees %+v before it is revealed", seen)
	}
	post(t, teacher+"reveal", "{}")
	if seen := see(class); !seen.Reveal || seen.Counts[0] != 200 || seen.Right != 1 {
		t.Errorf("a phone sees %+v when it is revealed", seen)
	}
	for _, body := range []string{`{"Phone":"phone-late","Round":1,"Choice":0}`, `{"Phone":"x","Round":1,"Choice":0}`, "no JSON", strings.Repeat("x", 10_000)} {
		if code := post(t, class+"vote", body); code < 400 {
			t.Errorf("%.40q: %d", body, code)
		}
	}
}

// A phone that floods is throttled, and so is one that takes ever new names; what is too
// large is refused.
func TestFlood(t *testing.T) {
	_, teacher, class := serve(t, NewFeed())
	post(t, teacher+"ask", `{"Ask":{"text":"?","choices":["a","b"]},"Options":2,"Right":1}`)
	codes := func(times int, body func(int) string) map[int]int {
		n := map[int]int{}
		for i := range times {
			n[post(t, class+"vote", body(i))]++
		}
		return n
	}
	begin := time.Now()
	got := codes(100, func(int) string { return `{"Phone":"phone-00001","Round":1,"Choice":0}` })
	if seconds := int(time.Since(begin).Seconds()) + 2; got[200] > votesOfPhone*seconds || got[200] == 0 || got[429] == 0 {
		t.Errorf("one phone: %v in %d s", got, seconds)
	}
	begin = time.Now()
	got = codes(3*votesOfAddress, func(i int) string { return fmt.Sprintf(`{"Phone":"phone-%05d","Round":1,"Choice":0}`, i) })
	if seconds := int(time.Since(begin).Seconds()) + 2; got[200] > votesOfAddress*seconds || got[200] > maxPhones || got[200] == 0 {
		t.Errorf("many names: %v in %d s", got, seconds)
	}
	time.Sleep(1100 * time.Millisecond)
	if code := post(t, class+"vote", `{"Phone":"`+strings.Repeat("x", maxAsk)+`","Round":1,"Choice":0}`); code != http.StatusBadRequest {
		t.Errorf("more than %d bytes: %d", maxAsk, code)
	}
	if code := post(t, teacher+"step", `{"At":3}`); code != 200 {
		t.Errorf("the teacher cannot step: %d", code)
	}
}

// What is counted for each second is bounded too.
func TestPace(t *testing.T) {
	var p pace
	now := time.Unix(1, 0)
	for i := range 3 * maxPaced {
		if got := p.allow(fmt.Sprint(i), 1, now); got != (i < maxPaced) {
			t.Fatalf("number %d: %v", i, got)
		}
	}
	if p.allow("0", 1, now) || !p.allow("0", 1, now.Add(time.Second)) {
		t.Error("one may once more within the second, or not in the next")
	}
}

// 300 followers get the teacher's step, each within a second.
func TestFollowers(t *testing.T) {
	if testing.Short() {
		t.Skip("300 connections")
	}
	_, teacher, class := serve(t, NewFeed())
	var ready, all sync.WaitGroup
	ready.Add(300)
	late := make(chan time.Duration, 300)
	begin := make(chan time.Time, 300)
	for range 300 {
		all.Go(func() {
			ctx, end := context.WithTimeout(t.Context(), 30*time.Second)
			defer end()
			r, _ := http.NewRequestWithContext(ctx, "GET", class+"feed", nil)
			answer, err := (&http.Client{Transport: &http.Transport{}}).Do(r)
			if err != nil {
				t.Error(err)
				ready.Done()
				return
			}
			defer answer.Body.Close()
			lines := bufio.NewScanner(answer.Body)
			lines.Scan()
			ready.Done()
			for lines.Scan() {
				if strings.Contains(lines.Text(), `"at":7`) {
					late <- time.Since(<-begin)
					return
				}
			}
			t.Error("a follower was not told")
		})
	}
	ready.Wait()
	now := time.Now()
	for range 300 {
		begin <- now
	}
	post(t, teacher+"step", `{"At":7}`)
	all.Wait()
	close(late)
	var most time.Duration
	for d := range late {
		most = max(most, d)
	}
	t.Logf("the last of 300 followers was told after %v", most)
	if most > 10*time.Second { // a machine with every core busy
		t.Errorf("the last of 300 followers was told after %v", most)
	}
}

func TestQR(t *testing.T) {
	picture, err := QR("http://192.0.2.1:8000/abcdefg/")
	if err != nil || !bytes.HasPrefix(picture, []byte("<svg")) {
		t.Errorf("%.20s %v", picture, err)
	}
	if code, err := TerminalQR("http://192.0.2.1:8000/abcdefg/"); err != nil || strings.Count(code, "\n") < 10 {
		t.Error(err)
	}
}
