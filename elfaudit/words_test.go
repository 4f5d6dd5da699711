package elfaudit

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("u", false, "write what is read of files with one wrong word into the expected texts")

// TestWords changes each word of small files, by one up (+) and down (-) and to the
// largest one (~), or cuts the file off before it (|), and compares what is then said about them: the error, or the facts that differ.
// Each line of the expected text is such an answer and the words that lead to it.
func TestWords(t *testing.T) {
	for name, data := range wordFiles(t) {
		t.Run(name, func(t *testing.T) {
			before, err := Read(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			sound := fields(before)
			var answers []string // in the order of their first word
			places := map[string][]string{}
			for at := 0; at+4 <= len(data); at += 4 {
				order := before.Order
				word := order.Uint32(data[at:])
				for _, changed := range []struct {
					how  string
					word uint32
				}{{"+", word + 1}, {"-", word - 1}, {"~", ^uint32(0)}} {
					damaged := slices.Clone(data)
					order.PutUint32(damaged[at:], changed.word)
					answer := ""
					if f, err := Read(bytes.NewReader(damaged), int64(len(damaged))); err != nil {
						answer = err.Error()
					} else if answer = difference(sound, fields(f)); answer == "" {
						continue
					}
					if places[answer] == nil {
						answers = append(answers, answer)
					}
					places[answer] = append(places[answer], fmt.Sprintf("%x%s", at, changed.how))
				}
				answer := "sound"
				if _, err := Read(bytes.NewReader(data[:at]), int64(at)); err != nil {
					answer = err.Error()
				}
				if places[answer] == nil {
					answers = append(answers, answer)
				}
				places[answer] = append(places[answer], fmt.Sprintf("%x|", at))
			}
			var got strings.Builder
			for _, answer := range answers {
				fmt.Fprintf(&got, "%s: %s\n", strings.Join(places[answer], " "), answer)
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			gotLines, wantLines := strings.Split(got.String(), "\n"), strings.Split(strings.ReplaceAll(string(want), "\r\n", "\n"), "\n")
			for i := range max(len(gotLines), len(wantLines)) {
				if i >= len(gotLines) || i >= len(wantLines) || gotLines[i] != wantLines[i] {
					t.Fatalf("line %d differs; run with -u and read the difference\n%s", i+1, strings.Join(gotLines[min(i, len(gotLines)):min(i+1, len(gotLines))], ""))
				}
			}
		})
	}
}

// wordFiles are files of several machines that have every table between them.
func wordFiles(t *testing.T) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range []string{"nosections-x86_64-gnu2.36-sysv.so", "nosections-armv7l-gnu2.34.so", "hard-i686-textrel.so"} {
		data, err := os.ReadFile(filepath.Join("../testdata/elf", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	full := newModel(true, true, elf.EM_PPC64)
	order := full.byteOrder()
	full.interp, full.relocate, full.sections, full.tls = "/lib/ld.so", true, false, &TLS{Addr: dataBase, FileSize: 8, MemSize: 16, Align: 8}
	full.notes = slices.Concat(note(order, 4, "GNU", noteABITag, words(order, 0, 3, 2, 0)), note(order, 4, "GNU", noteBuildID, []byte{1, 2, 3, 4}), note(order, 4, "Android", noteAndroid, words(order, 21)))
	full.property = note(order, full.width(), "GNU", noteProperties, words(order, propX86ISANeeded, 4, 3, 0))
	files["full-ppc64"] = full.build().data
	wide := newModel(true, true, elf.EM_S390)
	wide.gnuHash, wide.sysvHash, wide.sections, wide.rpath = "", "wide", false, "/a:/b"
	files["wide-s390x"] = wide.build().data
	arm := newModel(false, false, elf.EM_ARM)
	arm.flags, arm.gnuHash, arm.sysvHash = eabi5Hard, "empty", ""
	arm.attributes = attributeBytes(arm.byteOrder(), "aeabi", 5, 'x', 0, 6, 6, 28, 1)
	files["attributes-armv7l"] = arm.build().data
	return files
}

// fields are the fields of a file by their names, and its symbols.
func fields(f *File) map[string]string {
	list := map[string]string{}
	v := reflect.ValueOf(*f)
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() && field.Name != "Order" {
			text, err := json.Marshal(v.Field(i).Interface())
			if err != nil {
				text = []byte(err.Error())
			}
			list[field.Name] = string(text)
		}
	}
	var symbols []string
	for s := range f.Symbols() {
		symbols = append(symbols, fmt.Sprintf("%+v", s))
	}
	list["Symbols"] = strings.Join(symbols, " ")
	libc, evidence := f.Libc()
	list["Libc"] = fmt.Sprint(libc, " ", evidence, " ", f.MachineTag())
	return list
}

// difference names the facts that differ, with what is new in them.
func difference(before, after map[string]string) string {
	var list []string
	for name, value := range after {
		old := before[name]
		if value == old {
			continue
		}
		start := 0
		for start < min(len(value), len(old)) && value[start] == old[start] {
			start++
		}
		end := 0
		for end < min(len(value), len(old))-start && value[len(value)-1-end] == old[len(old)-1-end] {
			end++
		}
		if start = max(0, start-20); len(value) < 80 {
			start, end = 0, 0
		}
		list = append(list, fmt.Sprintf("%s is %.100s", name, value[start:min(len(value), len(value)-end+10)]))
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}
