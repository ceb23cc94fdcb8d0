package live

import "golang.org/x/sys/unix"

// device watches whether an interface is up: libpcap on Linux goes on in
// silence when it goes down. Its socket stays in the network namespace in
// which the capture was opened, whatever thread asks.
type device struct {
	name string
	fd   int
}

// newDevice watches an interface; nil for one that has no flags, such as "any".
func newDevice(name string) *device {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	d := &device{name, fd}
	if d.failed() != nil {
		d.close()
		return nil
	}
	return d
}

// failed is ErrDown or ErrNoInterface where the interface is of no use any more.
func (d *device) failed() error {
	if d == nil {
		return nil
	}
	request, err := unix.NewIfreq(d.name)
	if err != nil {
		return nil
	}
	if err := unix.IoctlIfreq(d.fd, unix.SIOCGIFFLAGS, request); err != nil {
		return ErrNoInterface
	}
	if request.Uint16()&unix.IFF_UP == 0 {
		return ErrDown
	}
	return nil
}

func (d *device) close() {
	if d != nil {
		unix.Close(d.fd)
	}
}
