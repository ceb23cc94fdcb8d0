package privilege

import "golang.org/x/sys/unix"

// CanCapture tries whether this process may capture in its network namespace,
// and says why not. The packet socket it opens is bound to no protocol, so it
// receives nothing.
func CanCapture() (bool, string) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	switch err {
	case nil:
		unix.Close(fd)
		return true, ""
	case unix.EPERM, unix.EACCES:
		return false, "capturing needs root or the capability cap_net_raw"
	case unix.EAFNOSUPPORT:
		return false, "this kernel has no packet sockets (CONFIG_PACKET)"
	}
	return false, "packet socket: " + err.Error()
}
