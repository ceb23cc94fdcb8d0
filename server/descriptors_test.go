//go:build unix

package server

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The process runs out of descriptors while a client waits to be accepted.
func TestItWaitsForDescriptors(t *testing.T) {
	printed := make(chan string, 100)
	s := start(t, Config{Backlog: 5, Log: func(line string) { printed <- line }})

	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	low := limit
	low.Cur = 256
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	defer unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
	var files []*os.File
	release := func() {
		for _, f := range files {
			f.Close()
		}
		files = nil
	}
	defer release()
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		t.Skip("needs more descriptors than it has")
	}
	last := len(files) - 1
	files[last].Close() // one for the client's own socket
	files = files[:last]
	conn := dial(t, s)

	for complaint := ""; !strings.Contains(complaint, syscall.EMFILE.Error()); {
		select {
		case complaint = <-printed:
		case <-time.After(30 * time.Second):
			t.Fatal("accept did not run out of descriptors")
		}
	}
	release()
	expect(t, conn, opening)
}
