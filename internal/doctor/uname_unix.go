//go:build unix

package doctor

import (
	"runtime"

	"golang.org/x/sys/unix"
)

func operatingSystem() Check {
	var u unix.Utsname
	c := Check{Name: "system", Found: runtime.GOOS + " " + runtime.GOARCH}
	if unix.Uname(&u) == nil {
		c.Found = unix.ByteSliceToString(u.Sysname[:]) + " " + unix.ByteSliceToString(u.Release[:]) + " " + unix.ByteSliceToString(u.Machine[:])
	}
	if runtime.GOOS != "linux" {
		c.Level, c.Found = Info, c.Found+"; private networks need Linux"
	}
	return c
}
