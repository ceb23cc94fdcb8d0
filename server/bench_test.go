package server

import (
	"io"
	"net"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// atOnce is how many clients the benchmarks keep busy.
const atOnce = 64

// BenchmarkDialogues measures whole dialogues, from connect to the server's
// FIN: this server, and the textbook's threaded one in Python with
// TCP_NODELAY set, under the same load.
func BenchmarkDialogues(b *testing.B) {
	b.Run("ours", func(b *testing.B) {
		dialogues(b, start(b, Config{Backlog: 4096}).Addr().String())
	})
	b.Run("observed", func(b *testing.B) {
		dialogues(b, start(b, Config{Backlog: 4096, Observer: func(Call) {}}).Addr().String())
	})
	b.Run("python", func(b *testing.B) {
		dialogues(b, pythonServer(b, strconv.Itoa(4096), "nodelay"))
	})
}

func dialogues(b *testing.B, address string) {
	work := make(chan struct{})
	done := make(chan error, atOnce)
	for range atOnce {
		go func() {
			var err error
			buffer := make([]byte, 256)
			for range work {
				if err == nil {
					err = oneDialogue(address, buffer)
				}
			}
			done <- err
		}()
	}
	b.ReportAllocs()
	for b.Loop() {
		work <- struct{}{}
	}
	close(work)
	for range atOnce {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "dialogues/s")
}

func oneDialogue(address string, buffer []byte) error {
	conn, err := net.Dial("tcp4", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	turns := [...]struct {
		say  string
		hear int
	}{{"", len(opening)}, {"Alice", len(hello("Alice"))}, {"Bob", len(hello("Bob"))}, {"exit", len(dialogue.GoodBye)}}
	for _, turn := range turns {
		if turn.say != "" {
			if _, err := io.WriteString(conn, turn.say); err != nil {
				return err
			}
		}
		if _, err := io.ReadFull(conn, buffer[:turn.hear]); err != nil {
			return err
		}
	}
	_, err = io.Copy(io.Discard, conn)
	return err
}

// BenchmarkAnswer measures one turn on an open connection; nothing may be
// allocated for it.
func BenchmarkAnswer(b *testing.B) {
	conn := dial(b, start(b, Config{Backlog: 5}))
	expect(b, conn, opening)
	name, answer := []byte("Alice"), make([]byte, len(hello("Alice")))
	b.ReportAllocs()
	for b.Loop() {
		conn.Write(name)
		if _, err := io.ReadFull(conn, answer); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAnswerAllocatesNothing(t *testing.T) {
	if race() {
		t.Skip("needs a build without the race detector, which empties pools at random")
	}
	conn := dial(t, start(t, Config{Backlog: 5}))
	expect(t, conn, opening)
	name, answer := []byte("Alice"), make([]byte, len(hello("Alice")))
	if n := testing.AllocsPerRun(1000, func() {
		conn.Write(name)
		if _, err := io.ReadFull(conn, answer); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a turn, want none", n)
	}
}

// race reports whether the race detector is built in; it costs memory and time.
func race() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
