package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A suite is the compiled tests of one package, with the mutants of the target in
// them: one binary for each worker, because the linker sets which file a binary
// reads to know its mutant.
type suite struct {
	path, dir string
	binaries  []string
	tests     []test
}

// build writes the changed files to a scratch directory and compiles the tests of
// the package p with them.
func (t *target) build(p listed, scratch string, workers int) (*suite, error) {
	if len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
		return nil, fmt.Errorf("%s has no tests", p.ImportPath)
	}
	overlay := map[string]string{}
	write := func(path, text string) error {
		place := filepath.Join(scratch, filepath.Base(path))
		overlay[path] = place
		return os.WriteFile(place, []byte(text), 0o600)
	}
	problems := []error{write(filepath.Join(t.dir, "mutant__runtime.go"), t.runtimeText())}
	for _, f := range t.files {
		problems = append(problems, write(f.path, f.rendered()))
	}
	plan, err := json.Marshal(map[string]any{"Replace": overlay})
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, err
	}
	planFile := filepath.Join(scratch, "overlay.json")
	if err := os.WriteFile(planFile, plan, 0o600); err != nil {
		return nil, err
	}
	s := &suite{path: p.ImportPath, dir: p.Dir}
	for i := range workers {
		binary := filepath.Join(scratch, fmt.Sprintf("%s-%d.test", p.Name, i))
		cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", planFile, "-o", binary,
			"-ldflags", "-X "+t.path+".mutant__file="+binary+".mutant", p.ImportPath)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building the tests of %s: %w\n%s", p.ImportPath, err, out)
		}
		s.binaries = append(s.binaries, binary)
	}
	return s, nil
}
