package capture

import (
	"errors"
	"strconv"
)

// ErrFormat is wrapped by the error of Open and NewReader for input that is
// no capture file.
var ErrFormat = errors.New("not a capture file: it begins neither as pcap nor as pcapng, plain, gzip or zstd")

// Damage says where a capture breaks off and why. All packets before it have
// been handed out.
type Damage struct {
	Frame      int    // number of the frame that could not be read, from 1
	Offset     int64  // bytes from the start of the capture to where that frame, or the block in its place, begins
	Compressed bool   // Offset counts in the decompressed capture
	Reason     string // what is wrong there
	Err        error  // the read error behind it, or nil
}

// Error is of the shape "packet 17 at byte 1234: the file ends in it …".
func (d *Damage) Error() string {
	text := "packet " + strconv.Itoa(d.Frame) + " at byte " + strconv.FormatInt(d.Offset, 10)
	if d.Compressed {
		text += " of the decompressed capture"
	}
	text += ": " + d.Reason
	if d.Err != nil {
		text += ": " + d.Err.Error()
	}
	return text
}

// Unwrap is the read error behind the damage, if any.
func (d *Damage) Unwrap() error { return d.Err }
