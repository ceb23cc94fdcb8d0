package text

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// TestASCIITitles: on a page without UTF-8 every title of every view is ASCII, in
// words and not in codes, and as wide as its column at most, on a page of any
// width; where it is cut it says so with a sign of ASCII.
func TestASCIITitles(t *testing.T) {
	cutOnes := 0
	for i := range view.Views {
		v := &view.Views[i]
		if v.IsStory() {
			continue
		}
		for width := 1; width <= 200; width++ {
			o := present.Options{Width: width, ASCII: true}
			cells := view.Choose(v.Cells(width), width)
			for i, title := range titlesOf(cells, o, false) {
				whole := string(visible.Append(nil, cells[i].Title, visible.ASCII))
				switch {
				case strings.IndexFunc(title, func(r rune) bool { return r < ' ' || r > '~' || r == '\\' }) >= 0:
					t.Errorf("%s at %d: the title %q", v.Name, width, title)
				case len(title) > cells[i].Size:
					t.Errorf("%s at %d: the title %q stands in %d columns", v.Name, width, title, cells[i].Size)
				case title != whole:
					if cutOnes++; title != whole[:cells[i].Size-1]+"~" {
						t.Errorf("%s at %d: the title %q of %q", v.Name, width, title, whole)
					}
				}
			}
		}
	}
	if cutOnes == 0 {
		t.Error("no title was cut")
	}
	bytes := []view.ReaderColumn{{Title: "bytes c→s", Size: 9}}
	for set, want := range map[bool]string{true: "bytes c-~", false: "bytes c→s"} {
		if got := titlesOf(bytes, present.Options{ASCII: set}, false)[0]; got != want {
			t.Errorf("ASCII %t: %q, want %q", set, got, want)
		}
	}
}

// TestASCIISigns: so is every sign of our own, and takes the room of the one that it
// stands for.
func TestASCIISigns(t *testing.T) {
	ascii, other := reflect.ValueOf(*signsFor(present.Options{ASCII: true})), reflect.ValueOf(*signsFor(present.Options{}))
	for i := range ascii.NumField() {
		if ascii.Field(i).Kind() != reflect.String {
			t.Fatalf("%s is no text", ascii.Type().Field(i).Name)
		}
		sign := ascii.Field(i).String()
		if strings.IndexFunc(sign, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf }) >= 0 {
			t.Errorf("%s is %q", ascii.Type().Field(i).Name, sign)
		}
		if is, want := len(sign), width(other.Field(i).String()); is != want {
			t.Errorf("%s is %q, of %d columns; elsewhere of %d", ascii.Type().Field(i).Name, sign, is, want)
		}
	}
}
