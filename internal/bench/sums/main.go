// Command sums writes a checksum of each view in each format of captures, so that two
// systems can be held against each other:
//
//	go run ./internal/bench/sums testdata/*.pcapng
//	GOARCH=arm64 CGO_ENABLED=0 go run -exec qemu-aarch64-static ./internal/bench/sums testdata/*.pcapng
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

func main() {
	time.Local = time.UTC
	for _, path := range os.Args[1:] {
		for i := range view.Views {
			for _, name := range format.Of(&view.Views[i]) {
				sum, err := sumOf(path, view.Views[i].Name, name)
				fmt.Printf("%x %s %s %s", sum[:8], filepath.ToSlash(path), view.Views[i].Name, name)
				if err != nil { // too large for a diagram, no capture
					fmt.Printf(": %v", err)
				}
				fmt.Println()
			}
		}
	}
}

// sumOf is the checksum of one view in one format, up to where the capture is damaged.
func sumOf(path, view, name string) (sum [sha256.Size]byte, err error) {
	in, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer in.Close()
	hash := sha256.New()
	p, err := format.Open(view, name, hash, present.Options{Width: 100})
	if err != nil {
		return sum, err
	}
	file, err := capture.NewReader(in)
	if err != nil {
		return sum, err
	}
	defer file.Close()
	flow := pipeline.Flow{Source: file, Sink: p}
	if _, err := flow.Run(context.Background()); err != nil {
		var damage *capture.Damage
		if !errors.As(err, &damage) {
			return sum, err
		}
	}
	if err := p.Close(); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(hash.Sum(nil)), nil
}
