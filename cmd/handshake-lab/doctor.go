package main

import (
	"errors"

	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/doctor"
	"github.com/spf13/cobra"
)

func (a *app) doctorCommand() *cobra.Command {
	var look looks
	port := portNumber(dialogue.Port)
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what works on this machine, and what to do where it does not",
		Long: `Look at everything that a live run needs - libpcap, the right to capture, private
network namespaces, the port, the terminal - and say what run would do here, and
how to get more. Ends with exit code 7 where nothing live is possible.`,
		Example: `  handshake-lab doctor
  sudo handshake-lab doctor`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			style := look.page(a)
			report := doctor.Examine(doctor.Lab{Libpcap: live.Version(), Capture: tryCapture, Port: uint16(port), Stdout: a.stdout, Screen: style.Screen})
			to := &sink{file: a.stdout, name: "standard output"}
			if err := report.WriteText(to, doctor.Options{Width: style.Width, Color: style.Color, ASCII: style.ASCII, Screen: style.Screen}); err != nil {
				return err
			}
			if !report.Live() {
				return fail(exitUnavailable, errors.New("nothing live is possible here"))
			}
			return nil
		},
	}
	c.Flags().VarP(&port, "port", "p", "the port that the lab would use")
	look.flags(c)
	return c
}

// tryCapture opens a capture on the loopback and closes it.
func tryCapture() error {
	name, err := loopback()
	if err != nil {
		return err
	}
	handle, err := live.Open(live.Config{Interface: name})
	if err != nil {
		return err
	}
	return handle.Close()
}
