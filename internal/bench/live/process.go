package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

// process is a program that runs beside the load.
type process struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
	done   chan error
}

// start starts a program; its output goes nowhere.
func start(args ...string) (*process, error) {
	p := &process{cmd: exec.Command(args[0], args[1:]...), done: make(chan error, 1)}
	p.cmd.Stderr = &p.stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.done <- p.cmd.Wait() }()
	return p, nil
}

// stop ends it as Ctrl-C does and returns what it said.
func (p *process) stop() (stderr string, err error) {
	p.cmd.Process.Signal(os.Interrupt)
	select {
	case err = <-p.done:
	case <-time.After(10 * time.Second):
		p.cmd.Process.Kill()
		err = fmt.Errorf("%s does not end", p.cmd.Path)
	}
	return p.stderr.String(), err
}

// resident is the most memory that it has held so far, in MiB.
func (p *process) resident() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib float64
	_, err = fmt.Sscan(rest, &kib)
	return kib / 1024, err
}

// freeAddress is a port nobody listens on.
func freeAddress() (address, port string, err error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	defer l.Close()
	_, port, err = net.SplitHostPort(l.Addr().String())
	return l.Addr().String(), port, err
}

// server starts our server and waits until it listens.
func (b *bench) server() (p *process, address, port string, err error) {
	address, port, err = freeAddress()
	if err != nil {
		return nil, "", "", err
	}
	p, err = start(b.ours, "server", "--backlog", backlog, "--port", port)
	if err != nil {
		return nil, "", "", err
	}
	return p, address, port, p.listens(address)
}

// listens waits until somebody answers at the address.
func (p *process) listens(address string) error {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if conn, err := net.Dial("tcp4", address); err == nil {
			conn.Close()
			return nil
		}
	}
	p.stop()
	return fmt.Errorf("%s does not listen: %s", p.cmd.Path, p.stderr.String())
}
