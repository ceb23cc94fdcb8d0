package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/privilege"
)

// sigRTMax is the signal by which privilege.Drop reaches every thread.
const sigRTMax = syscall.Signal(64)

// giveUpRights gives up root and every capability. The thread that os/signal
// keeps blocks every signal nobody asked for, so this one is asked for.
func giveUpRights() error {
	reach := make(chan os.Signal, 1)
	signal.Notify(reach, sigRTMax)
	defer signal.Stop(reach)
	_, err := privilege.Drop()
	return fail(exitFault, err)
}
