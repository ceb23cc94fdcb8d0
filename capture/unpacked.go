package capture

import (
	"errors"
	"io"
)

// What a compressed capture may be unpacked to: so much, and so many times what
// it has itself. Real captures are packed to a third or a tenth.
const (
	maxUnpacked   = 1 << 30
	unpackedShare = 64
)

// ErrUnpacked is wrapped by the Damage that ends a compressed capture which is
// unpacked to out of proportion to its size.
var ErrUnpacked = errors.New("it is unpacked to more than 1 GiB and 64 times its size: the rest is left out")

// unpacked reads what a decompressor makes of packed, within bounds.
type unpacked struct {
	r      io.Reader
	packed *input
	done   int64
	most   int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	left := u.most + unpackedShare*u.packed.offset() - u.done
	if left <= 0 {
		return 0, ErrUnpacked
	}
	n, err := u.r.Read(p[:min(int64(len(p)), left)])
	u.done += int64(n)
	return n, err
}
