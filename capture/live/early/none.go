//go:build !(cgo && linux && go1.26 && !go1.27)

// Package early puts nothing off here.
package early

// Layers has nothing to do: gopacket/layers has been initialized.
func Layers() {}
