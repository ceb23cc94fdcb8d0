package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

const interrupt = syscall.SIGINT

var update = flag.Bool("update", false, "rewrite the expected output in testdata/script")

func TestMain(m *testing.M) {
	if folder := os.Getenv("GOCOVERDIR"); folder != "" { // the command writes there too, as another user where it gives up root
		_ = os.Chmod(folder, 0o777)
		_ = os.Chmod(filepath.Dir(filepath.Dir(folder)), 0o711)
	}
	testscript.Main(m, map[string]func(){"handshake-lab": func() {
		time.AfterFunc(giveUpAfter, giveUp)
		main()
	}})
}

// giveUpAfter is far more than any command of a test takes on a busy machine.
const giveUpAfter = 2 * time.Minute

// giveUp ends a command of a test that hangs, and shows where.
func giveUp() {
	fmt.Fprintf(os.Stderr, "%q still runs after %v\n", os.Args, giveUpAfter)
	pprof.Lookup("goroutine").WriteTo(os.Stderr, 2)
	os.Exit(99)
}

// labCommand is the real command: this binary is it, by the name it is called.
func labCommand(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	command := exec.CommandContext(ctx, self)
	command.Args = append([]string{program}, args...)
	return command
}

// TestScripts runs the real command by the scripts of testdata/script.
// Conditions: [root] we are root; [private] private namespaces are to be had;
// [live] the build has libpcap.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			here, err := os.Getwd()
			if err != nil {
				return err
			}
			env.Setenv("TESTDATA", here+"/../../testdata")
			env.Setenv("NO_COLOR", "")
			env.Setenv("TERM", "dumb")
			env.Setenv("LANG", "C.UTF-8")
			return nil
		},
		Condition: func(condition string) (bool, error) {
			switch condition {
			case "root":
				return isRoot(), nil
			case "private":
				return havePrivate(), nil
			case "live":
				return haveLibpcap(), nil
			}
			return false, nil
		},
	})
}

// havePrivate reports whether this system hands out user and network namespaces.
func havePrivate() bool {
	if runtime.GOOS != "linux" {
		return false
	}
	return exec.Command("unshare", "--user", "--net", "true").Run() == nil
}

func isRoot() bool { return os.Geteuid() == 0 }
