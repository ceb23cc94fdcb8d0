//go:build !linux

package live

// ignoreOutgoing is for Linux, where a capture sees loopback twice.
func ignoreOutgoing(string) bool { return false }
