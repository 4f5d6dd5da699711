package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

func newCompat(c *call) *cobra.Command {
	var described targetFlags
	cmd := &cobra.Command{
		Use: "compat --target T... WHEEL...", Short: "which wheels install on which targets, and why not",
		Long: "Says for each wheel and target whether an installer accepts the wheel, by which tag, or what is in the way. A WHEEL is a file, a file name, a directory of wheels, or - for names on standard input. For files that are there, Requires-Python of their metadata counts as well.\n\n" + aboutTargets,
		Example: `  # a directory against Debian 11 on arm64
  wheeltag compat --target 3.11@debian:11/arm64 wheels
  # one name against two targets
  wheeltag compat -t debian:12/arm64 -t alpine:3.20/arm64 demo-1.0-cp311-cp311-musllinux_1_2_aarch64.whl
  # an object a line, for scripts
  wheeltag compat --target python:3.11-bullseye/arm64 --format json wheels`,
		Args: needWheels,
		RunE: func(*cobra.Command, []string) error {
			targets, err := described.read(c)
			if err != nil {
				return err
			}
			r := compatRun{call: c, targets: targets}
			return r.all()
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		described.add(f)
		described.addProfile(f)
	})
	return cmd
}

// compatRun is one run of compat. Verdicts depend on the tags alone, and the
// tags repeat, so a rendered verdict is kept and used again.
type compatRun struct {
	*call
	targets []target
	kept    []map[string]verdict // for each target, by the text of the tag set
	line    []byte
	wheels  int
	fits    []int
}

// verdict is the answer for a tag set, rendered but for the file name.
type verdict struct {
	fits bool
	tail []byte
}

// maxKept bounds the kept verdicts of a target.
const maxKept = 1 << 16

func (r *compatRun) all() error {
	r.fits = make([]int, len(r.targets))
	for range r.targets {
		r.kept = append(r.kept, map[string]verdict{})
	}
	single := len(r.targets) == 1
	if single && !r.json {
		fmt.Fprintf(r.out, "%s\n", r.heading(r.targets[0]))
	}
	n := 0
	for in, err := range r.inputs(true) {
		if n++; n&1023 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if err != nil {
			if err := r.refuse("compat", in, err); err != nil {
				return err
			}
			continue
		}
		if err := r.one(in, single); err != nil {
			return err
		}
	}
	r.summary()
	return nil
}

func (r *compatRun) heading(t target) string {
	return fmt.Sprintf("%s: %s, %s", t.Name(), t.Python(), t.Platform())
}

// one answers for one wheel.
func (r *compatRun) one(in input, single bool) error {
	name, err := wheel.ParseName(in.name)
	if err != nil {
		return r.refuse("compat", in, badName(in, err))
	}
	requires := ""
	if in.path != "" {
		if requires, err = requiresPython(in.path); err != nil {
			return r.refuse("compat", in, badName(in, err))
		}
	}
	r.wheels++
	if !single && !r.json {
		r.out.WriteString(plain(in.name))
		r.out.WriteByte('\n')
	}
	for i, t := range r.targets {
		v := r.verdict(i, &name, requires)
		if v.fits {
			r.fits[i]++
		} else {
			r.no()
		}
		r.write(in.name, t, v, single)
	}
	return nil
}

// verdict works out the answer for a wheel. That for a name alone, of which there
// may be millions, is looked up.
func (r *compatRun) verdict(i int, name *wheel.Name, requires string) verdict {
	key := tagText(name.Filename)
	if v, ok := r.kept[i][key]; ok && requires == "" {
		return v
	}
	t := r.targets[i]
	tag, rank, _ := t.Best(&name.Tags)
	v := r.render(t, tag, rank, wheel.Fit(t.Target, name, requires))
	if requires == "" && len(r.kept[i]) < maxKept {
		r.kept[i][strings.Clone(key)] = v
	}
	return v
}

// tagText is the part of a wheel's name from its third last dash on.
func tagText(filename string) string {
	end := len(filename)
	for range 3 {
		end = strings.LastIndexByte(filename[:end], '-')
	}
	return filename[end:]
}

// render writes what follows the file name.
func (r *compatRun) render(t target, tag tags.Tag, rank int, reason *tags.Reason) verdict {
	v := verdict{fits: reason == nil}
	switch {
	case r.json && v.fits:
		v.tail = append(v.tail, `,"target":`...)
		v.tail = appendJSON(v.tail, t.Name())
		v.tail = append(v.tail, `,"compatible":true,"tag":`...)
		v.tail = appendJSON(v.tail, tag.String())
		v.tail = append(v.tail, `,"rank":`...)
		v.tail = strconv.AppendInt(v.tail, int64(rank), 10)
		v.tail = append(v.tail, "}\n"...)
	case r.json:
		v.tail = append(v.tail, `,"target":`...)
		v.tail = appendJSON(v.tail, t.Name())
		v.tail = append(v.tail, `,"compatible":false,"reason":{"code":`...)
		v.tail = appendJSON(v.tail, string(reason.Code))
		for _, field := range [][2]string{{"message", reason.Message}, {"need", reason.Need}, {"have", reason.Have}} {
			if field[1] != "" {
				v.tail = append(v.tail, `,"`+field[0]+`":`...)
				v.tail = appendJSON(v.tail, field[1])
			}
		}
		v.tail = append(v.tail, "}}\n"...)
	case !v.fits:
		v.tail = append(v.tail, "\n"+wrap(reason.String(), 80, "       ")+"\n"...)
	case len(r.targets) == 1:
		v.tail = append(v.tail, '\n')
	default:
		v.tail = append(v.tail, "\n       by "+tag.String()+"\n"...)
	}
	return v
}

// write puts one answer out. With one target the file name stands on the line
// and a reason below it; with several, the target does.
func (r *compatRun) write(file string, t target, v verdict, single bool) {
	if r.json {
		r.line = append(r.line[:0], `{"schema":"wheeltag.compat/v1","file":`...)
		r.line = append(appendJSON(r.line, file), v.tail...)
		r.out.Write(r.line)
		return
	}
	word := "  no   "
	if v.fits {
		word = "  yes  "
	}
	if r.colour {
		word = paint(word, v.fits)
	}
	r.out.WriteString(word)
	if single {
		r.out.WriteString(plain(file))
	} else {
		r.out.WriteString(t.Name())
	}
	r.out.Write(v.tail)
}

// summary counts, when there was more than one answer.
func (r *compatRun) summary() {
	if r.json || r.wheels*len(r.targets) < 2 {
		return
	}
	for i, t := range r.targets {
		r.say("%s takes %d of %d wheels", t.Name(), r.fits[i], r.wheels)
	}
}

// requiresPython reads the field of a wheel that is there.
func requiresPython(path string) (string, error) {
	a, err := wheel.OpenFile(path)
	if err != nil {
		return "", err
	}
	defer a.Close()
	m, err := a.Metadata()
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return m.RequiresPython, nil
}

// paint colours a word green or red.
func paint(word string, good bool) string {
	if good {
		return "\x1b[32m" + word + "\x1b[0m"
	}
	return "\x1b[31m" + word + "\x1b[0m"
}
