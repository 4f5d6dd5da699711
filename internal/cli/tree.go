package cli

import (
	"cmp"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
)

func newTree(c *invocation) *cobra.Command {
	var described targetFlags
	cmd := &cobra.Command{
		Use: "tree WHEEL...", Short: "show where a dynamic loader finds each library",
		Long: `Shows for each module and program of a wheel, or for an ELF file, what it needs, where the loader of glibc or musl finds that, and by which rule: the RPATH or RUNPATH of which file, a configured or a default directory; and what is missing. Nothing is run, so it works for any machine.

Without --target, only the files of the wheel are there. --target root:DIR, image:FILE or host puts the wheel into a root file system, where its interpreter would have it. A release, such as debian:12, says which other libraries it is known to have. The exit status is 1 if a library is missing.`,
		Example: `  # which libraries of the wheel are found, and how
  wheeltag tree wheels/demo_bundled-1.0-cp311-cp311-manylinux1_x86_64.manylinux_2_5_x86_64.whl
  # with those of a root file system
  wheeltag tree --target root:roots/debian wheels/demo_bundled-1.0-cp311-cp311-manylinux1_x86_64.manylinux_2_5_x86_64.whl
  # a single file
  wheeltag tree elf/bundle-x86_64-runpath.so`,
		Args: needArguments("name a wheel or an ELF file"),
		RunE: func(*cobra.Command, []string) error { return c.treeAll(&described) },
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		described.add(f)
	}, report.Formats(&report.Tree{})...)
	return cmd
}

// treeAll shows each input on each target.
func (c *invocation) treeAll(described *targetFlags) error {
	targets, err := described.readAny(c)
	if err != nil {
		return err
	}
	handler, err := c.newHandler(report.Matrix{})
	if err != nil {
		return err
	}
	auditor := audit.New(audit.Options{})
	for in, err := range c.inputs(acceptFiles) {
		if in.url {
			return cmp.Or(handler.Close(), usagef("tree takes files; download %s first", in.path))
		}
		var trees []*report.Tree
		if err == nil {
			trees, err = c.treesOf(auditor, in, targets)
		}
		if cancelled := c.ctx.Err(); cancelled != nil {
			return cmp.Or(handler.Close(), cancelled)
		}
		if err != nil {
			c.status = exitNoAnswer
			err = handler.Problem(problemOf(report.TreeSchema, in, explainInput("tree", in, err)))
		}
		for _, t := range trees {
			err = cmp.Or(err, handler.Report(t))
		}
		if err != nil {
			return err
		}
	}
	return handler.Close()
}

// treesOf loads one input on each target, or on none.
func (c *invocation) treesOf(auditor *audit.Auditor, in input, targets []target) ([]*report.Tree, error) {
	subject, err := auditor.Open(c.ctx, in.path)
	if err == nil && subject.Sdist {
		err = errSdist
	}
	if err != nil {
		return nil, err
	}
	var places []loads.Place
	for _, t := range targets {
		platform := t.Platform()
		p := loads.Place{Platform: &platform, Release: t.Release}
		if t.System != nil {
			p.System, p.Python = t.System.System, t.Interpreter
		}
		if subject.Bare && t.System != nil {
			if p.Directory, err = directoryIn(t.System.Source, in.path); err != nil {
				return nil, err
			}
		}
		places = append(places, p)
	}
	if targets == nil {
		places = append(places, loads.Place{})
	}
	var trees []*report.Tree
	for i, p := range places {
		found, err := subject.Tree(p)
		if err != nil {
			return nil, err
		}
		r := &report.Tree{Schema: report.TreeSchema, File: in.name, Tree: found}
		if targets != nil {
			r.Target = targets[i].Name()
		}
		c.noteTree(r)
		trees = append(trees, r)
	}
	return trees, nil
}

// noteTree has the status follow a result.
func (c *invocation) noteTree(r *report.Tree) {
	if r.Other != "" || len(r.Missing) > 0 {
		c.fail()
	}
	if len(r.Unknown) > 0 {
		c.status = exitNoAnswer
	}
}

// directoryIn is the directory of a file as the root that was read from source has it.
// A file outside that is taken to be at the same place there.
func directoryIn(source, file string) (string, error) {
	full, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	root, err := filepath.Abs(source)
	if inside, relErr := filepath.Rel(root, full); err == nil && relErr == nil && filepath.IsLocal(inside) {
		full = string(filepath.Separator) + inside
	}
	return filepath.ToSlash(filepath.Dir(full)), nil
}
