package main

import (
	"bufio"
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// TestSlowPipe: what comes through a pipe is replayed as it comes.
func TestSlowPipe(t *testing.T) {
	capture, err := os.ReadFile("../../testdata/greeting.pcap")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := labCommand(ctx, "replay", "-", "--speed", "max")
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write(capture[:len(capture)-100]); err != nil {
		t.Fatal(err)
	}
	seen := false
	for lines := bufio.NewScanner(out); !seen && lines.Scan(); {
		seen = strings.Contains(lines.Text(), "three-way handshake")
	}
	if !seen {
		t.Error("nothing of the handshake before the end of the input")
	}
	cancel()
	command.Wait()
}
