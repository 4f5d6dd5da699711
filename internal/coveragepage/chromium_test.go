//go:build unix

package coveragepage

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// chromium is a headless Chromium, spoken to in its DevTools protocol over two
// pipes: JSON messages, each ended by a zero byte.
type chromium struct {
	to     *os.File
	from   *os.File
	buffer *bufio.Reader
	lastID int
}

// browser is a tab of a Chromium.
type browser struct {
	*chromium
	t       *testing.T
	session string   // empty for messages to the whole browser
	loaded  int      // load events so far
	urls    []string // requests so far
	errors  []string // exceptions and log entries, violations of the policy among them
}

const browserPatience = 60 * time.Second // for one answer

// TestBrowser runs all tests that need a browser in one Chromium, each in a tab of
// its own. It is skipped with -short and where there is no Chromium.
func TestBrowser(t *testing.T) {
	c := startChromium(t)
	for _, test := range []struct {
		name string
		run  func(*browser)
	}{
		{"Sorting", testSorting}, {"Filters", testFilters}, {"TargetFilter", testTargetFilter},
		{"Keyboard", testKeyboard}, {"Panel", testPanel}, {"Labels", testLabels},
		{"Hostile", testHostile}, {"Policy", testPolicy}, {"Phone", testPhone}, {"Contrast", testContrast},
		{"WithoutScripts", testWithoutScripts}, {"Large", testLarge}, {"Screenshots", testScreenshots},
		{"AuditSorting", testAuditSorting}, {"AuditFilters", testAuditFilters}, {"AuditKeyboard", testAuditKeyboard}, {"AuditLabels", testAuditLabels},
		{"AuditHostile", testAuditHostile}, {"AuditPhone", testAuditPhone}, {"AuditContrast", testAuditContrast}, {"AuditWithoutScripts", testAuditWithoutScripts},
		{"AuditLarge", testAuditLarge}, {"AuditScreens", testAuditScreens},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(c.tab(t)) })
	}
}

// tab opens a tab that is closed at the end of the test.
func (c *chromium) tab(t *testing.T) *browser {
	t.Helper()
	b := &browser{chromium: c, t: t}
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	t.Cleanup(func() {
		b.session = ""
		b.call("Target.closeTarget", map[string]any{"targetId": target.TargetID}, nil)
	})
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Network", "Log"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// startChromium starts a Chromium that ends with the test, or skips the test.
func startChromium(t *testing.T) *chromium {
	t.Helper()
	if testing.Short() {
		t.Skip("the browser tests are left out with -short")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("needs chromium, chromium-browser or google-chrome on PATH")
	}
	profile, err := os.MkdirTemp("", "coveragepage")
	if err != nil {
		t.Fatal(err)
	}
	theirs0, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, theirs1, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
		"--disable-background-networking", "--no-first-run", "--user-data-dir="+profile, "about:blank")
	cmd.ExtraFiles = []*os.File{theirs0, theirs1}
	if err := cmd.Start(); err != nil {
		t.Skipf("Chromium does not start: %v", err)
	}
	theirs0.Close()
	theirs1.Close()
	t.Cleanup(func() {
		to.Close() // Chromium ends with its pipe
		done := time.AfterFunc(5*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		done.Stop()
		from.Close()
		os.RemoveAll(profile)
	})
	return &chromium{to: to, from: from, buffer: bufio.NewReader(from)}
}

// message is an answer (ID set) or an event (Method set).
type message struct {
	ID        int
	SessionID string
	Method    string
	Result    json.RawMessage
	Params    json.RawMessage
	Error     *struct{ Message string }
}

func (b *browser) receive() message {
	b.t.Helper()
	b.from.SetReadDeadline(time.Now().Add(browserPatience))
	raw, err := b.buffer.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("Chromium does not answer: %v", err)
	}
	var m message
	if err := json.Unmarshal(raw[:len(raw)-1], &m); err != nil {
		b.t.Fatal(err)
	}
	if m.SessionID == b.session { // another tab may be still closing
		b.note(m)
	}
	return m
}

// note keeps what the tests ask about events.
func (b *browser) note(m message) {
	switch m.Method {
	case "Page.loadEventFired":
		b.loaded++
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		if json.Unmarshal(m.Params, &p) == nil {
			b.urls = append(b.urls, p.Request.URL)
		}
	case "Runtime.exceptionThrown", "Log.entryAdded":
		b.errors = append(b.errors, string(m.Params))
	}
}

func (b *browser) call(method string, params map[string]any, result any) {
	b.t.Helper()
	b.lastID++
	request := map[string]any{"id": b.lastID, "method": method}
	if params != nil {
		request["params"] = params
	}
	if b.session != "" {
		request["sessionId"] = b.session
	}
	raw, err := json.Marshal(request)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(raw, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		m := b.receive()
		if m.ID != b.lastID {
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// open writes the page to a file and loads it.
func (b *browser) open(page []byte) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "page.html")
	if err := os.WriteFile(path, page, 0o600); err != nil {
		b.t.Fatal(err)
	}
	before := b.loaded
	b.call("Page.navigate", map[string]any{"url": "file://" + path}, nil)
	for b.loaded == before {
		b.receive()
	}
}

// eval runs an expression in the page and decodes its value.
func (b *browser) eval(expression string, value any) {
	b.t.Helper()
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &answer)
	if answer.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, answer.ExceptionDetails)
	}
	if value == nil {
		return
	}
	if err := json.Unmarshal(answer.Result.Value, value); err != nil {
		b.t.Fatalf("%s: %v in %q", expression, err, answer.Result.Value)
	}
}

// text evaluates an expression that gives a string.
func (b *browser) text(expression string) string {
	b.t.Helper()
	var s string
	b.eval(expression, &s)
	return s
}

// want waits until a string expression has the value.
func (b *browser) want(expression, value string) {
	b.t.Helper()
	var got string
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got = b.text("String(" + expression + ")"); got == value {
			return
		}
	}
	b.t.Errorf("%s:\n got %q\nwant %q", expression, got, value)
}

// keyCodes are the virtual key codes of the keys that the tests press.
var keyCodes = map[string]int{
	"Enter": 13, "Escape": 27, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "Tab": 9, " ": 32, "Delete": 46,
	"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
}

// press presses keys as a person does, one after the other; "Control+" is a prefix.
func (b *browser) press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		bare, control := strings.CutPrefix(key, "Control+")
		event := map[string]any{"type": "keyDown", "key": bare, "code": bare, "windowsVirtualKeyCode": keyCodes[bare]}
		if control {
			event["modifiers"] = 2
		}
		if bare == "Enter" {
			event["text"] = "\r"
		}
		b.call("Input.dispatchKeyEvent", event, nil)
		event["type"] = "keyUp"
		delete(event, "text")
		b.call("Input.dispatchKeyEvent", event, nil)
	}
}

// click clicks the middle of the element that the expression gives.
func (b *browser) click(expression string) {
	b.t.Helper()
	var at struct{ X, Y float64 }
	b.eval("("+expression+").scrollIntoView({block: 'nearest'})", nil)
	// Rows are made anew in the frame after the table was scrolled; a click that begins on a
	// row and ends on its successor is none.
	b.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))", nil)
	b.eval("(() => { const r = ("+expression+").getBoundingClientRect(); return {x: r.x + r.width/2, y: r.y + r.height/2} })()", &at)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
}

// view sets the size of the window and the colour scheme.
func (b *browser) view(width, height int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

func (b *browser) screenshot(path string) {
	b.t.Helper()
	var shot struct{ Data string }
	b.call("Page.captureScreenshot", nil, &shot)
	raw, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
