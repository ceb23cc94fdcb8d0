// Profile writes a profile of where the time goes on the way from a capture to
// rows, for the compiler: every build of the command takes what it inlines and
// how it lays code out from cmd/handshake-lab/default.pgo (go.dev/doc/pgo).
//
//	go run ./internal/bench/profile -o cmd/handshake-lab/default.pgo CAPTURE...
//
// The captures are to be long: of short ones the profile would tell how memory
// is had and given back. An old profile makes nothing wrong, only slower.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/pprof"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
)

// way is how packets go where there are many: a long capture that is exported,
// ahead, and a live one, in step. The story is not among them: with all that the
// compiler would then repeat in its lines, its code is larger than a processor's
// instruction cache, and takes 7 % longer.
type way struct {
	view, format string
	ahead        bool
}

var ways = [...]way{
	{"conversations", "ndjson", true}, {"segments", "ndjson", true}, {"segments", "ndjson", false},
	{"segments", "text", true},
}

func main() {
	out := flag.String("o", "default.pgo", "where to write the profile")
	rounds := flag.Int("rounds", 30, "how often to go through all captures")
	flag.Parse()
	if err := profile(*out, *rounds, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
		os.Exit(1)
	}
}

func profile(out string, rounds int, paths []string) error {
	if len(paths) == 0 {
		return errors.New("name the captures to read")
	}
	var captures [][]byte
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		captures = append(captures, b)
	}
	var samples bytes.Buffer
	if err := pprof.StartCPUProfile(&samples); err != nil {
		return err
	}
	for range rounds {
		for i, b := range captures {
			for _, w := range ways {
				if err := w.export(b); err != nil {
					return fmt.Errorf("%s: %w", paths[i], err)
				}
			}
		}
	}
	pprof.StopCPUProfile()
	return os.WriteFile(out, samples.Bytes(), 0o644)
}

func (w way) export(b []byte) error {
	file, err := capture.NewReader(bytes.NewReader(b))
	if err != nil {
		return err
	}
	defer file.Close()
	to, err := format.Open(w.view, w.format, io.Discard, present.Options{})
	if err != nil {
		return err
	}
	flow := pipeline.Flow{Source: file, Sink: to, Ahead: w.ahead}
	if _, err := flow.Run(context.Background()); err != nil {
		return err
	}
	return to.Close()
}
