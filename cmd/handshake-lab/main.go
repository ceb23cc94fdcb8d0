// Command handshake-lab shows TCP handshakes as they happen, bit by bit,
// beside the dialogue of the application. Each command has a file of its own:
// it reads its flags, connects the stages, and hands over.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/privilege"
	"github.com/handshake-lab/handshake-lab/internal/stepper"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/spf13/cobra"
)

// The main goroutine stays on the main thread: giving root up concerns threads
// (privilege.Drop).
func init() { runtime.LockOSThread() }

// main only waits: whoever is tied to a thread is handed from thread to thread
// each time it has waited for another.
func main() {
	code := make(chan int)
	go func() { code <- run(os.Args[1:], os.Stdin, standardOutput(), os.Stderr) }()
	os.Exit(<-code)
}

// app is what every command works with.
type app struct {
	args           []string
	stdin          *os.File
	stdout, stderr *os.File
	leaveSignals   func() <-chan os.Signal // to somebody else

	endsByInterrupt bool                           // Ctrl-C is the normal end of the command that runs
	progress        *progress                      // of the file that is read; nil where it is not shown
	typing          *typing                        // where a person types at the story; nil elsewhere
	screen          *stepper.Screen                // the terminal that is drawn on; nil where none is
	full            *fullScreen                    // the story on all of it; nil where it is not
	live            atomic.Pointer[timeline.Merge] // what is shown live passes it; it counts what could not be
}

// run carries out one command line and returns the exit code.
func run(args []string, stdin, stdout, stderr *os.File) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			terminal.Restore()
			code = reportFault(stderr, fault, args)
		}
	}()
	// With a handler in place a write to a closed pipe is an error, EPIPE,
	// and not the end of the process.
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)
	defer signal.Stop(pipes)
	defer terminal.Settle() // a late answer is not left to the shell

	if code, is := privilege.Keep(); is {
		return code
	}
	if hosts.Inside() {
		if err := hosts.Enter(); err != nil {
			return exitUnavailable // the process outside knows why, and says so
		}
	}
	ctx, leave := untilSignal(stderr)
	a := &app{args: args, stdin: stdin, stdout: stdout, stderr: stderr, leaveSignals: leave}
	defer a.mustEnd(ctx)()
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	printed := &parserOutput{to: stdout}
	root.SetOut(printed)
	root.SetErr(stderr)
	completeColons(root)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = printed.failed
	}
	return a.conclude(ctx, err)
}

// root is the command that holds all others.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   program,
		Short: "Show a TCP handshake as it happens, bit by bit, beside the dialogue",
		Long: `handshake-lab runs a greeting server and a client, sniffs what they send, and
shows every TCP segment as it happens: flag bits, sequence and acknowledgment
numbers with their arithmetic, where each stands in the header, and the state
of both ends, beside the dialogue and the socket calls that cause it.`,
		Example: `  handshake-lab run                       a server, a client, and what they send
  sudo handshake-lab run --stay           the same, and others may join: nc 127.0.0.1 6000
  handshake-lab replay lecture.pcapng --step
  handshake-lab replay scenario:refused   a recording; scenarios lists them
  handshake-lab export lecture.pcapng --view handshake --format markdown
  handshake-lab explain 00010010`,
		SilenceUsage:  true,
		SilenceErrors: true,

		PersistentPreRunE: noEmptyValues,
		Version:           version(),
	}
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	cobra.EnableCommandSorting = false
	root.AddGroup(
		&cobra.Group{ID: "lab", Title: "The lab:"},
		&cobra.Group{ID: "captures", Title: "Captures:"},
		&cobra.Group{ID: "reference", Title: "Reference:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("lab", a.runCommand(), a.serverCommand(), a.clientCommand(), a.watchCommand())
	add("captures", a.replayCommand(), a.exportCommand(), a.scenariosCommand(), a.quizCommand())
	add("reference", a.explainCommand(), a.interfacesCommand(), a.doctorCommand(), a.versionCommand())
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		RunE: func(c *cobra.Command, args []string) error {
			about, _, err := root.Find(args)
			if err != nil || about == nil {
				return unknownCommand(root, strings.Join(args, " "))
			}
			return about.Help()
		},
	})
	root.SetHelpCommandGroupID("reference")
	root.SetCompletionCommandGroupID("reference")
	root.AddCommand(a.manCommand(root))
	root.SetUsageTemplate(root.UsageTemplate() + exitCodesHelp())
	a.fitHelp(root)
	return root
}

// exitCodesHelp is what the help of the root command ends with.
func exitCodesHelp() string {
	help := "{{if not .HasParent}}\nExit codes:\n"
	for _, e := range exitCodes {
		help += fmt.Sprintf("  %-8s  %s\n", e.code, e.meaning)
	}
	return help + "{{end}}"
}

// reportFault tells of a fault of ours and what to report.
func reportFault(stderr io.Writer, fault any, args []string) int {
	fmt.Fprintf(stderr, "%s: internal fault: %v\n", program, fault)
	fmt.Fprintf(stderr, "%s: hint: this is a fault of the program; please report it with the lines below, and the capture if there is one\n", program)
	fmt.Fprintf(stderr, "%s %s, arguments %q\n%s", program, version(), args, debug.Stack())
	return exitFault
}

// conclude prints what went wrong, if anything did, and gives the exit code.
func (a *app) conclude(ctx context.Context, err error) int {
	var code exited
	if errors.As(err, &code) {
		return int(code)
	}
	if err != nil && !isClosedPipe(err) {
		return tell(a.stderr, err)
	}
	switch cause := context.Cause(ctx); {
	case a.full.isInterrupted():
		return exitSIGINT
	case errors.Is(cause, errTerminate):
		return exitSIGTERM
	case errors.Is(cause, errInterrupt) && !a.endsByInterrupt:
		return exitSIGINT
	}
	return exitFine
}
