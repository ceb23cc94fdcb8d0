package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

// quizCapture reads the capture that the questions are about; without a FILE a
// dialogue is run first.
func (a *app) quizCapture(ctx context.Context, q *quizzing) (*quiz.Capture, error) {
	if q.path != "" {
		q.source = q.path
		return a.readForQuiz(ctx, q.path)
	}
	folder, err := os.MkdirTemp("", "handshake-lab-quiz-")
	if err != nil {
		return nil, outputError(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "dialogue.pcapng")
	if err := stage(ctx, path); err != nil {
		if ctx.Err() != nil {
			return nil, nil
		}
		a.say("no dialogue can be run and captured here; the questions are about a recording")
		q.source = "scenario:normal"
		return a.readForQuiz(ctx, q.source)
	}
	q.source = "a dialogue that was run for this"
	return a.readForQuiz(ctx, path)
}

// stage runs a dialogue of the lab's own, in a process of its own, and leaves what
// was captured in a file.
func stage(ctx context.Context, path string) error {
	if err := runSelf(ctx, nil, "run", "-w", path, "-o", os.DevNull, "--view", "conversations", "--format", "csv"); err != nil {
		return err
	}
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return errors.New("nothing was captured")
	}
	return nil
}

// runSelf runs this program with other arguments. What it says of a failure is the
// error.
func runSelf(ctx context.Context, stdout *os.File, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.CommandContext(ctx, self, args...)
	child.Args[0] = program
	var said bytes.Buffer
	child.Stderr = &said
	if stdout != nil {
		child.Stdout = stdout
	}
	child.Cancel = func() error { return child.Process.Signal(os.Interrupt) }
	err = child.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		first, _, _ := strings.Cut(strings.TrimPrefix(said.String(), program+": "), "\n")
		return fail(max(exit.ExitCode(), exitUse), errors.New(cmp.Or(first, exit.Error())))
	}
	return err
}

// readForQuiz follows a capture. What is damaged is asked about up to the damage.
func (a *app) readForQuiz(ctx context.Context, path string) (*quiz.Capture, error) {
	file, closeFile, err := a.openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	defer closeFile()
	foreknow := a.openForeknow(path, &showFlags{view: "story"})
	defer foreknow.close()
	if err := a.giveUpRights(); err != nil {
		return nil, err
	}
	boundMemory()
	c := new(quiz.Capture)
	flow := pipeline.Flow{Source: file, Sink: c, Foreknown: foreknow.read(ctx, "story")}
	counts, err := flow.Run(ctx)
	c.Finish()
	if c.Left > 0 {
		a.say("the questions are about the first %d segments; %d more were left out", len(c.Frames), c.Left)
	}
	a.tellEmpty(path, new(choice), counts, err)
	err = a.finishFile(ctx, path, file, io.NopCloser(nil), counts, err)
	if err != nil && len(c.Exchanges) > 0 && !isOutputFailure(err) {
		a.say("%v", err)
		err = nil
	}
	return c, err
}
