package main

import (
	"io"

	"github.com/spf13/cobra"
)

// bashColons is added to cobra's script. To readline a colon ends a word, so that
// scenario:re would become scenario:scenario:refused: what stands before the
// last colon is taken off each word that is offered.
const bashColons = `
__handshake-lab_colons()
{
    __start_handshake-lab "$@"
    local word=${COMP_LINE:0:COMP_POINT}
    word=${word##* }
    if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}")
    fi
}

if [[ $(type -t compopt) = "builtin" ]]; then
    complete -o default -F __handshake-lab_colons handshake-lab
else
    complete -o default -o nospace -F __handshake-lab_colons handshake-lab
fi
`

// completeColons lets bash complete words with colons. Root's output must be set.
func completeColons(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	if script, _, err := root.Find([]string{"completion"}); err == nil {
		script.Args = noArguments // a shell that it does not know is no question for help
		script.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	}
	bash, _, err := root.Find([]string{"completion", "bash"})
	if err != nil || bash.Name() != "bash" {
		return
	}
	bash.RunE = func(c *cobra.Command, _ []string) error {
		plain, _ := c.Flags().GetBool("no-descriptions")
		if err := c.Root().GenBashCompletionV2(c.OutOrStdout(), !plain); err != nil {
			return err
		}
		_, err := io.WriteString(c.OutOrStdout(), bashColons)
		return err
	}
}
