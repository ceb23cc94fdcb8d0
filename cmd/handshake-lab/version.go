package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// buildVersion is set by the Makefile: what git describe says.
var buildVersion string

// version is the release, or the commit that the program was built from.
func version() string {
	if buildVersion != "" {
		return buildVersion
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	revision, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "-dirty"
		}
	}
	if revision == "" {
		return "devel"
	}
	return revision + modified
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Say which version this is, and what it was built with",
		Example: "  handshake-lab version",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			to := &sink{file: a.stdout, name: "standard output"}
			_, err := fmt.Fprintf(to, "%s %s\n%s %s/%s\n%s\n", program, version(),
				runtime.Version(), runtime.GOOS, runtime.GOARCH, captureLibrary())
			return outputError(err)
		},
	}
}
