//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// result is how a trial went.
type result struct {
	trial
	took    time.Duration // from its end being asked for to the last process
	packets int           // in the capture file
	faults  []string
}

func (r *result) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

// run carries out one trial and judges it.
func (s *stressing) run(t trial) result {
	r := result{trial: t}
	out, theirs, err := os.Pipe()
	if err != nil {
		r.fault("%v", err)
		return r
	}
	defer out.Close()
	// Whoever it has started holds this pipe: it is at its end with the last of them.
	life, held, err := os.Pipe()
	if err != nil {
		r.fault("%v", err)
		return r
	}
	defer life.Close()
	var said bytes.Buffer
	command := exec.Command(s.binary, t.args...)
	command.Dir, command.Stdout, command.SysProcAttr = s.folder, theirs, t.user.attributes()
	command.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", "HOME="+s.folder)
	command.Stderr = held
	err = command.Start()
	theirs.Close()
	held.Close()
	if err != nil {
		r.fault("%v", err)
		return r
	}
	group := -command.Process.Pid
	ended, silent := make(chan struct{}), make(chan struct{})
	go func() { command.Wait(); close(ended) }()
	go func() { io.Copy(&said, life); close(silent) }()
	if t.reads {
		go io.Copy(io.Discard, out)
	}

	select {
	case <-time.After(t.after):
	case <-ended:
	}
	began := time.Now()
	if t.end.signal == 0 {
		out.Close()
	} else {
		command.Process.Signal(t.end.signal)
	}
	late := time.After(s.most)
	for _, over := range []chan struct{}{ended, silent} {
		select {
		case <-over:
		case <-late:
			r.fault("not ended after %v", s.most)
			syscall.Kill(group, syscall.SIGKILL)
			<-ended
			<-silent
		}
	}
	r.took = time.Since(began)
	r.judge(command.ProcessState.ExitCode(), said.String())
	r.packets = s.readBack(&r)
	os.Remove(t.file)
	return r
}

// judge looks at how it ended: -1 is a signal's doing.
func (r *result) judge(code int, said string) {
	if !slices.Contains([]int{0, 6, 130, 143, -1}, code) {
		r.fault("exit code %d: %s", code, said)
	}
	for _, word := range []string{"panic", "DATA RACE", "internal fault", "fatal error"} {
		if strings.Contains(said, word) {
			r.fault("%s", said)
			break
		}
	}
}

// readBack reads the capture file to its end, by our own reader and by capinfos.
func (s *stressing) readBack(r *result) (packets int) {
	info, err := os.Stat(r.file)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return 0 // it was ended before it captured anything
	}
	file, err := capture.Open(r.file, nil)
	if err != nil {
		r.fault("read it back: %v", err)
		return 0
	}
	defer file.Close()
	var p capture.Packet
	for ; ; packets++ {
		if err = file.Next(&p); err != nil {
			break
		}
	}
	if err != io.EOF {
		r.fault("read it back: %v behind packet %d", err, packets)
	}
	if s.capinfos != "" {
		if out, err := exec.Command(s.capinfos, "-c", r.file).CombinedOutput(); err != nil {
			r.fault("capinfos: %s", out)
		}
	}
	return packets
}

// sum prints the faults as they come, and in the end what each way of ending took.
func sum(results <-chan result) (faults int) {
	type tally struct {
		runs, packets int
		took          []time.Duration
	}
	all := make(map[string]*tally)
	for r := range results {
		of := all[r.end.name]
		if of == nil {
			of = new(tally)
			all[r.end.name] = of
		}
		of.runs++
		of.packets += r.packets
		of.took = append(of.took, r.took)
		if len(r.faults) > 0 {
			faults++
			fmt.Printf("%v\n\t%s\n", &r.trial, strings.Join(r.faults, "\n\t"))
		}
	}
	for _, e := range ends {
		if of := all[e.name]; of != nil {
			slices.Sort(of.took)
			fmt.Printf("%-12s %4d runs, %8d packets saved and read back, ended in %v (median), %v (slowest)\n", e.name, of.runs, of.packets,
				of.took[len(of.took)/2].Round(time.Millisecond), of.took[len(of.took)-1].Round(time.Millisecond))
		}
	}
	return faults
}
