package capture

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Format is a capture file format.
type Format string

// The formats that are read, and written by capture/savefile.
const (
	PCAP   Format = "pcap"
	PCAPNG Format = "pcapng"
)

// Interface is what a capture tells of an interface it was taken on. Name and
// Description are raw bytes of the file, cut at 512.
type Interface struct {
	Name        string
	Description string
	Link        LinkType
	Snaplen     int   // most bytes kept of a packet; 0 where there is no limit
	Digits      uint8 // decimal digits of a second that its times have: 6 for microseconds, 9 for nanoseconds
}

// Section is what a pcapng file says of itself before its packets: raw bytes of
// the file, the comments one a line and cut at 64 KiB, Application at 512.
type Section struct {
	Application string // the program that wrote it
	Comment     string
}

// MaxCaptured is the most bytes one packet may hold; more is damage. It is
// Wireshark's limit (and libpcap's MAXIMUM_SNAPLEN).
const MaxCaptured = 262144

// MaxInterfaces is the most interfaces of one file; each costs memory as long as
// the file is read.
const MaxInterfaces = 1 << 16

// maxWindow bounds what a zstd stream may ask for as its window.
const maxWindow = 64 << 20

// File is a capture file being read. It is a Source.
type File struct {
	Format      Format
	Compression string // "gzip", "zstd", or "" for none

	in      *input // that records are read from
	records records
	close   []func() error
	err     error // sticky: what ended the packets
}

// records is one file format's reader.
type records interface {
	// next reads the next packet into p, all of it, or returns io.EOF or a *Damage.
	next(p *Packet) error
	interfaces() []Interface
}

// Open opens a capture file; "-" is stdin. What it is - pcap or pcapng, plain,
// gzip or zstd - is told by its first bytes, never by its name. Errors: those
// of os.Open; ErrFormat; a *Damage where it breaks off before its first packet.
func Open(path string, stdin io.Reader) (*File, error) {
	if path == "-" {
		f, err := NewReader(stdin)
		if err != nil {
			return nil, fmt.Errorf("stdin: %w", err)
		}
		return f, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f, err := NewReader(file)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.close = append(f.close, file.Close)
	return f, nil
}

// NewReader reads a capture from r, which it does not close.
func NewReader(r io.Reader) (*File, error) {
	f := &File{}
	in := &input{r: r, slow: isSlow(r)}
	magic := in.peek(4)
	if len(magic) == 0 && in.readError() == nil {
		return nil, fmt.Errorf("%w (it is empty)", ErrFormat)
	}
	unpacked, err := f.decompress(in, magic)
	if err != nil {
		return nil, err
	}
	if unpacked != in {
		in, magic = unpacked, unpacked.peek(4)
	}
	f.in = in
	switch order, kind := sniff(magic); kind {
	case PCAP:
		f.Format = PCAP
		f.records, err = newPcap(in, order)
	case PCAPNG:
		f.Format = PCAPNG
		f.records, err = newPcapng(in)
	default:
		err = ErrFormat
		if cause := in.readError(); cause != nil {
			err = cause
		}
	}
	if err != nil {
		f.Close()
		return nil, f.located(err)
	}
	return f, nil
}

// isSlow reports whether r is a pipe, a socket or the like, so that nobody should
// wait for more than is needed. Readers that have no Stat are not.
func isSlow(r io.Reader) bool {
	f, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err != nil || !info.Mode().IsRegular()
}

// decompress returns in itself where it is not compressed.
func (f *File) decompress(in *input, magic []byte) (*input, error) {
	from := func(z io.Reader) *input {
		return &input{r: &unpacked{r: z, packed: in, most: maxUnpacked}, slow: in.slow}
	}
	switch {
	case len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b: // RFC 1952 §2.3.1
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		f.Compression = "gzip"
		return from(z), nil
	case string(magic) == "\x28\xb5\x2f\xfd": // RFC 8878 §3.1.1
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, fmt.Errorf("zstd: %w", err)
		}
		f.Compression = "zstd"
		f.close = append(f.close, func() error { z.Close(); return nil })
		return from(z), nil
	}
	return in, nil
}

// sniff tells the format by its first four bytes, and the byte order of pcap.
func sniff(magic []byte) (order, Format) {
	if len(magic) < 4 {
		return false, ""
	}
	for _, o := range []order{false, true} {
		switch o.u32(magic) {
		case magicMicro, magicNano, magicModified, magicIxiaHard, magicIxiaSoft:
			return o, PCAP
		case blockSection:
			return o, PCAPNG
		}
	}
	return false, ""
}

// Next fills p with the next packet: io.EOF at the end, a *Damage where the
// capture breaks off; either comes again on every further call.
func (f *File) Next(p *Packet) error {
	if f.err != nil {
		return f.err
	}
	if err := f.records.next(p); err != nil {
		f.err = f.located(err)
		return f.err
	}
	return nil
}

// located completes a damage with what only the file knows.
func (f *File) located(err error) error {
	var damage *Damage
	if errors.As(err, &damage) {
		damage.Compressed = f.Compression != ""
	}
	return err
}

// Interfaces lists the interfaces met so far; Packet.Interface is an index
// into it. A pcapng file may bring more as it is read.
func (f *File) Interfaces() []Interface { return f.records.interfaces() }

// Section is what the section of the last packet says of itself, nothing in
// classic pcap. It is known once a packet, or the end, has been read.
func (f *File) Section() Section {
	if ng, ok := f.records.(*pcapng); ok {
		return ng.about
	}
	return Section{}
}

// Close closes what Open has opened.
func (f *File) Close() error {
	var errs []error
	for _, c := range f.close {
		errs = append(errs, c())
	}
	f.close = nil
	if f.err == nil {
		f.err = os.ErrClosed
	}
	return errors.Join(errs...)
}

// Slice is a Source over packets in memory, which stay as they are. Numbers that
// are 0 are filled in.
type Slice struct {
	Packets []Packet
	Err     error // what Next returns after the last one; io.EOF where nil
	next    int
}

// Next fills p with the next packet of the slice.
func (s *Slice) Next(p *Packet) error {
	if s.next == len(s.Packets) {
		if s.Err != nil {
			return s.Err
		}
		return io.EOF
	}
	*p = s.Packets[s.next]
	s.next++
	if p.Number == 0 {
		p.Number = s.next
	}
	return nil
}
