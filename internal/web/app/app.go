// Package app is the page itself: its files, which the server serves, and the page as
// one file that holds its moments.
package app

import (
	"embed"
	"io/fs"
)

//go:embed page
var files embed.FS

// Files are those of the page.
func Files() fs.FS {
	folder, err := fs.Sub(files, "page")
	if err != nil {
		panic(err)
	}
	return folder
}
