//go:build !linux

package doctor

import "runtime"

func capabilities() []Check { return nil }

func sysctls() []Check { return nil }

func container() Check {
	return Check{Name: "container", Level: Info, Found: "not looked for on " + runtime.GOOS}
}
