//go:build unix

package coveragepage

import (
	"flag"
	"path/filepath"
)

// testScreenshots takes pictures for a person to look at. Only go test -artifacts
// keeps them, so without it there is nothing to do.
func testScreenshots(b *browser) {
	if keep := flag.Lookup("test.artifacts"); keep == nil || keep.Value.String() != "true" {
		b.t.Skip("pictures are taken with -artifacts")
	}
	dir := b.t.ArtifactDir()
	many, few := render(b.t, samplePage(500, 40)), render(b.t, samplePage(60, 4))
	for _, size := range []struct {
		name          string
		width, height int
	}{{"desk", 1280, 800}, {"phone", 360, 740}} {
		for _, scheme := range []string{"light", "dark"} {
			b.view(size.width, size.height, scheme)
			for name, page := range map[string][]byte{"many": many, "few": few} {
				b.open(page)
				b.want("document.getElementById('app').hidden", "false")
				stem := filepath.Join(dir, name+"-"+size.name+"-"+scheme)
				b.screenshot(stem + ".png")
				b.click("document.querySelector('#body td:nth-child(4)')")
				b.want("document.getElementById('panel').open", "true")
				b.screenshot(stem + "-panel.png")
			}
		}
	}
}
