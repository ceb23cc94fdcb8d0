package privilege

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Replacements are new files, each of which takes the place of its name once it is
// whole: until then it stands beside that under another one. They are opened as
// Create opens files, Guarded before root is given up, and Finished at the end.
type Replacements struct {
	list   []replacement
	keeper *keeper // has the rights that this process has given up; nil where it needs none
}

// replacement is one of them.
type replacement struct {
	temp, path string
	force      bool // what stands there may be replaced
}

// ErrThere is wrapped by the error for a file that stands there already.
var ErrThere = errors.New("is there already")

// Open opens a new file for a name. One that is there is left alone until the end,
// and for good without force.
func (r *Replacements) Open(path string, force bool) (file *os.File, err error) {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved // the link stays one
	}
	one := replacement{path: path, force: force}
	open := func() error {
		info, err := os.Stat(path)
		switch {
		case err == nil && !force:
			return fmt.Errorf("%s %w", path, ErrThere)
		case err == nil && info.Mode().Perm()&0o222 == 0:
			return &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
		case err == nil: // what may not be written may not be replaced
			old, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			old.Close()
		}
		mode := fs.FileMode(0o666)
		file, one.temp, err = openBeside(path, mode)
		if err == nil && info != nil {
			keepOwner(file, info)
			err = file.Chmod(info.Mode().Perm())
		}
		return err
	}
	u, found, err := Behind()
	switch {
	case err != nil:
	case found:
		err = as(u, open)
	default:
		err = open()
	}
	if err != nil {
		return nil, err
	}
	r.list = append(r.list, one)
	return file, nil
}

// openBeside opens a new file in the folder of another one.
func openBeside(path string, mode fs.FileMode) (*os.File, string, error) {
	for try := 0; ; try++ {
		temp := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%.200s.%08x.part", filepath.Base(path), rand.Uint32()))
		file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) && try < 100 {
			continue
		}
		if err, ok := err.(*fs.PathError); ok {
			err.Path = path
		}
		return file, temp, err
	}
}

// settle puts the file in its place, or away.
func (one *replacement) settle(whole bool) error {
	if !whole {
		return os.Remove(one.temp)
	}
	if !one.force { // what has come there meanwhile stays
		switch err := os.Link(one.temp, one.path); {
		case err == nil:
			return os.Remove(one.temp)
		case errors.Is(err, fs.ErrExist):
			os.Remove(one.temp)
			return fmt.Errorf("%s %w", one.path, ErrThere)
		} // a file system without links
	}
	if err := os.Rename(one.temp, one.path); err != nil {
		os.Remove(one.temp)
		return err
	}
	return nil
}

// Guard is called before root is given up: where the files could then not be put in
// their places any more, somebody with the rights to does nothing else.
func (r *Replacements) Guard() (err error) {
	_, found, err := Behind()
	if err != nil || found || len(r.list) == 0 {
		return err
	}
	r.keeper, err = newKeeper(r.list)
	return err
}

// Finish puts those files in their places that are whole, in the order in which they
// were opened, and the others away. They must be closed.
func (r *Replacements) Finish(whole func(i int) bool) (err error) {
	list := r.list
	r.list = nil
	if r.keeper != nil && len(list) > 0 {
		return r.keeper.finish(list, whole)
	}
	for i := range list {
		if failed := list[i].settle(whole(i)); err == nil && whole(i) {
			err = failed
		}
	}
	return err
}
