//go:build unix

package coveragepage

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// testHostile loads every hostile text at once, opens each cell, and asks
// whether a script ran, an element grew or anything was fetched.
func testHostile(b *browser) {
	p := &Page{Title: strings.Join(hostile, " "), Targets: []Target{{"plain", "plain"}}}
	for _, s := range hostile {
		p.Targets = append(p.Targets, Target{s, s})
	}
	p.Rows = func(yield func(Row) bool) {
		for _, s := range hostile {
			r := Row{Package: s, Version: s}
			for range p.Targets {
				r.Cells = append(r.Cells, Cell{State: "build", File: s, Reason: s, Candidates: []Candidate{{s, true, s}}})
			}
			if !yield(r) {
				return
			}
		}
	}
	b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": "window.hit = () => { window.wasHit = true }"}, nil)
	b.view(1000, 700, "light")
	b.open(render(b.t, p))
	b.want(status, fmt.Sprintf("%d of %d packages, %d of %[3]d targets", len(hostile), len(hostile), len(p.Targets)))
	b.press("Tab", "Tab")
	for i := range hostile {
		b.eval(fmt.Sprintf("document.querySelector('tr[data-row=\"%d\"] td:last-child').click()", i), nil)
		b.want(panelOpen, "true")
		b.eval("document.getElementById('panel').close()", nil)
	}
	b.want("String(window.wasHit)", "undefined")
	b.want("document.querySelectorAll('img, iframe, script:not([type=module]), body > *:not(header, main, noscript, dialog, script)').length", "0")
	b.want("document.querySelectorAll('*').length < 10000", "true")
	b.quiet()
	// The right text is there, as text.
	b.typeInto("packages", "</script><")
	b.want(`document.querySelector('#body tr:not(.spacer) th').textContent`, hostile[0]+" "+hostile[0])
}

// quiet asks for no request but the file, and no error or violation.
func (b *browser) quiet() {
	b.t.Helper()
	for _, url := range b.urls {
		if !strings.HasPrefix(url, "file:///") || !strings.HasSuffix(url, "/page.html") {
			b.t.Errorf("the page asked for %s", url)
		}
	}
	if len(b.errors) > 0 {
		b.t.Errorf("the browser logged %q", b.errors)
	}
}

// testPolicy says that the policy is in force: neither a further script nor
// a fetch gets through.
func testPolicy(b *browser) {
	page := render(b.t, smallPage())
	page = []byte(strings.Replace(string(page), "</main>", `</main><script>document.title = "hit"</script><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`, 1))
	b.open(page)
	b.want("document.title", "small: coverage")
	b.want("document.getElementById('app').hidden", "false")
	deadline := time.Now().Add(5 * time.Second)
	for len(b.errors) < 2 && time.Now().Before(deadline) {
		b.eval("1", nil)
	}
	if len(b.errors) < 2 {
		b.t.Errorf("a script and an image were added, and the browser objected to %q", b.errors)
	}
}

func testPhone(b *browser) {
	for name, page := range map[string]*Page{"small": smallPage(), "many": samplePage(200, 60), "long": hostilePage(strings.Repeat("unbroken", 60))} {
		b.t.Run(name, func(t *testing.T) {
			b := *b
			b.t = t
			for _, width := range []int{360, 320, 1280} {
				b.view(width, 740, "light")
				b.open(render(t, page))
				b.want("document.getElementById('app').hidden", "false")
				b.want(fmt.Sprintf("document.documentElement.scrollWidth <= %d", width), "true")
				b.want("document.getElementById('box').getBoundingClientRect().height > 300", "true")
				b.stays()
				b.click("document.querySelector('#body tr:not(.spacer) td')")
				b.want(panelOpen, "true")
				b.want("(e => e.scrollWidth <= e.clientWidth)(document.getElementById('panel'))", "true")
				b.want(fmt.Sprintf("document.getElementById('panel').getBoundingClientRect().right <= %d", width), "true")
			}
		})
	}
}

// stays scrolls the table and asks whether the first column and the header stay.
func (b *browser) stays() {
	b.t.Helper()
	corner := "(r => [r.x, r.y].map(Math.round).join())(document.querySelector('thead th').getBoundingClientRect())"
	side := "Math.round(document.querySelector('#body tr:not(.spacer) th').getBoundingClientRect().x)"
	at, x := b.text(corner), b.text("String("+side+")")
	b.eval("document.getElementById('box').scrollTo(300, 300)", nil)
	b.want(corner, at)
	b.want(side, x)
	b.eval("document.getElementById('box').scrollTo(0, 0)", nil)
}

// contrasts gives the least contrast of text on its background, by WCAG 2, among
// all the elements that hold text.
const contrasts = `(() => {
  const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parse = (s) => s.match(/[\d.]+/g).map(Number);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  let least = [99, ''];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(ground(e).slice(0, 3));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least[0]) least = [ratio, e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40)];
  }
  return least;
})()`

func testContrast(b *browser) {
	for _, scheme := range []string{"light", "dark"} {
		b.view(1000, 700, scheme)
		b.open(render(b.t, smallPage()))
		b.want("document.getElementById('app').hidden", "false")
		b.click("document.querySelectorAll('.chip input')[3]") // a chip that is off, too
		b.click("document.querySelectorAll('#body tr:not(.spacer)')[1].cells[3]")
		b.want(panelOpen, "true")
		var least [2]json.RawMessage
		b.eval(contrasts, &least)
		var ratio float64
		if err := json.Unmarshal(least[0], &ratio); err != nil || ratio < 4.5 || ratio == 99 {
			b.t.Errorf("%s: contrast %s at %s", scheme, least[0], least[1])
		}
		b.t.Logf("%s: least contrast %.2f at %s", scheme, ratio, least[1])
	}
	b.quiet()
}

func testWithoutScripts(b *browser) {
	b.view(360, 740, "light")
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	b.open(render(b.t, samplePage(1200, 3)))
	b.want("document.querySelectorAll('.plain tbody tr').length", fmt.Sprint(staticRows+3))
	b.want("document.querySelector('.plain tbody tr').innerText.replace(/\\s+/g, ' ')", "package-00000 0.0.0 pure pure pure")
	b.want("document.documentElement.scrollWidth <= 360", "true")
	b.want("document.getElementById('app').checkVisibility()", "false")
	b.want("document.querySelector('#counts caption').innerText", "1200 packages")
	b.quiet()
}

// testLarge works on the largest page that is promised.
func testLarge(b *browser) {
	b.view(1280, 800, "light")
	page := render(b.t, samplePage(5000, 100))
	begin := time.Now()
	b.open(page)
	b.want("document.getElementById('app').hidden", "false")
	b.t.Logf("%.1f MB, loaded after %v", float64(len(page))/1e6, time.Since(begin))
	b.want("[...document.querySelectorAll('#sums div')].every(e => e.scrollWidth <= e.clientWidth)", "true")
	elements := "document.querySelectorAll('*').length < 25000"
	b.want(elements, "true")

	begin = time.Now()
	b.click(header(0))
	b.want(shownNames+".startsWith('package-00000 package-00001 ')", "true")
	b.t.Logf("sorted after %v", time.Since(begin))

	begin = time.Now()
	b.press("ArrowDown", "Control+End")
	b.want(focusedAt, "4999,101")
	b.want("document.activeElement.parentElement.cells[0].firstChild.data", "package-04999")
	b.want("(r => r.bottom <= document.getElementById('box').getBoundingClientRect().bottom)(document.activeElement.getBoundingClientRect())", "true")
	b.t.Logf("at the end after %v", time.Since(begin))

	b.eval("document.getElementById('box').scrollTop = 60000", nil) // the focused row leaves the document
	b.want(focusedAt, "box")
	b.want(tabStops, "1")
	b.press("ArrowUp")
	b.want(focusedAt, "4998,101")
	b.want(elements, "true")

	begin = time.Now()
	b.typeInto("packages", "04242")
	b.want(shownNames, "package-04242")
	b.want(status, "1 of 5,000 packages, 100 of 100 targets")
	b.t.Logf("filtered after %v", time.Since(begin))
	begin = time.Now()
	b.typeInto("columns", "s390x")
	b.want(status, "1 of 5,000 packages, 10 of 100 targets")
	b.t.Logf("other targets after %v", time.Since(begin))
	b.quiet()
}
