//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
)

// TestClientsKeepTheirNumbers: clients are numbered in the order in which they call
// connect, and a connection is shown with one number from its first segment to its
// end, also where the kernel drops what comes first.
func TestClientsKeepTheirNumbers(t *testing.T) {
	const clients, repeat = 12, 2
	p := start(t, "run", "--net", "private", "--clients", "12", "--repeat", "2", "--backlog", "1", "--patience", "1s", "--view", "story", "--format", "ndjson")
	story := make(chan []byte)
	go func() { text, _ := io.ReadAll(p.out); story <- text }()
	if code := p.end(t, "a run"); code != exitFine && code != exitNetwork {
		t.Fatalf("exit code %d", code)
	}
	type row struct {
		Client *int   `json:"lab.client"`
		Stream *int   `json:"tcp.stream"`
		Call   string `json:"lab.call"`
		Phase  string `json:"lab.phase"`
		Role   string `json:"lab.role"`
		Port   int    `json:"tcp.srcport"`
	}
	called, ofStream, seen := 0, map[int]int{}, map[int]bool{}
	decoder := json.NewDecoder(bytes.NewReader(<-story))
	for {
		var r row
		if err := decoder.Decode(&r); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if r.Call == "connect" && r.Phase == "begin" {
			if called++; r.Client == nil || *r.Client != called {
				t.Errorf("connect number %d is called by client %v", called, r.Client)
			}
		}
		if r.Stream == nil {
			continue
		}
		if r.Client == nil {
			t.Errorf("a moment of stream %d has no client", *r.Stream)
			continue
		}
		before, known := ofStream[*r.Stream]
		switch {
		case known && before != *r.Client:
			t.Errorf("stream %d is shown as client %d, before as %d", *r.Stream, *r.Client, before)
		case !known && (seen[*r.Client] || *r.Client > clients*repeat):
			t.Errorf("stream %d is shown as client %d", *r.Stream, *r.Client)
		}
		ofStream[*r.Stream], seen[*r.Client] = *r.Client, true
	}
	if called == 0 || len(ofStream) < clients {
		t.Errorf("%d calls of connect, %d streams", called, len(ofStream))
	}
}
