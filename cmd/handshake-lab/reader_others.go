//go:build !unix

package main

import "context"

// quitWithReader cannot ask here: the next write tells.
func (a *app) quitWithReader(context.Context, context.CancelCauseFunc) func() { return func() {} }
