//go:build !(linux && go1.26 && !go1.27)

// Package tables puts nothing off here.
package tables

// Initialize has nothing to do: all of tablewriter has been initialized.
func Initialize() {}
