package hosts

import (
	"errors"
	"os"
	"syscall"
)

// Probe tries whether a private namespace can be made, in about a
// millisecond: nil or an *Unavailable.
//
// The child is put into the namespaces and there does what needs a capability,
// a chroot to the root it has: where a security module grants the namespace
// but not its rights, that fails. It then executes a file that does not exist:
// "no such file" from there means that all before has worked, and no program
// was run.
func Probe() error {
	if _, err := os.Readlink("/proc/self/exe"); err != nil {
		return thisSystem().explain(starting, syscall.ENOENT)
	}
	var last error
	for _, flags := range ways() {
		attr := attributes(flags)
		attr.Chroot = "/"
		last = tryStart(attr)
		if last == nil {
			return nil
		}
	}
	return thisSystem().explain(starting, last)
}

func tryStart(attr *syscall.SysProcAttr) error {
	defer dumpable()()
	const nowhere = "/proc/self/no program"
	_, err := syscall.ForkExec(nowhere, []string{nowhere}, &syscall.ProcAttr{Sys: attr})
	if errors.Is(err, syscall.ENOENT) {
		return nil
	}
	return err
}
