package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// From the kernel's time of a packet to the page it takes less than the eye sees, at 200
// segments a second.
func TestPageIsPrompt(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	if !isRoot() || !haveLibpcap() {
		t.Skip("needs root and libpcap")
	}
	if isRace {
		t.Skip("measures times, which the race detector makes others")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { io.Copy(c, c); c.Close() }()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	c, address, _ := serving(t, "watch", "--web", "-i", "lo", "tcp port "+port)
	ctx, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	r, _ := http.NewRequestWithContext(ctx, "GET", address+"feed", nil)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	time.Sleep(500 * time.Millisecond) // the capture opens

	// A byte there and back each 8 ms, two segments or three a turn.
	const seconds = 4
	go func() {
		talk, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			return
		}
		defer talk.Close()
		for range seconds * 1000 / 8 {
			talk.Write([]byte("x"))
			talk.Read(make([]byte, 1))
			time.Sleep(8 * time.Millisecond)
		}
	}()
	var took []time.Duration
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 4<<20)
	for over := false; !over && lines.Scan(); {
		now := time.Now()
		data, is := strings.CutPrefix(lines.Text(), "data: [")
		if !is {
			continue
		}
		var rows []struct {
			Kind string `json:"lab.kind"`
			Time string `json:"frame.time_epoch"`
		}
		if err := json.Unmarshal([]byte("["+data), &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			whole, part, _ := strings.Cut(row.Time, ".")
			s, errS := strconv.ParseInt(whole, 10, 64)
			ns, errN := strconv.ParseInt((part + "000000000")[:9], 10, 64)
			if row.Kind == "segment" && errS == nil && errN == nil {
				took = append(took, now.Sub(time.Unix(s, ns)))
			}
			over = over || row.Kind == "ended"
		}
	}
	c.Process.Signal(os.Interrupt)
	if err := c.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
	if len(took) < 100*seconds {
		t.Fatalf("%d segments have come", len(took))
	}
	slices.Sort(took)
	median, most := took[len(took)/2], took[len(took)*99/100]
	t.Logf("%d segments in %d s: from the kernel's time to the page's feed %v (median), %v (99 of 100)", len(took), seconds, median, most)
	if median > 50*time.Millisecond {
		t.Errorf("as a rule it takes %v", median)
	}
}
