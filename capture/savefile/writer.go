// Package savefile writes capture files, classic pcap and pcapng, as Wireshark,
// tcpdump and package capture read them. It is pure Go.
//
// It promises three things:
//   - A file holds whole records at any time: each call of the underlying Write
//     hands over one or more of them, so that a run that is killed leaves a file
//     that is readable up to its last packet. Where a write fails half-way, as on a full
//     disk, what it left of a record is cut off again, if the destination has a
//     method Truncate(int64) error, as *os.File does.
//   - What was written is read back the same. What a format cannot hold is an
//     error that says which packet and why; nothing of that packet is in the
//     file, and others can follow.
//   - No text breaks a file: what is no UTF-8 is replaced, what is longer than
//     65,535 bytes is cut.
package savefile

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Application is the program that a pcapng file names as its writer where its
// section does not.
const Application = "handshake-lab"

// FormatOf is the format to write to path: classic pcap for .pcap, pcapng for
// anything else.
func FormatOf(path string) capture.Format {
	if strings.EqualFold(filepath.Ext(path), ".pcap") {
		return capture.PCAP
	}
	return capture.PCAPNG
}

// ErrNotInPcap is wrapped by the errors for what classic pcap cannot hold.
var ErrNotInPcap = errors.New("classic pcap cannot hold it; write pcapng (any name but .pcap)")

// batchMost is the bytes that Append gathers before it writes them.
const batchMost = 64 << 10

// Writer writes one capture file.
type Writer struct {
	w       io.Writer
	encoder encoder
	ifaces  []capture.Interface
	batch   []byte // whole records that have not been written yet
	ends    []int  // of the records among them
	first   int    // number of the first packet among them
	written int64  // bytes of the file before them
	err     error  // sticky: a write failed, and what it left may be half a record
}

// encoder appends the parts of one format's files. What it refuses it has not
// appended.
type encoder interface {
	header(dst []byte, s capture.Section, ifaces []capture.Interface) []byte
	iface(dst []byte, i capture.Interface) ([]byte, error)
	packet(dst []byte, i *capture.Interface, p *capture.Packet) ([]byte, error)
}

// NewWriter writes the header of a capture of these interfaces to w, in one
// Write. Times keep as many digits as their interface says, nine where it says
// none.
//
// Classic pcap keeps as many digits as one of the interfaces needs, six or nine.
// Names, descriptions and comments are left out, as it has no room for them.
//
// Wireshark reads whatever interfaces a pcapng file has; tcpdump, being libpcap,
// only those of one link type and one snaplen.
func NewWriter(w io.Writer, format capture.Format, s capture.Section, ifaces []capture.Interface) (*Writer, error) {
	if len(ifaces) == 0 {
		return nil, errors.New("a capture file needs an interface")
	}
	out := &Writer{w: w}
	switch format {
	case capture.PCAP:
		out.encoder = new(pcap)
	case capture.PCAPNG:
		out.encoder = pcapng{}
	default:
		return nil, fmt.Errorf("capture format %q is unknown: want pcap or pcapng", format)
	}
	ifaces = append([]capture.Interface(nil), ifaces...)
	for n := range ifaces {
		if err := settle(&ifaces[n]); err != nil {
			return nil, fmt.Errorf("interface %d: %w", n, err)
		}
	}
	out.batch = out.encoder.header(out.batch, s, ifaces)
	for _, i := range ifaces {
		if err := out.appendInterface(i); err != nil {
			return nil, err
		}
	}
	if err := out.Flush(); err != nil {
		return nil, err
	}
	return out, nil
}

// AddInterface adds an interface, which packets may be of from now on. It
// reaches the file with the next packet.
func (w *Writer) AddInterface(i capture.Interface) error {
	if w.err != nil {
		return w.err
	}
	if err := settle(&i); err != nil {
		return fmt.Errorf("interface %d: %w", len(w.ifaces), err)
	}
	return w.appendInterface(i)
}

func (w *Writer) appendInterface(i capture.Interface) error {
	if len(w.ifaces) == capture.MaxInterfaces {
		return fmt.Errorf("more than %d interfaces", capture.MaxInterfaces)
	}
	batch, err := w.encoder.iface(w.batch, i)
	if err != nil {
		return fmt.Errorf("interface %d: %w", len(w.ifaces), err)
	}
	w.batch, w.ifaces = batch, append(w.ifaces, i)
	return nil
}

// Write writes one packet, at once. Its interface must be one of the writer's; a
// packet without a time gets the time 0; its length is at least that of its data.
// More data than the interface's snaplen is refused: where packets come from a
// file, which may break its own, let the snaplen be 0.
func (w *Writer) Write(p *capture.Packet) error {
	if err := w.Append(p); err != nil {
		return err
	}
	return w.Flush()
}

// Append is Write for many packets: they are written together, by Flush or when
// there are 64 KiB of them.
func (w *Writer) Append(p *capture.Packet) error {
	if w.err != nil {
		return w.err
	}
	if p.Interface < 0 || p.Interface >= len(w.ifaces) {
		return fmt.Errorf("packet %d: it is of interface %d; the file has %d", p.Number, p.Interface, len(w.ifaces))
	}
	i := &w.ifaces[p.Interface]
	err := fits(p, i)
	if err == nil {
		var batch []byte
		if batch, err = w.encoder.packet(w.batch, i, p); err == nil {
			w.batch = batch
		}
	}
	if err != nil {
		return fmt.Errorf("packet %d: %w", p.Number, err)
	}
	if w.first == 0 {
		w.first = p.Number
	}
	w.ends = append(w.ends, len(w.batch))
	if len(w.batch) >= batchMost {
		return w.Flush()
	}
	return nil
}

// Flush writes what Append has gathered, in one Write. After an error nothing
// more is written, as half a record may be what the file ends with.
func (w *Writer) Flush() error {
	if w.err != nil || len(w.batch) == 0 {
		return w.err
	}
	n, err := w.w.Write(w.batch)
	if err == nil && n < len(w.batch) {
		err = io.ErrShortWrite
	}
	if err != nil {
		w.err = fmt.Errorf("%s: %w", w.where(), err)
		w.cut(n)
		return w.err
	}
	w.written += int64(n)
	w.batch, w.ends, w.first = w.batch[:0], w.ends[:0], 0
	return nil
}

// cut takes off what n bytes of the batch hold of a record that is not all there.
func (w *Writer) cut(n int) {
	whole := 0
	for _, end := range w.ends {
		if end <= n {
			whole = end
		}
	}
	if to, ok := w.w.(interface{ Truncate(size int64) error }); ok && whole < n {
		_ = to.Truncate(w.written + int64(whole)) // if not, half a record is left
	}
}

// where names the first of what the batch holds.
func (w *Writer) where() string {
	switch {
	case w.written == 0:
		return "the header"
	case w.first == 0:
		return fmt.Sprintf("byte %d", w.written)
	}
	return fmt.Sprintf("packet %d at byte %d", w.first, w.written)
}
