package report

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Machine says in one line when and where it was measured.
func Machine() string {
	return fmt.Sprintf("%s, %s/%s, %d processors (%s), %s, %s",
		time.Now().UTC().Format("2006-01-02"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor(), kernel(), runtime.Version())
}

func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unnamed"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "model name"); ok {
			return strings.TrimLeft(name, "\t :")
		}
	}
	return "unnamed"
}

func kernel() string {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "kernel not named"
	}
	return "kernel " + strings.TrimSpace(string(release))
}

// Version is the first line that a program prints about itself; empty where
// it is not installed.
func Version(name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	flag := "--version"
	if name == "tcptrace" {
		flag = "-v"
	}
	out, _ := exec.Command(path, flag).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Running as user") || line == "" {
			continue
		}
		line, _, _ = strings.Cut(line, " (Git")
		return line
	}
	return name
}
