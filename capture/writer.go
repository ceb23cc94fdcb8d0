package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// FormatOf is the format to write to path: classic pcap for .pcap, pcapng for
// anything else.
func FormatOf(path string) Format {
	if strings.EqualFold(filepath.Ext(path), ".pcap") {
		return PCAP
	}
	return PCAPNG
}

// ErrNotInPcap is wrapped by the errors for what classic pcap cannot hold.
var ErrNotInPcap = errors.New("classic pcap cannot hold it; write pcapng (any name but .pcap)")

// Writer writes a capture with times in nanoseconds. Each packet reaches the
// underlying writer whole and at once, in one Write, so that a run that is
// killed leaves a readable file.
type Writer struct {
	w      io.Writer
	ifaces []Interface
	room   bytes.Buffer // what pcapgo has written of one record
	ng     *pcapgo.NgWriter
	pcap   *pcapgo.Writer
}

// NewWriter writes the header of a capture of these interfaces to w.
func NewWriter(w io.Writer, format Format, ifaces []Interface) (*Writer, error) {
	out := &Writer{w: w, ifaces: append([]Interface(nil), ifaces...)}
	if len(ifaces) == 0 {
		return nil, errors.New("a capture file needs an interface")
	}
	var err error
	switch format {
	case PCAP:
		err = out.beginPcap()
	case PCAPNG:
		err = out.beginPcapng()
	default:
		return nil, fmt.Errorf("capture format %q is unknown: want pcap or pcapng", format)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (w *Writer) beginPcap() error {
	first := w.ifaces[0]
	for _, i := range w.ifaces[1:] {
		if i.Link != first.Link {
			return fmt.Errorf("interfaces of link types %d and %d: %w", first.Link, i.Link, ErrNotInPcap)
		}
	}
	w.pcap = pcapgo.NewWriterNanos(&w.room)
	if err := w.pcap.WriteFileHeader(snaplen(first.Snaplen), layers.LinkType(first.Link)); err != nil {
		return err
	}
	// pcapgo's link type has 8 bits, the file's has 16
	binary.LittleEndian.PutUint16(w.room.Bytes()[20:], uint16(first.Link))
	return w.flush()
}

func (w *Writer) beginPcapng() error {
	for n, i := range w.ifaces {
		desc := pcapgo.NgInterface{
			Name:        i.Name,
			Description: i.Description,
			LinkType:    layers.LinkType(i.Link),
			SnapLength:  uint32(max(i.Snaplen, 0)),
		}
		begin := 0
		var err error
		if n == 0 {
			opts := pcapgo.DefaultNgWriterOptions
			opts.SectionInfo.Application = "handshake-lab"
			w.ng, err = pcapgo.NewNgWriterInterface(&w.room, desc, opts)
			if err == nil {
				err = w.ng.Flush()
			}
			if err == nil { // the section header stands before the interface
				begin = int(binary.LittleEndian.Uint32(w.room.Bytes()[4:]))
			}
		} else {
			_, err = w.ng.AddInterface(desc)
			if err == nil {
				err = w.ng.Flush()
			}
		}
		if err != nil {
			return err
		}
		binary.LittleEndian.PutUint16(w.room.Bytes()[begin+8:], uint16(i.Link))
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

// Write writes one packet. Its interface must be one of the writer's; a packet
// without a time gets the time 0; Length may be more than len(Data), not less.
func (w *Writer) Write(p *Packet) error {
	if p.Interface < 0 || p.Interface >= len(w.ifaces) {
		return fmt.Errorf("packet %d is of interface %d; the file has %d", p.Number, p.Interface, len(w.ifaces))
	}
	if link := w.ifaces[p.Interface].Link; p.Link != link {
		return fmt.Errorf("packet %d has link type %d; its interface has %d", p.Number, p.Link, link)
	}
	info := gopacket.CaptureInfo{
		Timestamp:      time.Unix(p.Time.Sec, int64(p.Time.Nsec)),
		CaptureLength:  len(p.Data),
		Length:         max(p.Length, len(p.Data)),
		InterfaceIndex: p.Interface,
	}
	if w.pcap != nil {
		if p.Time.Sec < 0 || p.Time.Sec > math.MaxUint32 {
			return fmt.Errorf("packet %d at %d s since 1970: %w", p.Number, p.Time.Sec, ErrNotInPcap)
		}
		if err := w.pcap.WritePacket(info, p.Data); err != nil {
			return err
		}
		return w.flush()
	}
	if err := w.ng.WritePacket(info, p.Data); err != nil {
		return err
	}
	if err := w.ng.Flush(); err != nil {
		return err
	}
	if p.Comment != "" {
		w.comment(p.Comment)
	}
	return w.flush()
}

// comment puts a comment option into the enhanced packet block in room, which
// pcapgo cannot: option 1, the end of options, then the new length twice.
func (w *Writer) comment(text string) {
	text = text[:min(len(text), math.MaxUint16)]
	w.room.Truncate(w.room.Len() - 4)
	block := w.room.AvailableBuffer()
	block = binary.LittleEndian.AppendUint16(block, optComment)
	block = binary.LittleEndian.AppendUint16(block, uint16(len(text)))
	block = append(block, text...)
	block = append(block, make([]byte, -len(text)&3)...)
	block = binary.LittleEndian.AppendUint32(block, optEnd)
	total := uint32(w.room.Len() + len(block) + 4)
	block = binary.LittleEndian.AppendUint32(block, total)
	w.room.Write(block)
	binary.LittleEndian.PutUint32(w.room.Bytes()[4:], total)
}

// flush hands the record in room to the underlying writer.
func (w *Writer) flush() error {
	_, err := w.w.Write(w.room.Bytes())
	w.room.Reset()
	return err
}

// snaplen is the value for a pcap header, where 0 is not understood by all.
func snaplen(n int) uint32 {
	if n <= 0 {
		return MaxCaptured
	}
	return uint32(n)
}
