package hosts

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Of linux/ethtool.h: what a device does in place of the kernel.
var offloads = []struct {
	command uint32
	what    string
}{
	{unix.ETHTOOL_SRXCSUM, "checking checksums"},
	{unix.ETHTOOL_STXCSUM, "filling in checksums"},
	{unix.ETHTOOL_STSO, "segmentation (TSO)"},
	{unix.ETHTOOL_SGSO, "segmentation (GSO)"},
	{unix.ETHTOOL_SGRO, "joining segments (GRO)"},
	{unix.ETHTOOL_SSG, "scatter-gather"},
}

// plain switches off what a device may leave to hardware, so that each packet is
// on the cable as it would be on a real one: with its checksum, no larger than
// the MTU, and as many of them as were sent.
func plain(device string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", device, err)
	}
	defer unix.Close(fd)
	for _, o := range offloads {
		value := struct{ command, data uint32 }{o.command, 0}
		request := struct {
			name [unix.IFNAMSIZ]byte
			data unsafe.Pointer
			rest [16]byte
		}{data: unsafe.Pointer(&value)}
		copy(request.name[:unix.IFNAMSIZ-1], device)
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request)))
		if errno != 0 && errno != unix.EOPNOTSUPP {
			return fmt.Errorf("%s: switch off %s: %w", device, o.what, errno)
		}
	}
	return nil
}
