//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd

package privilege

import "errors"

// as is never called: there is no sudo here, or no way to open a file as another.
func as(User, func() error) error { return errors.ErrUnsupported }
