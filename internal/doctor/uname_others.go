//go:build !unix

package doctor

import "runtime"

func operatingSystem() Check {
	return Check{"system", Info, runtime.GOOS + " " + runtime.GOARCH + "; private networks need Linux", nil}
}
