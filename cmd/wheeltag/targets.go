package main

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/tags/distro"
)

func targetsCommand() *command {
	return &command{
		name: "targets", summary: "the releases and images known by name", usage: "[WORD...]",
		about: "Lists every release and image that --target knows, with its libc, its own Python, its machines and the end of its support. Each WORD narrows the list to rows that contain it.",
		examples: []example{
			{line: "targets debian", says: "the releases of Debian"},
			{line: "targets ubuntu riscv64 --format json", says: "Ubuntu on RISC-V, as data"},
		},
		run: func(c *call) error {
			rows := 0
			show := func(t targetRow) error {
				if !t.matches(c.args) {
					return nil
				}
				rows++
				if c.json {
					t.Schema = "wheeltag.targets/v1"
					return c.writeJSON(t)
				}
				if rows == 1 {
					fmt.Fprintf(c.out, "%-22s %-12s %-7s %-11s %s\n", "TARGET", "LIBC", "PYTHON", "SUPPORT TO", "MACHINES")
				}
				columns := fmt.Sprintf("%-22s %-12s %-7s %-11s ", t.Name, orDash(t.Libc), orDash(t.Python), orDash(t.EndOfLife))
				fmt.Fprintln(c.out, hang(columns, strings.Join(t.Machines, " ")))
				return nil
			}
			for r := range distro.Releases() {
				row := releaseRow(r)
				row.Name, row.Kind, row.Python = r.Name(), "release", r.Python
				if err := show(row); err != nil {
					return err
				}
			}
			for i := range distro.Images() {
				row := releaseRow(i.Release)
				_, version, _ := strings.Cut(i.Python.String(), " ")
				row.Name, row.Kind, row.Python = i.Name, "image", version
				if err := show(row); err != nil {
					return err
				}
			}
			if rows == 0 {
				c.say("no known target contains %s", strings.Join(c.args, " and "))
				c.no()
			}
			return nil
		},
	}
}

// targetRow is a row of the table and the JSON object of targets.
type targetRow struct {
	Schema    string   `json:"schema"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"` // release or image
	Codename  string   `json:"codename,omitempty"`
	Libc      string   `json:"libc,omitempty"`
	Python    string   `json:"python,omitempty"`
	Machines  []string `json:"machines"`
	EndOfLife string   `json:"end_of_life,omitempty"`
	EndOfLTS  string   `json:"end_of_lts,omitempty"`
	Rolling   bool     `json:"rolling,omitempty"`
	AsOf      string   `json:"as_of,omitempty"`
}

func releaseRow(r distro.Release) targetRow {
	row := targetRow{Codename: r.Codename, Machines: r.Machines, EndOfLife: r.EndOfLife, EndOfLTS: r.EndOfLTS, Rolling: r.Rolling, AsOf: r.AsOf}
	if r.LibcVersion != "" {
		row.Libc = r.Libc.Family.String() + " " + r.LibcVersion
	}
	if row.Machines == nil {
		row.Machines = []string{}
	}
	return row
}

func (t targetRow) matches(words []string) bool {
	text := strings.ToLower(strings.Join(append([]string{t.Name, t.Kind, t.Codename, t.Libc, t.Python}, t.Machines...), " "))
	for _, w := range words {
		if !strings.Contains(text, strings.ToLower(w)) {
			return false
		}
	}
	return true
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
