package privilege

import "os"

// Create opens a file for writing and empties one that is there. Where root
// works for a user behind sudo it is opened with that user's rights: folders,
// links and what is there are judged as the user's, and a new file belongs to
// the user.
func Create(path string) (*os.File, error) {
	u, found, err := Behind()
	if err != nil {
		return nil, err
	}
	if !found {
		return create(path)
	}
	var f *os.File
	err = as(u, func() error {
		f, err = create(path)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

func create(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
}

// Mkdir makes a folder, and those that it stands in, with the rights of the user behind
// sudo as Create does. One that is there is left as it is.
func Mkdir(path string) error {
	u, found, err := Behind()
	if err != nil {
		return err
	}
	if !found {
		return os.MkdirAll(path, 0o777)
	}
	return as(u, func() error { return os.MkdirAll(path, 0o777) })
}
