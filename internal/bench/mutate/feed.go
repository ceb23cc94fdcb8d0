package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// What a hungry case may take at most, and how long: twice as much input, at
// most so many times as long.
const (
	hungryTime  = 2 * time.Minute
	hungryTwice = 3.5
)

// feed runs every hungry case whose name holds the word, at half its size and
// at its size, and holds it to linear time and bounded memory.
func (d *driver) feed(word string) {
	for i := range hungers {
		h := &hungers[i]
		if !strings.Contains(h.name, word) {
			continue
		}
		for _, view := range h.views {
			half, _, err := d.hungry(h, h.n/2, view)
			whole, used := time.Duration(0), int64(0)
			if err == nil {
				whole, used, err = d.hungry(h, h.n, view)
			}
			raise(&d.memory, used)
			switch {
			case err != nil:
			case used > maxMemory:
				err = fmt.Errorf("%d MiB of memory", used>>20)
			case whole > time.Second && float64(whole) > hungryTwice*float64(half):
				err = fmt.Errorf("not linear")
			}
			result := "ok  "
			if err != nil {
				result = "FAIL"
				d.failed.Add(1)
			}
			fmt.Printf("%s %4d MiB %6.2f s (half: %.2f s)  %s\n", result, used>>20, whole.Seconds(), half.Seconds(), h.title(view))
			if err != nil {
				fmt.Println("    ", err)
			}
		}
	}
}

// hungry gives a capture to the program's standard input as it is made. took is
// the processor's time, which others on the machine do not stretch.
func (d *driver) hungry(h *hungry, n int, view string) (took time.Duration, used int64, err error) {
	name, format, _ := strings.Cut(view, " ")
	ctx, cancel := context.WithTimeout(context.Background(), hungryTime)
	defer cancel()
	args := append([]string{"export", "-", "--view", name, "--format", format, "--color", "never"}, h.args...)
	cmd := exec.CommandContext(ctx, d.bin, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	var out, errs limited
	cmd.Stdout, cmd.Stderr = &out, &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	memory := watchMemory(cmd.Process)
	w := &writer{Writer: bufio.NewWriterSize(in, 1<<20)}
	h.write(w, n)
	w.Flush()
	_ = in.(io.Closer).Close()
	err = cmd.Wait()
	took, used = cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime(), memory()
	if ctx.Err() != nil {
		return took, used, fmt.Errorf("still running after %v", hungryTime)
	}
	if code := cmd.ProcessState.ExitCode(); err != nil && code != 3 {
		return took, used, fmt.Errorf("%w: %.2000s", err, errs.data)
	}
	if err := clean(errs.data, false); err != nil {
		return took, used, fmt.Errorf("standard error: %w", err)
	}
	return took, used, check(format, false, out.whole())
}
