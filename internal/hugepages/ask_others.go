//go:build !linux

package hugepages

func ask(from, n uintptr) {}
