package main

import (
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/schollz/progressbar/v3"
)

// patience is after how long a person is told how far a file has been read.
const patience = time.Second

// watchProgress returns a reader of f that shows on standard error how much
// of it has been read, once that has taken a while. Where standard error is no
// terminal, or standard output is one and shows what happens itself, or f has
// no size, it returns f.
func (a *app) watchProgress(f *os.File) (io.Reader, func()) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || !terminal.Is(a.stderr) || terminal.Is(a.stdout) {
		return f, func() {}
	}
	counted := &countingReader{r: f}
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() { counted.show(a.stderr, info.Size(), stop) })
	return counted, func() { close(stop); done.Wait() }
}

// countingReader counts the bytes that pass.
type countingReader struct {
	r io.Reader
	n atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

func (c *countingReader) show(to io.Writer, size int64, stop <-chan struct{}) {
	select {
	case <-stop:
		return
	case <-time.After(patience):
	}
	bar := progressbar.NewOptions64(size, progressbar.OptionSetWriter(to), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("reading"), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		_ = bar.Set64(min(c.n.Load(), size-1))
		select {
		case <-stop:
			_ = bar.Clear()
			return
		case <-tick.C:
		}
	}
}
