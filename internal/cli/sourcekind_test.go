package cli

import (
	"strings"
	"testing"
)

// TestSourceKind: the kind of a source by its name and content.
func TestSourceKind(t *testing.T) {
	const wheelURL, sdistURL = "https://h/a-1-py3-none-any.whl\n", "https://h/a-1.tar.gz\n"
	for _, tt := range []struct{ name, text, want string }{
		{"x.txt", "# x\n\na-1-py3-none-any.whl\nnonsense\n", "names"},
		{"x.txt", "a-1.tar.gz\n", "names"},
		{"x.txt", "a==1\n", "lock"},
		{"x.txt", "a @ " + wheelURL, "lock"},
		{"x.txt", wheelURL + sdistURL, "names"},
		{"x.txt", wheelURL + "-e ./local\n", "lock"},
		{"x.txt", "./w/a-1-py3-none-any.whl\nb==1\n", "lock"},
		{"requirements-dev.txt", wheelURL, "lock"},
		{"x.in", wheelURL, "lock"},
		{"x.txt", strings.Repeat(wheelURL, 4000), "names"}, // beyond what is looked at
		{"x.txt", "<html>\n", "page"},
		{"x.txt", "{}\n", "page"},
		{"x.txt", wheelURL + "<html>\n", "lock"},
		{"x.html", "a==1\n", "page"},
		{"x.toml", "<html>\n", "lock"},
		{"uv.lock", "", "lock"},
		{"x.txt", "", "lock"},
	} {
		if got, err := sourceKind(tt.name, strings.NewReader(tt.text)); got != tt.want || err != nil {
			t.Errorf("%s %.40q: %s, %v; want %s", tt.name, tt.text, got, err, tt.want)
		}
	}
}
