package main

import (
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/privilege"
)

// sigRTMax is the signal by which privilege.Drop reaches every thread.
const sigRTMax = syscall.Signal(64)

// giveUpRights gives up root and every capability. The thread that os/signal
// keeps blocks every signal nobody asked for, so this one is asked for.
func (a *app) giveUpRights() error {
	reach := make(chan os.Signal, 1)
	signal.Notify(reach, sigRTMax)
	defer signal.Stop(reach)
	done, err := privilege.Drop()
	if done.Emulated && (done.Changed || done.Capabilities) {
		a.say("an emulator runs this program: its own threads keep the rights that are given up here")
	}
	return rightsError(err)
}

// rightsError marks what keeps root from being given up, or files from being
// opened as the user behind sudo: never a fault of the program's own.
func rightsError(err error) error {
	var f *failure
	switch {
	case err == nil || errors.As(err, &f):
		return err
	case errors.Is(err, privilege.ErrNoUser):
		return fail(exitUse, err, "unset SUDO_UID and SUDO_GID, or run through sudo, which sets them")
	case errors.Is(err, fs.ErrNotExist):
		return fail(exitUnavailable, err, "this needs /proc: mount it, or run as an ordinary user")
	}
	return fail(exitUnavailable, err, "run as an ordinary user, who has no rights to give up")
}
