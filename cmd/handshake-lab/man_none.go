//go:build !man

package main

import "github.com/spf13/cobra"

// manCommand is there with the build tag man only.
func (a *app) manCommand(*cobra.Command) *cobra.Command { return nil }
