package coverage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// explainedText writes what became of each offer: name, tag, reason code, have,
// need and message.
func explainedText(row *Row) []string {
	var lines []string
	for _, c := range row.Candidates(0) {
		line := c.Name + " taken"
		if !c.Taken {
			line = fmt.Sprintf("%s %s: %s (have %q, need %q)", c.Name, c.Reason.Code, c.Reason.Message, c.Reason.Have, c.Reason.Need)
		}
		if c.Tag != (tags.Tag{}) {
			line += " by " + c.Tag.String()
		}
		lines = append(lines, line)
	}
	return lines
}

// TestCandidates explains each way not to be taken.
func TestCandidates(t *testing.T) {
	const fits = "cp311-cp311-manylinux_2_28_x86_64"
	file := func(name, requires, yanked string) index.File {
		return index.File{Name: name, Project: "a", RequiresPython: requires, Yanked: yanked != "", YankedReason: strings.TrimSpace(yanked)}
	}
	for _, tt := range []struct {
		name        string
		profile     tags.Profile
		requirement string
		files       []index.File
		want        []string
	}{
		{"other versions and source", tags.Pip, "a", []index.File{
			file("a-1-"+fits+".whl", "", ""), file("a-2.tar.gz", "", ""), file("a-2-"+fits+".whl", "", ""), file("a-3rc1-"+fits+".whl", "", "")}, []string{
			`a-1-` + fits + `.whl older-version: version 2 is newer than 1 and fits (have "1", need "2") by ` + fits,
			`a-2.tar.gz sdist: a wheel of the same version fits (have "", need "")`,
			`a-2-` + fits + `.whl taken by ` + fits,
			`a-3rc1-` + fits + `.whl pre-release: 3rc1 is a pre-release, and a final release fits (have "3rc1", need "") by ` + fits,
		}},
		{"Python, yanked and limits", tags.Pip, "a<5", []index.File{
			file("a-4-py3-none-any.whl", ">=3.12", ""), file("a-3-py3-none-any.whl", "", "too slow"), file("a-2-py3-none-any.whl", "", " "), file("a-6-py3-none-any.whl", "", ""), file("a-1.tar.gz", "", "")}, []string{
			`a-4-py3-none-any.whl requires-python: its metadata requires Python >=3.12; 3.11@manylinux_2_28_x86_64 has 3.11 (have "3.11", need ">=3.12") by py3-none-any`,
			`a-3-py3-none-any.whl yanked: yanked by its project: too slow (have "", need "") by py3-none-any`,
			`a-2-py3-none-any.whl yanked: yanked by its project (have "", need "") by py3-none-any`,
			`a-6-py3-none-any.whl no-version: version 6 is not in <5 (have "6", need "<5") by py3-none-any`,
			`a-1.tar.gz taken`,
		}},
		{"a yanked final release before a pre-release", tags.Pip, "a", []index.File{
			file("a-1-py3-none-any.whl", "", "bad"), file("a-2rc1-py3-none-any.whl", "", "")}, []string{
			`a-1-py3-none-any.whl yanked: yanked by its project: bad (have "", need "") by py3-none-any`,
			`a-2rc1-py3-none-any.whl pre-release: 2rc1 is a pre-release, and a yanked final release would fit (have "2rc1", need "") by py3-none-any`,
		}},
		{"the same with uv", tags.UV, "a", []index.File{
			file("a-1-py3-none-any.whl", "", "bad"), file("a-2rc1-py3-none-any.whl", "", "")}, []string{
			`a-1-py3-none-any.whl yanked: yanked by its project: bad (have "", need "") by py3-none-any`,
			`a-2rc1-py3-none-any.whl taken by py3-none-any`,
		}},
		{"pre-releases where nothing else fits", tags.Pip, "a", []index.File{
			file("a-1rc1-py3-none-any.whl", "", ""), file("a-1rc2-py3-none-any.whl", "", ""), file("a-1-py2-none-any.whl", "", "")}, []string{
			`a-1rc1-py3-none-any.whl older-version: version 1rc2 is newer than 1rc1 and fits (have "1rc1", need "1rc2") by py3-none-any`,
			`a-1rc2-py3-none-any.whl taken by py3-none-any`,
			`a-1-py2-none-any.whl python-version: needs Python 2; 3.11@manylinux_2_28_x86_64 has Python 3.11 (have "3.11", need "2")`,
		}},
		{"a yanked pre-release does not count", tags.Pip, "a", []index.File{
			file("a-1rc1-py3-none-any.whl", "", "bad"), file("a-1-py2-none-any.whl", "", ""), file("a-1rc2-py3-none-any.whl", "", "")}, []string{
			`a-1rc1-py3-none-any.whl yanked: yanked by its project: bad (have "", need "") by py3-none-any`,
			`a-1-py2-none-any.whl python-version: needs Python 2; 3.11@manylinux_2_28_x86_64 has Python 3.11 (have "3.11", need "2")`,
			`a-1rc2-py3-none-any.whl taken by py3-none-any`,
		}},
		{"uv skips a version by its best file", tags.UV, "a", []index.File{
			file("a-2-py3-none-any.whl", "", ""), file("a-2-"+fits+".whl", ">=3.12", ""), file("a-1-py3-none-any.whl", "", "")}, []string{
			`a-2-py3-none-any.whl version-falls: fits, but another file of version 2 has a better tag and is for other Pythons; uv then skips the whole version (have "2", need "") by py3-none-any`,
			`a-2-` + fits + `.whl requires-python: its metadata requires Python >=3.12; 3.11@manylinux_2_28_x86_64 has 3.11 (have "3.11", need ">=3.12") by ` + fits,
			`a-1-py3-none-any.whl taken by py3-none-any`,
		}},
		{"equal files, pip", tags.Pip, "a", []index.File{file("a-1-py3-none-any.whl", "", ""), file("a-1.0-py3-none-any.whl", "", "")}, []string{
			`a-1-py3-none-any.whl listed: equal to a-1.0-py3-none-any.whl; of equals, pip takes the one listed last (have "a-1-py3-none-any.whl", need "a-1.0-py3-none-any.whl") by py3-none-any`, `a-1.0-py3-none-any.whl taken by py3-none-any`}},
		{"equal files, uv", tags.UV, "a", []index.File{file("a-1-py3-none-any.whl", "", ""), file("a-1.0-py3-none-any.whl", "", "")}, []string{
			`a-1-py3-none-any.whl taken by py3-none-any`, `a-1.0-py3-none-any.whl listed: equal to a-1-py3-none-any.whl; of equals, uv takes the one listed first (have "a-1.0-py3-none-any.whl", need "a-1-py3-none-any.whl") by py3-none-any`}},
		{"tags and builds", tags.Packaging, "a", []index.File{file("a-1-py3-none-any.whl", "", ""), file("a-1-1-"+fits+".whl", "", ""), file("a-1-2-"+fits+".whl", "", "")}, []string{
			`a-1-py3-none-any.whl tag-rank: packaging prefers the tag ` + fits + ` to py3-none-any (have "py3-none-any", need "` + fits + `") by py3-none-any`,
			`a-1-1-` + fits + `.whl build-tag: build 2 is higher than 1 (have "1", need "2") by ` + fits, `a-1-2-` + fits + `.whl taken by ` + fits}},
		{"an invalid name", tags.Packaging, "a", []index.File{file("a-1-py3.whl", "", ""), file("a-1-py3-none-any.whl", "", "")}, []string{
			`a-1-py3.whl no-files: its name is invalid (have "", need "")`, `a-1-py3-none-any.whl taken by py3-none-any`}},
	} {
		var pool Pool
		for _, f := range tt.files {
			pool.Add(f)
		}
		row := lockedRow(t, "requirements.txt", tt.requirement+"\n", &pool, described(t, tt.profile, "3.11@manylinux_2_28_x86_64"))
		got := explainedText(row)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
