//go:build !windows

package terminal

import "os"

// unnamedIsUTF8: without a locale the character set is ASCII (POSIX, Base
// Definitions, chapter 7.2).
const unnamedIsUTF8 = false

// takesEscapes is true: a terminal that is none says so in TERM.
func takesEscapes(*os.File) bool { return true }
