package main

import (
	"bytes"
	"os"
	"strconv"
)

// listenOverflows is how many connections this network namespace has not taken
// for want of room in an accept queue; 0 where that is not counted.
func listenOverflows() int {
	text, err := os.ReadFile("/proc/self/net/netstat")
	if err != nil {
		return 0
	}
	// Two lines belong together: names, and values in the same order.
	var names [][]byte
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) == 0 || string(fields[0]) != "TcpExt:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i, name := range names {
			if string(name) == "ListenOverflows" && i < len(fields) {
				n, _ := strconv.Atoi(string(fields[i]))
				return n
			}
		}
	}
	return 0
}
