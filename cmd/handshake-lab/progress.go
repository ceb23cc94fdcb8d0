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

// progress is how far a file has been read, which may be more than once: what all
// readings are to read, and have read.
type progress struct{ size, read atomic.Int64 }

// watchProgress returns a reader of f that shows on standard error how much
// of it has been read, once that has taken a while. Where standard error is no
// terminal, or standard output is one and shows what happens itself, or f has
// no size, it returns f.
func (a *app) watchProgress(f *os.File) (io.Reader, func()) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || !terminal.Is(a.stderr) || terminal.Is(a.stdout) {
		return f, func() {}
	}
	p := new(progress)
	a.progress = p
	stop := make(chan struct{})
	var done sync.WaitGroup
	source := p.count(f, info.Size())
	done.Go(func() { p.show(a.stderr, stop) })
	return source, func() { close(stop); done.Wait() }
}

// count returns a reader of another reading, whose bytes are counted too. Nothing is
// counted where progress is not shown.
func (p *progress) count(r io.Reader, size int64) io.Reader {
	if p == nil {
		return r
	}
	p.size.Add(size)
	return &countingReader{r, p}
}

// countingReader counts the bytes that pass.
type countingReader struct {
	r io.Reader
	p *progress
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.p.read.Add(int64(n))
	return n, err
}

func (p *progress) show(to io.Writer, stop <-chan struct{}) {
	select {
	case <-stop:
		return
	case <-time.After(patience):
	}
	bar := progressbar.NewOptions64(p.size.Load(), progressbar.OptionSetWriter(to), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("reading"), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		_ = bar.Set64(min(p.read.Load(), p.size.Load()-1))
		select {
		case <-stop:
			_ = bar.Clear()
			return
		case <-tick.C:
		}
	}
}
