package privilege

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// errKeeps is that of a thread that cannot be reached.
var errKeeps = errors.New("keeps its rights")

// onAllThreads gives up the capabilities and forbids new ones on every thread,
// until each of them is bare, looked at twice: a thread that was made by one
// not yet bare shows in the second look.
func onAllThreads(bare func(thread) bool, patience time.Duration) error {
	end, err := beginBaring()
	if err != nil {
		return err
	}
	defer end()
	deadline := time.Now().Add(patience)
	for looks := 0; looks < 2; {
		list, err := threads()
		if err != nil {
			return err
		}
		looks++
		for _, t := range list {
			if bare(t) {
				continue
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("thread %d %w: uid %s, capabilities %#x, no_new_privs %t", t.id, errKeeps, t.uids, t.prm|t.eff|t.inh, t.noNewPrivs)
			}
			looks = 0
			bareThread(os.Getpid(), t.id)
		}
		if looks == 0 {
			time.Sleep(200 * time.Microsecond)
		}
	}
	return nil
}
