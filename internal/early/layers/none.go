//go:build !(cgo && linux && go1.26 && !go1.27)

// Package layers puts nothing off here.
package layers

// Initialize has nothing to do: gopacket/layers has been initialized.
func Initialize() {}
