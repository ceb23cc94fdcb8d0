//go:build !unix

package doctor

import (
	"runtime"
	"strings"
)

func operatingSystem() Check {
	return Check{"system", Info, runtime.GOOS + " " + runtime.GOARCH + "; private networks need Linux", nil}
}

// inUse goes by the words: WSAEADDRINUSE says "Only one usage of each socket
// address".
func inUse(err error) bool { return strings.Contains(err.Error(), "Only one usage") }
