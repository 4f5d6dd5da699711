package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/internal/report"
)

// outputFlags say what becomes of the results.
type outputFlags struct {
	file       string // "" for standard output
	statistics bool
	quiet      bool
	exitZero   bool
	exitZeroBy string // what asks for that
}

func (o *outputFlags) add(f *pflag.FlagSet) {
	addOutput(f, &o.file)
	f.BoolVar(&o.statistics, "statistics", false, "count findings by rule instead of showing them")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "show only files that do not pass, and no summary or hints")
	f.BoolVar(&o.exitZero, "exit-zero", false, "exit with 0 even if files fail; not if there is no answer for some")
}

// addOutput adds the flag that names a file for results.
func addOutput(f *pflag.FlagSet, file *string) {
	f.StringVarP(file, "output", "o", "", "write results to `FILE`, which is replaced when they are complete")
}

// configure takes from the configuration what the command line does not say.
func (o *outputFlags) configure(own *config.Config, given func(flag string) bool) {
	for _, one := range []struct {
		flag       string
		value      *bool
		configured bool
	}{{"statistics", &o.statistics, own.Run.Statistics}, {"quiet", &o.quiet, own.Run.Quiet}, {"exit-zero", &o.exitZero, own.Run.ExitZero}} {
		if !given(one.flag) {
			*one.value = one.configured
		}
	}
	if o.exitZeroBy = "--exit-zero"; !given("exit-zero") {
		o.exitZeroBy = "exit-zero in " + own.File
	}
	if !given("output") {
		o.file = own.Run.Output
	}
}

// output is a file that takes the place of the one at path when it is complete.
type output struct {
	path string // after symbolic links; "" for standard output
	part *os.File
}

// openOutput makes a file the place for results. Devices and pipes are written to
// directly.
func (c *invocation) openOutput(path string) (*output, error) {
	if path == "" || path == "-" {
		return &output{}, nil
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // the link stays
	}
	info, err := os.Stat(path)
	mode := fs.FileMode(0o666) // less what the umask takes
	var o output
	switch {
	case err == nil && info.IsDir():
		return nil, usagef("--output %s: is a directory; name a file in it", path)
	case err == nil && !info.Mode().IsRegular():
		o.part, err = os.OpenFile(path, os.O_WRONLY, 0)
	default:
		if err == nil {
			mode = info.Mode().Perm()
		}
		dir, name := filepath.Split(path)
		o.path = path
		o.part, err = os.OpenFile(filepath.Join(dir, fmt.Sprintf(".%s.%d", name, os.Getpid())), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	}
	if bad, ok := errors.AsType[*fs.PathError](err); ok {
		err = bad.Err // its path is not the one that was given
	}
	if err != nil {
		return nil, usagef("--output %s: %v", path, err)
	}
	c.writeTo(o.part)
	return &o, nil
}

// writeTo sends results to a file, which has no colours unless --color asks for them,
// and not the width of a terminal.
func (c *invocation) writeTo(file *os.File) {
	c.streams.out = file
	c.style.Width, c.style.Terminal = report.DefaultWidth, false
	if c.colour == "auto" {
		c.style.Colour = false
	}
}

// finish puts the file in its place if the run came to its end, and otherwise removes
// it. It returns the error of the run, or that of writing.
func (o *output) finish(failed error) error {
	if o.part == nil {
		return failed
	}
	if o.path == "" {
		return errors.Join(failed, o.part.Close())
	}
	if failed == nil {
		failed = o.part.Sync()
	}
	if err := o.part.Close(); failed == nil {
		failed = err
	}
	if failed == nil {
		if failed = os.Rename(o.part.Name(), o.path); failed == nil {
			return nil
		}
	}
	os.Remove(o.part.Name()) // there is nothing more to be done if that fails
	if errors.Is(failed, context.Canceled) {
		return fmt.Errorf("interrupted; %s was not written", o.path)
	}
	return failed
}
