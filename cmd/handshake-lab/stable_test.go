package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// TestStable: five runs of the same dialogue give the same bytes in each view and
// format. Where the kernel has sent other segments, such as one acknowledgment for
// two, it was another dialogue on the wire.
func TestStable(t *testing.T) {
	if !haveLibpcap() || !havePrivate() {
		t.Skip("needs libpcap and private network namespaces")
	}
	if testing.Short() {
		t.Skip("takes a while")
	}
	if isRace {
		t.Skip("starts hundreds of processes, each slow with the race detector")
	}
	const runs = 5
	for _, clients := range []string{"1", "3"} {
		folder := t.TempDir()
		shapes := map[string][]string{} // captures by what was sent
		var same []string
		for i := 0; len(same) < runs; i++ {
			if i == 5*runs {
				t.Fatalf("of %d runs with %s clients no %d are of the same segments", i, clients, runs)
			}
			path := filepath.Join(folder, strconv.Itoa(i)+".pcapng")
			if out, err := labCommand(context.Background(), "run", "--net", "private", "--clients", clients, "-w", path).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			shape := exportedText(t, path, "segments", "csv", "--stable", "--columns", "tcp.flags,tcp.len,tcp.seq,tcp.ack")
			shapes[shape] = append(shapes[shape], path)
			if len(shapes[shape]) == runs {
				same = shapes[shape]
			}
		}
		for i := range view.Views {
			v := &view.Views[i]
			if v.Both {
				continue // its times are what it shows
			}
			for _, name := range format.Of(v) {
				want := exportedText(t, same[0], v.Name, name, "--stable")
				for _, path := range same[1:] {
					if got := exportedText(t, path, v.Name, name, "--stable"); got != want {
						t.Errorf("%s clients, %s as %s differs from run to run:\n%s\n%s", clients, v.Name, name, differs(want, got), differs(got, want))
						break
					}
				}
			}
		}
	}
}

// TestStableRun: what run shows by itself is the same, too.
func TestStableRun(t *testing.T) {
	if !haveLibpcap() || !havePrivate() {
		t.Skip("needs libpcap and private network namespaces")
	}
	seen := map[string]int{}
	for range 8 {
		cmd := labCommand(context.Background(), "run", "--net", "private", "--stable")
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, errs.Bytes())
		}
		if !bytes.Contains(out, []byte("x + 1")) {
			t.Fatalf("no arithmetic:\n%s", out)
		}
		if seen[string(out)]++; seen[string(out)] == 5 {
			return
		}
	}
	t.Errorf("of 8 runs no 5 are the same, but %d are different", len(seen))
}

// exportedText is what export writes.
func exportedText(t *testing.T, path, view, format string, more ...string) string {
	t.Helper()
	var errs bytes.Buffer
	args := append([]string{"export", path, "--view", view, "--format", format}, more...)
	// The name of the file stands in pictures.
	cmd := labCommand(context.Background(), append(args[:1:1], append([]string{"-"}, args[2:]...)...)...)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cmd.Stdin, cmd.Stderr = file, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%q: %v\n%s", args, err, errs.Bytes())
	}
	return string(out)
}

// differs is the first line of a text that another one does not have there.
func differs(a, b string) string {
	other := bytes.Split([]byte(b), []byte("\n"))
	for i, line := range bytes.Split([]byte(a), []byte("\n")) {
		if i >= len(other) || !bytes.Equal(line, other[i]) {
			return string(line[:min(len(line), 400)])
		}
	}
	return ""
}
