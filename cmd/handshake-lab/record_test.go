package main

import (
	"bufio"
	"context"
	"flag"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/client"
	"github.com/handshake-lab/handshake-lab/server"
)

var record = flag.Bool("record", false, "record the captures of testdata again (make testdata)")

const recordings = "../../testdata"

// TestRecord records the captures of testdata on this machine's kernel, with
// the program itself, on the host's own loopback.
func TestRecord(t *testing.T) {
	if !*record {
		return // nothing to test: this is make testdata
	}
	save := func(name string) string { return filepath.Join(recordings, name) }
	for _, run := range [][]string{
		{"-w", save("greeting.pcapng")},
		{"-w", save("greeting.pcap")},
		{"-w", save("three-clients.pcapng"), "--clients", "3"},
		{"-w", save("ipv6.pcapng"), "--host", "::1"},
	} {
		command := labCommand(context.Background(), append([]string{"run", "--net", "host"}, run...)...)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("run %s: %v\n%s", run, err, out)
		}
	}

	watch(t, save("refused.pcapng"), 2, func() {
		if _, err := client.Dial(context.Background(), client.Config{Address: "127.0.0.1:6000", Number: 1}); err == nil {
			t.Fatal("somebody listens on port 6000")
		}
	})
	watch(t, save("abort.pcapng"), 8, func() {
		s, err := server.Listen(server.Config{Address: "127.0.0.1:6000", Backlog: 5})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Shutdown(time.Second)
		go s.Serve()
		c, err := client.Dial(context.Background(), client.Config{Address: "127.0.0.1:6000", Number: 1})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond) // the welcome and the question arrive
		if err := c.Abort(); err != nil {
			t.Fatal(err)
		}
	})
}

// watch records what action causes: so many packets on port 6000.
func watch(t *testing.T, path string, packets int, action func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	command := labCommand(ctx, "watch", "-w", path, "tcp", "port", "6000")
	command.Cancel = func() error { return command.Process.Signal(interrupt) }
	messages, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(messages); lines.Scan(); {
		if strings.Contains(lines.Text(), "capturing on") {
			break
		}
	}
	action()
	time.Sleep(200 * time.Millisecond)
	if err := command.Process.Signal(interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Fatalf("watch: %v", err)
	}
	if n := countPackets(t, path); n != packets {
		t.Errorf("%s holds %d packets, want %d", path, n, packets)
	}
}

func countPackets(t *testing.T, path string) (n int) {
	t.Helper()
	file, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for {
		if err := file.Next(new(capture.Packet)); err != nil {
			return n
		}
		n++
	}
}
