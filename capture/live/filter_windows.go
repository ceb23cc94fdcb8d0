//go:build npcap

package live

import (
	"fmt"
	"strings"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcap"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Filter is a compiled BPF expression, for packets of one link type. It is for one
// goroutine at a time.
type Filter struct{ program *pcap.BPF }

// CompileFilter compiles a BPF expression as in pcap-filter(7); it needs no
// rights. Errors: a *FilterError, which is ErrFilter; ErrNoLibpcap without Npcap.
func CompileFilter(link capture.LinkType, snaplen int, expr string) (*Filter, error) {
	if err := missing(); err != nil {
		return nil, err
	}
	if strings.ContainsRune(expr, 0) {
		return nil, &FilterError{Expression: expr, Message: "a NUL byte is in it"}
	}
	dlt := dltOfLink(link)
	if dlt > 0xff {
		return nil, &FilterError{Expression: expr, Message: fmt.Sprintf("there are no filters for link type %d on Windows", link)}
	}
	program, err := pcap.NewBPF(layers.LinkType(dlt), max(snaplen, 1), expr)
	if err != nil {
		return nil, &FilterError{Expression: expr, Message: filterMessage(err.Error())}
	}
	return &Filter{program}, nil
}

// Match reports whether the filter takes a packet of wireLen bytes, of which
// data were captured.
func (f *Filter) Match(data []byte, wireLen int) bool {
	if len(data) == 0 {
		data = make([]byte, 1)[:0:1]
	}
	return f.program.Matches(gopacket.CaptureInfo{CaptureLength: len(data), Length: wireLen}, data)
}
