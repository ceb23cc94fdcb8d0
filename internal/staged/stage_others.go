//go:build !linux

package staged

import (
	"context"
	"io"
	"net/netip"

	"github.com/handshake-lab/handshake-lab/internal/hosts"
)

// Run is not available here: it returns a *hosts.Unavailable.
func Run(context.Context, *Scenario) (*Recording, error) {
	_, err := hosts.NewPair(hosts.IPv4, hosts.HostConfig{}, hosts.HostConfig{})
	return nil, err
}

// Socket and Option are for the scripts alone, which are not played here.
type (
	Socket struct{}
	Option struct{}
)

// The options that scripts set.
var (
	ReuseAddress, NoDelay, KeepAlive, IdleSecond, EverySecond, TwoProbes Option
	OneSYNAgain, TwoSYNsAgain, SmallBuffer, FastOpen, FastConnect        Option
	DelayedACKs                                                          Option
)

func (a *Actor) Socket(int, ...Option) *Socket { return nil }
func (a *Actor) MultipathSocket(int) *Socket   { return nil }
func (a *Actor) Listen(int, ...Option) *Socket { return nil }
func (s *Socket) Set(Option)                   {}
func (s *Socket) Bind(uint16) error            { return io.EOF }
func (s *Socket) Accept() *Socket              { return nil }
func (s *Socket) Connect(netip.AddrPort) error { return io.EOF }
func (s *Socket) Send(string) error            { return io.EOF }
func (s *Socket) Receive(int) (string, error)  { return "", io.EOF }
func (s *Socket) ReceiveAll(int)               {}
func (s *Socket) Shutdown() error              { return io.EOF }
func (s *Socket) Close()                       {}
func (s *Socket) Abort()                       {}
func (s *Socket) Crash()                       {}

func (a *Actor) MultipathListen(int) *Socket  { return nil }
func (s *Socket) TryReceive() (string, error) { return "", io.EOF }
