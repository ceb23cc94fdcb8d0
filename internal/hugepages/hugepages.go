// Package hugepages asks for pages of 2 MiB below what is large and lives long.
// Memory that is gone through again and again then takes a few entries of the
// processor's address table instead of thousands, and its first use a few page
// faults.
package hugepages

import "unsafe"

const (
	pageSize = 2 << 20   // on amd64, and on arm64 with pages of 4 KiB; elsewhere the request does no harm
	least    = 256 << 10 // bytes for which it is worth asking
)

// Ask asks for huge pages below all of s, which may have no length yet. It asks
// for what shares a page with it as well: that is the program's own memory, too.
// Where there are none nothing changes.
func Ask[T any](s []T) {
	n := uintptr(cap(s)) * unsafe.Sizeof(*new(T))
	if n < least {
		return
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	from := start &^ (pageSize - 1)
	ask(from, (start+n-from+pageSize-1)&^(pageSize-1))
}
