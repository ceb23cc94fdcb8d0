// Package testdata holds captures that this program recorded on a real kernel
// (make testdata), and puts some of them into the binary: they are shown where
// nothing live is possible.
package testdata

import _ "embed"

// Greeting is one client's dialogue: Alice, Bob, an empty line, exit.
//
//go:embed greeting.pcapng
var Greeting []byte

// ThreeClients is three clients at once.
//
//go:embed three-clients.pcapng
var ThreeClients []byte
