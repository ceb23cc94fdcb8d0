package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// load is what the load process is to do.
type load struct {
	Address   string
	Dialogues int // whole dialogues, of 3 names and exit
	AtOnce    int // clients that hold them
	Rate      int // dialogues a second at most; 0: as fast as they go
	Held      int // instead: so many clients stay, all are answered, all leave
}

// outcome is what it prints.
type outcome struct {
	Seconds float64
	Failed  int // dialogues that broke off
}

// run starts the load as a process of its own and waits for it.
func (l load) run() (outcome, error) {
	job, err := json.Marshal(l)
	if err != nil {
		return outcome{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return outcome{}, err
	}
	c := exec.Command(self, "-load", string(job))
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return outcome{}, fmt.Errorf("load: %w", err)
	}
	var o outcome
	return o, json.Unmarshal(out, &o)
}

// loadMain is the load's process.
func loadMain(job string) error {
	var l load
	if err := json.Unmarshal([]byte(job), &l); err != nil {
		return err
	}
	begin := time.Now()
	var failed int
	if l.Held > 0 {
		failed = l.hold()
	} else {
		failed = l.talk()
	}
	return json.NewEncoder(os.Stdout).Encode(outcome{time.Since(begin).Seconds(), failed})
}

// turns are what a client says, and what it hears after that.
var turns = [...]struct{ say, hear string }{
	{"", dialogue.Welcome + dialogue.Question},
	{"Alice", "Hello Alice!\n" + dialogue.Question},
	{"Bob", "Hello Bob!\n" + dialogue.Question},
	{dialogue.Exit, dialogue.GoodBye},
}

func (l load) talk() (failed int) {
	var next, broken atomic.Int64
	begin := time.Now()
	var clients sync.WaitGroup
	for range l.AtOnce {
		clients.Go(func() {
			buffer := make([]byte, 256)
			for {
				n := next.Add(1)
				if n > int64(l.Dialogues) {
					return
				}
				if l.Rate > 0 {
					time.Sleep(time.Until(begin.Add(time.Duration(n) * time.Second / time.Duration(l.Rate))))
				}
				if l.dialogue(buffer) != nil {
					broken.Add(1)
				}
			}
		})
	}
	clients.Wait()
	return int(broken.Load())
}

func (l load) dialogue(buffer []byte) error {
	conn, err := net.Dial("tcp4", l.Address)
	if err != nil {
		return err
	}
	defer conn.Close()
	for i := range turns {
		if err := turn(conn, i, buffer); err != nil {
			return err
		}
	}
	_, err = io.Copy(io.Discard, conn)
	return err
}

func turn(conn net.Conn, i int, buffer []byte) error {
	if t := turns[i]; t.say != "" {
		if _, err := io.WriteString(conn, t.say); err != nil {
			return err
		}
	}
	return hear(conn, i, buffer)
}

func hear(conn net.Conn, i int, buffer []byte) error {
	answer := buffer[:len(turns[i].hear)]
	if _, err := io.ReadFull(conn, answer); err != nil {
		return err
	}
	if string(answer) != turns[i].hear {
		return fmt.Errorf("%q, want %q", answer, turns[i].hear)
	}
	return nil
}

// hold lets all clients come, one after the other, stay, and say every turn.
func (l load) hold() (failed int) {
	conns := make([]net.Conn, 0, l.Held)
	for range l.Held {
		conn, err := net.Dial("tcp4", l.Address)
		if err != nil {
			fmt.Fprintf(os.Stderr, "client %d: %v\n", len(conns)+1, err)
			return l.Held - len(conns)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(time.Minute))
		conns = append(conns, conn)
	}
	buffer := make([]byte, 256)
	broken := make(map[net.Conn]bool)
	for i, t := range turns {
		for _, conn := range conns {
			if _, err := io.WriteString(conn, t.say); err != nil {
				broken[conn] = true
			}
		}
		for _, conn := range conns {
			if !broken[conn] && hear(conn, i, buffer) != nil {
				broken[conn] = true
			}
		}
	}
	return len(broken)
}
