package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// TestStalledWatch: where nobody takes what watch shows, what it saves goes on, and
// what could not be shown is counted.
func TestStalledWatch(t *testing.T) {
	if !haveLibpcap() || os.Getuid() != 0 {
		t.Skip("needs libpcap and root, to capture on the loopback")
	}
	for _, view := range []string{"story", "segments"} {
		t.Run(view, func(t *testing.T) {
			const connections = 6000 // of 8 packets or so: more than are held for a screen
			listening, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listening.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			saved := filepath.Join(t.TempDir(), "saved.pcapng")
			_, port, _ := net.SplitHostPort(listening.Addr().String())
			command := labCommand(ctx, "watch", "-i", "lo", "-w", saved, "--view", view, "tcp port "+port)
			nobody, out, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer nobody.Close()
			var said strings.Builder
			command.Stdout, command.Stderr = out, &said
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			out.Close()
			for began := time.Now(); ; time.Sleep(20 * time.Millisecond) { // the header is written once it captures
				if info, err := os.Stat(saved); err == nil && info.Size() > 0 {
					break
				}
				if time.Since(began) > time.Minute {
					t.Fatal("it does not begin to capture")
				}
			}
			for range connections {
				c, err := net.Dial("tcp4", listening.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				accepted, err := listening.Accept()
				if err != nil {
					t.Fatal(err)
				}
				c.Close()
				accepted.Close()
			}
			const least = connections * 6 * 9 / 10 // some may be lost where the machine is busy
			count := 0
			for began := time.Now(); count < least && time.Since(began) < time.Minute; time.Sleep(100 * time.Millisecond) {
				count = packetsIn(saved)
			}
			if count < least {
				t.Errorf("%d packets are saved, of some %d", count, connections*6)
			}
			_ = command.Process.Signal(syscall.SIGINT)
			_ = command.Wait()
			if !strings.Contains(said.String(), " moments before it") {
				t.Errorf("it does not say how much was not shown: %s", said.String())
			}
		})
	}
}

// packetsIn is how many packets a capture file has by now.
func packetsIn(path string) (n int) {
	file, err := capture.Open(path, nil)
	if err != nil {
		return 0
	}
	defer file.Close()
	for file.Next(new(capture.Packet)) == nil {
		n++
	}
	return n
}
