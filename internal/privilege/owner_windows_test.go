package privilege

import "testing"

func owner(t *testing.T, path string) string { t.Skip("no owners here"); return "" }
