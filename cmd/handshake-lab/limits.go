package main

import "fmt"

const (
	maxClients     = 10_000 // at once: each has a port of its own, of which a host has some 28,000
	ownDescriptors = 32     // what else is open: the capture, outputs, the runtime's own
)

// limits refuses what could not work, or not end, before anything is opened.
func (r *runFlags) limits() error {
	if r.where.port == 0 {
		return useError("name one from 1 to 65535; server -p 0 lets the system choose", "port 0: the capture has to know the port")
	}
	if r.clients > maxClients {
		return useError("--repeat has more dialogues one after another", "--clients %d: at most %d at once", r.clients, maxClients)
	}
	files := maxFiles()
	if needed := 2*uint64(max(r.clients, 1)) + ownDescriptors; files > 0 && needed > files {
		return useError(fmt.Sprintf("raise it with ulimit -n %d, or take fewer clients", needed),
			"--clients %d: %d files have to be open at once, this process may open %d", r.clients, needed, files)
	}
	return nil
}
