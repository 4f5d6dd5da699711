package manylinux

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

// AuditFile audits the file at path as [Auditor.File] does, with buffers of its
// own. For many files make an [Auditor].
func AuditFile(path string) (*Report, error) {
	return NewAuditor(Options{}).File(context.Background(), path)
}

// AuditWheel audits the wheel in the first size bytes of r. Its file name is
// what it claims.
func AuditWheel(r io.ReaderAt, size int64, filename string) (*Report, error) {
	return NewAuditor(Options{}).Wheel(context.Background(), r, size, filename)
}

// AuditELF audits the ELF file in the first size bytes of r. It claims nothing,
// so only what is wrong in itself is found.
func AuditELF(r io.ReaderAt, size int64, name string) (*Report, error) {
	f, err := elfaudit.Read(r, size)
	o := newObject(name, f, err)
	if o == nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return auditObject(o), nil
}

func auditObject(o *object) *Report {
	a := audit{policies: Known(), world: newWorld([]*object{o}), bare: true}
	return a.report(o.path)
}

// archive audits an open wheel.
func (auditor *Auditor) archive(ctx context.Context, archive *wheel.Archive, filename string) (*Report, error) {
	a := audit{policies: Known()}
	recorded := readRecord(archive)
	// Some members go on for terabytes: stop within them too.
	found, stats, err := auditor.members(ctx, archive.WithContext(ctx), recorded.entries)
	if err != nil {
		return nil, err
	}
	a.content = *found
	name, badName := wheel.ParseName(filename)
	if badName != nil {
		a.find("WT101", Finding{Message: badName.Error()})
	} else {
		for tag := range name.Tags.Members(tags.PartPlatform) {
			a.claims = append(a.claims, tags.ParsePlatformTag(tag))
		}
	}
	for _, d := range a.content.damaged {
		a.find(d.rule, Finding{File: d.path, Message: d.message})
	}
	for _, n := range a.content.nested {
		a.find("WT219", Finding{File: n.path, Message: fmt.Sprintf("is an archive with machine code in it: %s", strings.Join(first(n.files, 3), ", "))})
	}
	for _, finding := range checkForeign(a.claims, a.content.foreign) {
		a.find(finding.Rule, finding)
	}
	a.world = newWorld(a.content.objects)
	a.checkRecorded(recorded)
	r := a.report(filename)
	says := imitate(a.policies, a.world, a.claims, recorded)
	says.Differs = a.differs(r, &says, recorded)
	r.Auditwheel = &says
	r.Read, r.Unseen = &stats, found.unseen
	return r, nil
}

// record is what RECORD lists: paths in its order, nil when it cannot be read,
// and the entries by path.
type record struct {
	paths   []string
	entries map[string]wheel.RecordEntry
}

func readRecord(archive *wheel.Archive) record {
	entries, err := archive.Record()
	if err != nil {
		return record{}
	}
	r := record{make([]string, len(entries)), make(map[string]wheel.RecordEntry, len(entries))}
	for i, e := range entries {
		r.paths[i] = e.Path
		r.entries[e.Path] = e
	}
	return r
}

func (r record) has(path string) bool {
	_, ok := r.entries[path]
	return ok
}

// audit is one run over one wheel or file.
type audit struct {
	policies *Policies
	content  content
	world    *world
	claims   []tags.PlatformTag
	bare     bool // an ELF file without a wheel around it
	judged   judgement
	findings []Finding
}

// find adds a finding; the rule gives its severity.
func (a *audit) find(rule string, f Finding) {
	r, _ := RuleByID(rule)
	if f.Rule = rule; f.Severity == "" {
		f.Severity = r.Severity
	}
	a.findings = append(a.findings, f)
}

func (a *audit) report(file string) *Report {
	a.judged = a.world.judge(a.policies, a.claims)
	a.checkReadable()
	a.checkClaims()
	a.checkFiles()
	r := &Report{
		File: file, Claimed: []string{}, PlatformTags: []string{}, Needs: map[string][]string{},
		External: []string{}, ELF: []ELF{}, Machine: a.judged.machine, audit: a,
	}
	for _, c := range a.claims {
		r.Claimed = append(r.Claimed, c.Tag)
	}
	a.fillTags(r)
	a.fillNeeds(r)
	for _, o := range a.world.objects {
		r.ELF = append(r.ELF, a.describe(o))
	}
	for _, f := range a.content.foreign {
		r.Other = append(r.Other, otherFile(f))
	}
	r.Findings = a.findings
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	r.Verdict = verdictOf(r.Findings)
	return r
}

func verdictOf(findings []Finding) Verdict {
	v := Pass
	for _, f := range findings {
		switch {
		case f.Rule == "WT206":
			return Unknown
		case f.Severity == Error:
			v = Fail
		}
	}
	return v
}
