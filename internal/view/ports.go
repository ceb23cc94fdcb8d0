package view

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// portClass is one of the three classes in IANA's registry of ports, as explain ports
// has them.
func portClass(port uint16) (class, which string) {
	switch {
	case port < 1024:
		return "system", "well known, 0-1023"
	case port < 49152:
		return "user", "registered, 1024-49151"
	}
	return "dynamic", "ephemeral, 49152-65535"
}

func portsText(c *conversation.Conversation) string {
	client, server := c.Ends[conversation.Client].Port, c.Ends[conversation.Server].Port
	clients, which := portClass(client)
	servers, other := portClass(server)
	if clients == servers {
		return fmt.Sprintf("client %d and server %d: %s ports (%s)", client, server, clients, which)
	}
	return fmt.Sprintf("client %d: %s port (%s); server %d: %s port (%s)", client, clients, which, server, servers, other)
}
