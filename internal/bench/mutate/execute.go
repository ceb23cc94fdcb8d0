package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
)

// maxOutput is how many bytes of output are looked at; the rest is only
// counted.
const maxOutput = 16 << 20

// within runs a case inside this process. One that hangs ends everything.
func (d *driver) within(c *trial) (err error) {
	watch := time.AfterFunc(maxTime, func() {
		fmt.Printf("seed %d hangs: see %s, --view %s --format %s\n", c.seed, d.save(c), c.view, c.format)
		os.Exit(1)
	})
	defer watch.Stop()
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	var out limited
	p, err := format.Open(c.view, c.format, &out, present.Options{Width: c.width, ASCII: c.ascii})
	if err != nil {
		return err
	}
	if file, err := capture.NewReader(bytes.NewReader(c.data)); err == nil {
		flow := pipeline.Flow{Source: file, Sink: p}
		counts, err := flow.Run(context.Background())
		if err != nil && !readable(err) {
			return err
		}
		d.packets.Add(int64(counts.Packets))
		d.segments.Add(int64(counts.Segments))
		file.Close()
	} else if err := clean([]byte(err.Error()), false); err != nil {
		return err
	}
	if err := p.Close(); err != nil {
		return err
	}
	return check(c.format, c.ascii, out.whole())
}

// readable reports whether an error is one of the capture's, fit for a person.
func readable(err error) bool {
	var damage *capture.Damage
	return (errors.As(err, &damage) || errors.Is(err, capture.ErrFormat)) && clean([]byte(err.Error()), false) == nil
}

// process runs a case as a user would.
func (d *driver) process(c *trial) error {
	path := filepath.Join(d.keep, fmt.Sprintf("running-%d.cap", c.seed))
	if err := os.WriteFile(path, c.data, 0o644); err != nil {
		return err
	}
	defer os.Remove(path)
	ctx, cancel := context.WithTimeout(context.Background(), maxTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, d.bin, "export", path, "--view", c.view, "--format", c.format, "--color", "never")
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	var out, errs limited
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if ctx.Err() != nil {
		return fmt.Errorf("still running after %v", maxTime)
	}
	if code := cmd.ProcessState.ExitCode(); err != nil && code != 3 {
		return fmt.Errorf("%w: %s", err, errs.data)
	}
	used := memoryOf(cmd.ProcessState)
	raise(&d.memory, used)
	if used > maxMemory {
		return fmt.Errorf("%d MiB of memory", used>>20)
	}
	if err := clean(errs.data, false); err != nil {
		return fmt.Errorf("standard error: %w", err)
	}
	return check(c.format, false, out.whole())
}

// limited keeps the front of what is written.
type limited struct{ data []byte }

var _ io.Writer = (*limited)(nil)

func (l *limited) Write(p []byte) (int, error) {
	l.data = append(l.data, p[:min(len(p), maxOutput-len(l.data))]...)
	return len(p), nil
}

// whole is what was kept, up to its last whole line where more was written.
func (l *limited) whole() []byte {
	if len(l.data) < maxOutput {
		return l.data
	}
	return l.data[:bytes.LastIndexByte(l.data, '\n')+1]
}
