package privilege

import "testing"

func TestBehind(t *testing.T) {
	tests := []struct {
		name     string
		euid     int
		uid, gid string
		found    bool
		wrong    bool
	}{
		{"an ordinary user is nobody's deputy", 1000, "12345", "12345", false, false},
		{"root without sudo", 0, "", "", false, false},
		{"root through sudo", 0, "0", "0", false, false},
		{"a user through sudo", 0, "12345", "54321", true, false},
		{"a group of root", 0, "12345", "0", true, false},
		{"no number", 0, "alice", "1", false, true},
		{"negative", 0, "-1", "1", false, true},
		{"the id that means none", 0, "4294967295", "1", false, true},
		{"more than 32 bits", 0, "4294967296", "1", false, true},
		{"no group", 0, "12345", "", false, true},
		{"a group that is none", 0, "12345", "4294967295", false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{"SUDO_UID": test.uid, "SUDO_GID": test.gid}
			u, found, err := behind(test.euid, func(name string) string { return env[name] })
			if found != test.found || (err != nil) != test.wrong {
				t.Fatalf("%+v, %t, %v; want found %t, wrong %t", u, found, err, test.found, test.wrong)
			}
			if found && (u.UID != 12345 || len(u.Groups) != 1 || u.Groups[0] != u.GID) {
				t.Errorf("%+v", u)
			}
		})
	}
}
