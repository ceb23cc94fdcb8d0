//go:build (cgo && !windows) || (windows && npcap)

package live

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcap"
)

// found is what a look into the ring has brought.
type found int

const (
	nothing found = iota // that anybody is to see, for as long as the timeout
	aPacket              // for the consumer
	theEnd               // and Handle.over says why
)

// look takes the next packet out of the ring, waiting for the timeout at most.
// It is for the goroutine that holds h.ring; the bytes are valid until it looks
// again.
func (h *Handle) look() ([]byte, gopacket.CaptureInfo, found) {
	data, info, err := h.pcap.ZeroCopyReadPacketData()
	if err == nil {
		h.quiet = time.Time{}
		return data, info, h.judge(data, &info)
	}
	switch err {
	case pcap.NextErrorTimeoutExpired:
		err = h.silent()
	case io.EOF:
	default:
		err = h.readError(err)
	}
	if err != nil {
		return nil, info, h.finish(err)
	}
	return nil, info, nothing
}

// judge tells packets from sentinels, and what comes after the end.
func (h *Handle) judge(data []byte, info *gopacket.CaptureInfo) found {
	if h.sentinel != nil {
		switch h.sentinel.what(data) {
		case atBegin:
			h.hidden.Add(1)
			h.begun.Do(func() { close(h.ready) })
			return nothing
		case atEnd:
			h.hidden.Add(1)
			if h.draining.Load() {
				return h.finish(io.EOF)
			}
			return nothing
		}
	}
	if stop := h.stopAt.Load(); stop != 0 && info.Timestamp.UnixNano() > stop {
		return h.finish(io.EOF)
	}
	h.captured.Add(1)
	return aPacket
}

// silent is called where nothing has come for as long as the timeout. It
// returns why the capture ends now, or nil.
func (h *Handle) silent() error {
	if h.stopAt.Load() != 0 {
		return io.EOF
	}
	now := time.Now()
	if now.Sub(h.looked) > lookAfter {
		h.looked = now
		if err := h.device.failed(); err != nil {
			return &InterfaceError{h.config.Interface, err}
		}
	}
	switch {
	case !h.draining.Load():
	case h.quiet.IsZero():
		h.quiet = now
	case now.Sub(h.quiet) > silence: // the sentinel does not come
		return io.EOF
	}
	return nil
}

// finish takes the last counters, then ends the capture. After this the ring
// fills up unread, and what the kernel counts no longer means anything.
func (h *Handle) finish(err error) found {
	h.counters.end()
	h.over = err
	close(h.done)
	return theEnd
}

// readError tells why libpcap stopped.
func (h *Handle) readError(err error) error {
	text := err.Error()
	if detail := h.pcap.Error(); detail != nil && detail.Error() != "" {
		text = detail.Error()
	}
	cause := ErrReadPackets
	if lower := strings.ToLower(text); strings.Contains(lower, "went down") || strings.Contains(lower, "network is down") {
		cause = ErrDown
	} else if strings.Contains(lower, "disappeared") || strings.Contains(lower, "no such device") {
		cause = ErrNoInterface
	}
	return &InterfaceError{h.config.Interface, fmt.Errorf("%w (%s)", cause, strings.ToLower(text))}
}
