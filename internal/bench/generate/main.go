// Generate writes captures for measuring: many greeting dialogues, so many
// of them at a time, or nothing but SYNs.
//
//	go run ./internal/bench/generate -dialogues 60000 -at-once 1000 >dialogues.pcap
//	go run ./internal/bench/generate -syns 5000000 >syns.pcap
//	go run ./internal/bench/generate -syns 5000000 -late 100 >late.pcap
//
// The same flags give the same bytes.
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
)

func main() {
	dialogues := flag.Int("dialogues", 60000, "greeting dialogues, of 18 packets each")
	atOnce := flag.Int("at-once", 1000, "dialogues that are under way at any time")
	syns := flag.Int("syns", 0, "write so many unanswered SYNs from different sockets instead")
	late := flag.Int("late", 0, "with -syns: at the end, an ACK from each of so many of the first sockets")
	flag.Parse()
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	g := generator{w: w, nanos: 1_700_000_000e9}
	g.header()
	if *syns > 0 {
		g.flood(*syns, *late)
	} else {
		g.interleave(*dialogues, max(*atOnce, 1))
	}
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(8)
	}
}

// generator writes a classic capture file: Ethernet, microseconds.
type generator struct {
	w     *bufio.Writer
	nanos int64
	frame [1600]byte
}

func (g *generator) header() {
	h := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	h = append(h, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	h = binary.LittleEndian.AppendUint32(h, 262144)
	h = binary.LittleEndian.AppendUint32(h, 1)
	g.w.Write(h)
}

// flood writes n SYNs, each from another socket, then an ACK of some of the first.
func (g *generator) flood(n, late int) {
	for i := range n {
		g.segment(flow{number: uint32(i)}, true, flagSYN, mix(uint32(i)), 0, "")
		g.nanos += 10_000
	}
	for i := range late {
		g.segment(flow{number: uint32(i)}, true, flagACK, mix(uint32(i))+1, 1, "")
	}
}

// interleave writes n dialogues, atOnce of them at a time, turn by turn.
func (g *generator) interleave(n, atOnce int) {
	type running struct {
		flow flow
		turn int
	}
	open := make([]running, 0, atOnce)
	next := 0
	for next < n || len(open) > 0 {
		for len(open) < atOnce && next < n {
			open = append(open, running{flow: flow{number: uint32(next)}})
			next++
		}
		for i := 0; i < len(open); {
			r := &open[i]
			r.flow.play(g, r.turn)
			g.nanos += 10_000
			if r.turn++; r.turn == len(turns) {
				open[i] = open[len(open)-1]
				open = open[:len(open)-1]
				continue
			}
			i++
		}
	}
}

// mix spreads a number over 32 bits.
func mix(n uint32) uint32 {
	n ^= n >> 16
	n *= 0x7feb352d
	n ^= n >> 15
	n *= 0x846ca68b
	return n ^ n>>16
}
