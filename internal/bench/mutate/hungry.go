package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// hungry is a capture made to cost memory or time. Its size grows with n.
type hungry struct {
	name  string
	n     int
	views []string // view and format, "segments ndjson"
	args  []string
	write func(w *writer, n int)
}

var rows = []string{"conversations ndjson", "segments ndjson"}

// all are the pairs that keep something of conversations while they are open.
var all = []string{"conversations ndjson", "conversations text", "segments csv", "segments text", "story text", "story ndjson",
	"handshake ndjson", "handshake text", "header ndjson", "dialogue ndjson", "dialogue text"}

var hungers = []hungry{
	{"SYNs of different sockets", 2_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i, true, 2, uint32(i), 0, 0)
		}
	}},
	{"SYNs to different servers", 1_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i, false, 2, uint32(i), 0, 0)
		}
	}},
	{"ACKs of different sockets", 2_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i, true, 16, uint32(i), 1, 0)
		}
	}},
	{"SYN and SYN+ACK, no more", 1_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i, true, 2, 99, 0, 0)
			w.segment(i, false, 18, 199, 100, 0)
		}
	}},
	{"connections that stay open", 60_000, all, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i, true, 2, 99, 0, 0)
			w.segment(i, false, 18, 199, 100, 0)
			w.segment(i, true, 16, 100, 200, 0)
			w.segment(i, false, 24, 200, 100, 40)
		}
	}},
	{"connections that end", 100_000, all, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i, true, 2, 99, 0, 0)
			w.segment(i, false, 20, 0, 100, 0)
		}
	}},
	{"SYNs that reuse their ports", 2_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(1, true, 2, uint32(i)*77777, 0, 0)
		}
	}},
	{"data nobody acknowledges", 3_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i%3000, true, 24, 100+uint32(i/3000)*10, 1, 10)
		}
	}},
	{"data with gaps", 2_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i%3000, true, 24, 100+uint32(i/3000)*20, 1, 10)
		}
	}},
	{"10000 in flight, acknowledged one by one", 1_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(1, true, 24, 100+uint32(i), 1, 1)
			if i >= 9999 {
				w.segment(1, false, 16, 1, 101+uint32(i)-9999, 0)
			}
		}
	}},
	{"10000 in flight, sent twice, acknowledged byte by byte", 1_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range 10000 {
			w.segment(1, true, 24, 100+uint32(i*7919%10000), 1, 1400)
		}
		for i := range n {
			w.segment(1, false, 16, 1, 101+uint32(i)/256, 0)
			if i%256 == 0 {
				w.segment(1, true, 24, 100+uint32(i)/256+5000, 1, 1400)
			}
		}
	}},
	{"10000 in flight in disorder, acknowledged byte by byte", 400_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range 10000 {
			w.segment(1, true, 24, 1_000_000+uint32(i*7919%10000), 1, 1400)
		}
		for i := range n {
			w.segment(1, true, 24, 100+uint32(i), 1, 1)
			w.segment(1, false, 16, 1, 101+uint32(i), 0)
		}
	}},
	{"one long segment sent 10000 times, acknowledged byte by byte", 400_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			if i%60000 < 10000 {
				w.segment(1, true, 24, 100+uint32(i/60000)*60000, 1, 60000)
			} else {
				w.segment(1, false, 16, 1, 101+uint32(i), 0)
			}
		}
	}},
	{"10000 in flight, duplicate acknowledgments", 2_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range 10000 {
			w.segment(1, true, 24, 100+uint32(i), 1, 1)
		}
		for range n {
			w.segment(1, false, 16, 1, 105, 0)
		}
	}},
	{"first fragments", 2_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.fragment(i, 0, true, 64)
		}
	}},
	{"fragments of 8 bytes, the last first", 1_000_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.fragment(i/8000, 8*(7999-i%8000)+8, true, 8)
		}
	}},
	{"ICMP errors", 1_000_000, []string{"story text", "story ndjson"}, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.record(icmp(i), 0)
		}
	}},
	{"frames that cannot be decoded", 2_000_000, []string{"story text", "segments ndjson"}, nil, func(w *writer, n int) {
		w.pcap(228)
		for range n {
			w.record([]byte{0x45, 0, 0, 9, 1, 2}, 0)
		}
	}},
	{"tunnels in tunnels", 2_000, rows, nil, func(w *writer, n int) {
		w.pcap(228)
		for range n {
			w.record(nested(3000), 0)
		}
	}},
	{"labels and tags without end", 1_000, rows, nil, func(w *writer, n int) {
		w.pcap(1)
		for range n {
			w.record(append(make([]byte, 12), bytes.Repeat([]byte{0x81, 0, 0, 1}, 60000)...), 0)
			w.record(append(append(make([]byte, 12), 0x88, 0x47), bytes.Repeat([]byte{0, 0, 0, 64}, 60000)...), 0)
		}
	}},
	{"extension headers without end", 2_000, rows, nil, func(w *writer, n int) {
		w.pcap(229)
		for range n {
			b := make([]byte, 40, 65575)
			b[0], b[4], b[5], b[6] = 0x60, 0xff, 0xff, 60
			w.record(append(b, bytes.Repeat([]byte{60, 0, 1, 4, 0, 0, 0, 0}, 8191)...), 0)
		}
	}},
	{"interfaces with long names", 100_000, rows, nil, func(w *writer, n int) {
		w.pcapng()
		for range n {
			w.block(1, idb("\x1b[31m"+strings.Repeat("\u202e", 200)))
		}
	}},
	{"interfaces with names of 60000 bytes", 10_000, rows, nil, func(w *writer, n int) {
		w.pcapng()
		for range n {
			w.block(1, idb(strings.Repeat("n", 60000)))
		}
	}},
	{"custom blocks", 10_000_000, rows, nil, func(w *writer, n int) {
		w.pcapng()
		for range n {
			w.block(0x0bad, []byte{0, 0, 0, 0})
		}
	}},
	{"custom blocks of 1 GiB", 2, rows, nil, func(w *writer, n int) {
		w.pcapng()
		zeros := make([]byte, 1<<20)
		for range n {
			w.u32(0x0bad)
			w.u32(1<<30 + 12)
			for range 1 << 10 {
				w.Write(zeros)
			}
			w.u32(1<<30 + 12)
		}
	}},
	{"comments of 16 MB", 40, all, nil, func(w *writer, n int) {
		w.pcapng()
		w.block(1, idb("x"))
		comment := bytes.Repeat([]byte{0x1b}, 65532)
		options := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, 1), 65532)
		options = bytes.Repeat(append(options, comment...), 255)
		for range n {
			w.block(6, append(epb(tcp(1, true, 24, 100, 1, 10)), options...))
		}
	}},
	{"payloads of 64 KiB of escapes", 2_000, all, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			b := tcp(1, true, 24, 100+uint32(i)*65000, 1, 65000)
			w.record(append(b, bytes.Repeat([]byte{0x1b}, 65000)...), 0)
		}
	}},
	{"payloads of 64 KiB of combining marks", 1_000, all, nil, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			b := tcp(1, true, 24, 100+uint32(i)*65000, 1, 65000)
			w.record(append(b, bytes.Repeat([]byte("\u0301"), 32500)...), 0)
		}
	}},
	{"a gzip bomb", 1 << 30, rows, nil, func(w *writer, n int) {
		z, _ := gzip.NewWriterLevel(w.Writer, gzip.BestSpeed)
		bomb(z, n)
		z.Close()
	}},
	{"a gzip bomb without packets", 1 << 30, rows, nil, func(w *writer, n int) {
		z, _ := gzip.NewWriterLevel(w.Writer, gzip.BestSpeed)
		in := &writer{Writer: bufio.NewWriter(z)}
		in.pcap(1)
		in.Flush()
		zeros := make([]byte, 1<<20)
		for range n >> 20 {
			z.Write(zeros)
		}
		z.Close()
	}},
	{"a zstd bomb", 1 << 30, rows, nil, func(w *writer, n int) {
		z, _ := zstd.NewWriter(w.Writer, zstd.WithWindowSize(64<<20), zstd.WithEncoderConcurrency(1))
		bomb(z, n)
		z.Close()
	}},
	{"gzip members without end", 1_000_000, rows, nil, func(w *writer, n int) {
		var member bytes.Buffer
		z := gzip.NewWriter(&member)
		z.Close()
		for range n {
			w.Write(member.Bytes())
		}
	}},
	{"many streams chosen", 2_000_000, rows, []string{"--stream", numbers(20000)}, func(w *writer, n int) {
		w.pcap(228)
		for i := range n {
			w.segment(i%30000, true, 24, 100+uint32(i/30000)*10, 1, 10)
		}
	}},
}

// bomb writes frames of zeros.
func bomb(to io.Writer, n int) {
	w := &writer{Writer: bufio.NewWriterSize(to, 1<<20)}
	w.pcap(1)
	frame := make([]byte, 262144)
	for range n >> 18 {
		w.record(frame, 0)
	}
	w.Flush()
}

func numbers(n int) string {
	var b []byte
	for i := range n {
		b = strconv.AppendInt(append(b, ','), int64(i), 10)
	}
	return string(b[1:])
}
