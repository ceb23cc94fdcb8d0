//go:build !(cgo && linux)

// Package early has nothing to do here.
package early
