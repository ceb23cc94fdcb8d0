//go:build !linux

package live

// device is for Linux; elsewhere libpcap itself reports what goes down.
type device struct{}

func newDevice(string) *device { return nil }
func (*device) failed() error  { return nil }
func (*device) close()         {}
