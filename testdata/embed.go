// Package testdata holds captures that this program recorded on a real kernel
// (make testdata), and puts them into the binary: they are shown by name, and
// where nothing live is possible.
package testdata

import "embed"

// Recordings are the captures, as they lie in this folder.
//
//go:embed greeting.pcapng three-clients.pcapng ipv6.pcapng trouble/*.pcapng lab/*.pcapng
var Recordings embed.FS
