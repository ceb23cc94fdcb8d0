package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/format/packets"
	"github.com/handshake-lab/handshake-lab/internal/format/page"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/privilege"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// exporting is an export under way: one output, or those of a bundle.
type exporting struct {
	*app
	flags   *exportFlags
	several bool // a bundle
	files   privilege.Replacements
	outputs []*output

	packets  bool              // one of them holds the packets
	verdicts *packets.Verdicts // of the conversations, where they are known or collected
	collects bool              // the verdicts are collected as they come
	cut      bool              // it has come to an early end
}

// output is one of what is written.
type output struct {
	present.Presenter
	to     *sink
	view   *view.View
	format *format.Format
	path   string
	kinds  timeline.Kinds
	left   error         // why it is left out; nil where it is not
	shown  *page.Preview // what an index shows of it; nil where there is none
}

// open opens all outputs.
func (e *exporting) open(path string) error {
	show := &e.flags.show
	if show.manner == nil {
		show.manner = new(view.Manner)
	}
	if !e.several {
		if err := e.apart(path, "", show.out); err != nil {
			return err
		}
		return e.add(view.Named(show.view), format.Named(show.format), show.out)
	}
	if err := privilege.Mkdir(e.flags.bundle); err != nil {
		return outputError(err)
	}
	for _, name := range page.IndexViews {
		v := view.Named(name)
		for i := range format.Formats {
			if f := &format.Formats[i]; f.Shows(v) && !f.Packets {
				if err := e.addBeside(path, v, f, name+f.Extension); err != nil {
					return err
				}
			}
		}
	}
	if !show.stable {
		if err := e.addBeside(path, view.Named("story"), format.Named("pcapng"), "annotated.pcapng"); err != nil {
			return err
		}
	}
	return e.addBeside(path, nil, nil, "index.html")
}

// addBeside opens an output in the folder of the bundle.
func (e *exporting) addBeside(input string, v *view.View, f *format.Format, name string) error {
	name = filepath.Join(e.flags.bundle, name)
	if err := e.apart(input, "", name); err != nil {
		return err
	}
	return e.add(v, f, name)
}

// add opens an output; one without a view is the index.
func (e *exporting) add(v *view.View, f *format.Format, path string) error {
	to, err := openWhole(&e.files, e.stdout, path, e.flags.force)
	if err != nil {
		return err
	}
	o := &output{to: to, view: v, format: f, path: path}
	e.outputs = append(e.outputs, o)
	if to.goesOut(whenFull); !to.ours {
		to.screen = e.screen
	}
	switch {
	case v == nil:
		return nil
	case f.Packets:
		e.packets, to.records = true, true
		if !to.ours {
			return e.refuseTerminal()
		}
		return nil
	}
	options := e.flags.show.options(to, false)
	if e.several {
		options.Diagram = f.Name == "markdown"
		o.shown = page.NewPreview(to)
		o.Presenter, err = format.Open(v.Name, f.Name, o.shown, options)
	} else {
		options.Tell = func(what string) { e.say("%s", what) }
		o.Presenter, err = format.Open(v.Name, f.Name, to, options)
	}
	if err != nil {
		return fail(exitUse, err)
	}
	o.kinds = timeline.WantsOf(o.Presenter).Kinds
	return nil
}

// begin finds out what is to be known beforehand, and takes up what is read.
func (e *exporting) begin(ctx context.Context, flow *pipeline.Flow, file *wire.OneEnd, foreknow *foreknow) {
	if !e.packets || e.several {
		flow.Foreknown = foreknow.read(ctx, e.flags.show.view)
	}
	if twins := view.NewTwins(); (e.several || e.flags.show.tellsTwins()) && foreknow.tell(ctx, twins, pipeline.Filter{}) {
		e.flags.show.manner.Twins = twins
	}
	if !e.packets {
		return
	}
	e.verdicts = packets.NewVerdicts()
	known := foreknow.tell(ctx, e.verdicts, flow.Filter)
	if !known { // at the end, for the index
		e.verdicts, e.collects, flow.Conclude = packets.NewVerdicts(), true, true
	}
	for _, o := range e.outputs {
		if o.format == nil || !o.format.Packets {
			continue
		}
		verdicts := e.verdicts
		if !known {
			verdicts = nil
		}
		w := packets.NewWriter(o.to, file, verdicts)
		o.Presenter, o.kinds = w, w.Wants().Kinds
		flow.Tap = func(p *capture.Packet) error { return saveError(w.Packet(p)) }
	}
}

// Wants implements timeline.Chooser.
func (e *exporting) Wants() (wants timeline.Wants) {
	if len(e.outputs) == 1 {
		return timeline.WantsOf(e.outputs[0].Presenter)
	}
	for _, o := range e.outputs {
		wants.Kinds |= o.kinds
	}
	if e.collects {
		wants.Kinds |= e.verdicts.Wants().Kinds
	}
	return wants
}

// Moment implements timeline.Sink.
func (e *exporting) Moment(m timeline.Moment) error {
	if e.collects && m.Kind == timeline.Ended {
		_ = e.verdicts.Moment(m)
	}
	for _, o := range e.outputs {
		if o.Presenter == nil || !o.kinds.Has(m.Kind) || o.left != nil {
			continue
		}
		err := o.Presenter.Moment(m)
		if err == nil {
			continue
		}
		if !e.several || isOutputFailure(err) {
			return momentError(err)
		}
		o.left = err
	}
	return nil
}

// Close writes what must come last, and puts the files in their places; where it has
// come to an early end, none of them.
func (e *exporting) Close() (err error) {
	for _, o := range e.outputs {
		failed := e.finish(o)
		if failed != nil && e.several && !isOutputFailure(failed) {
			o.left = failed
		} else if failed != nil {
			e.cut = true
			if err == nil {
				err = failed
			}
		}
	}
	i := -1
	whole := make([]bool, len(e.outputs))
	for _, o := range e.outputs {
		if o.to.whole {
			i++
			whole[i] = !e.cut && o.left == nil
		}
	}
	if failed := e.files.Finish(func(i int) bool { return whole[i] }); err == nil && failed != nil {
		err = fail(exitOutput, failed, "--force replaces what is there; or name another file")
	}
	for _, o := range e.outputs {
		if o.left != nil && err == nil && !e.cut {
			e.say("%s is left out: %v", o.path, o.left)
		}
	}
	return err
}

// finish writes what must come last in an output, and closes it.
func (e *exporting) finish(o *output) (err error) {
	stops := e.cut && o.to.whole
	switch {
	case stops, o.left != nil:
	case o.Presenter != nil:
		if err = o.Presenter.Close(); !e.several {
			err = momentError(err)
		}
	case o.view == nil:
		err = e.index(o)
	}
	if closed := o.to.Close(); err == nil && !stops {
		err = closed
	}
	return err
}

// discard leaves nothing of what was opened.
func (e *exporting) discard() {
	for _, o := range e.outputs {
		o.to.Close()
	}
	_ = e.files.Finish(func(int) bool { return false })
}

// index writes the page that shows all outputs.
func (e *exporting) index(o *output) error {
	index := page.Index{Source: e.flags.show.source, Asked: e.flags.choose.String()}
	if e.verdicts != nil {
		index.Summary = e.verdicts.Summary()
	}
	for _, other := range e.outputs {
		if other == o {
			continue
		}
		f := page.IndexFile{Name: filepath.Base(other.path), Format: other.format.Name, Help: other.format.Help, View: other.view.Name, Shown: other.shown}
		if other.format.Packets {
			f.View = ""
		}
		if other.left != nil {
			f.Left = other.left.Error()
		}
		index.Files = append(index.Files, f)
	}
	if err := index.Write(o.to); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	return nil
}
