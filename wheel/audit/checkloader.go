package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// checkLoader reports what loaders refuse whatever the file name claims.
func checkLoader(s *Subject, report reporter) {
	for _, f := range s.ELF.Files {
		if f.Err == nil && !f.Loads() && linkset.HasModuleName(f.Path) {
			report("loader-refusal", finding.Finding{File: f.Path, Message: fmt.Sprintf("is named as an extension module but is of the kind %q, which no loader takes", f.ELF.Kind)})
		}
	}
	for _, d := range s.demands() {
		f := finding.Finding{File: d.File, Need: d.Version}
		switch {
		case d.Kind == manylinux.KindProcessor && d.Floor >= manylinux.NoPolicy:
			f.Message = s.processorMessage(d.Version)
			report("processor-level", f)
		case d.Kind == manylinux.KindSymbol:
			for _, symbol := range d.Symbols {
				f.Symbols = append(f.Symbols, symbol.Name)
			}
			f.Message = fmt.Sprintf("uses %s without a version, but every library that it names gives its symbols one; which releases have them is not known", strings.Join(first(f.Symbols, maxSymbols), ", ")+more(len(f.Symbols)-maxSymbols))
			report("unversioned-symbol", f)
		case d.Kind == manylinux.KindStack:
			f.Message = "asks for an executable stack, which glibc 2.41 and later refuse to give"
			if s.stackByDefault(d.File) {
				f.Message = fmt.Sprintf("has no PT_GNU_STACK header, which means an executable stack on %s; glibc 2.41 and later refuse to give one", s.Needs.Machine)
			}
			report("executable-stack", f)
		case d.Kind == manylinux.KindHeader && d.From != "": // up to the claim
		case d.Kind == manylinux.KindHeader:
			loader := "glibc"
			if s.Needs.Libc == elfaudit.LibcMusl || d.Libc == elfaudit.LibcMusl.String() {
				loader = "musl"
			}
			loads := loader + " loads"
			if d.Before != "" {
				loader += " " + d.Before + " and later"
				loads = loader + " load"
			}
			if d.Unsure {
				f.Message = fmt.Sprintf("%s; whether %s it depends on the kernel, the processor or the emulator", d.Reason, loads)
				report("doubtful-header", f)
				break
			}
			f.Message = fmt.Sprintf("%s; %s cannot load it", d.Reason, loader)
			report("loader-refusal", f)
		case d.Kind == manylinux.KindTLS:
			reportTLS(d, f, report)
		case d.Kind == manylinux.KindRelocations && d.Floor >= manylinux.NoPolicy:
			f.Message = "has packed relocations (DT_RELR) but does not need GLIBC_ABI_DT_RELR: glibc 2.36 and later refuse it, earlier ones skip the relocations"
			report("packed-relocations", f)
		}
	}
}

// stackByDefault reports whether a file has no PT_GNU_STACK header.
func (s *Subject) stackByDefault(path string) bool {
	return slices.ContainsFunc(s.native, func(f *linkset.File) bool { return f.Path == path && f.ELF.Stack == elfaudit.StackDefault })
}

// reportTLS reports static thread-local storage: none that musl has room for, and of
// glibc's room more than is sure to be there.
func reportTLS(d manylinux.Demand, f finding.Finding, report reporter) {
	if d.Size == 0 {
		f.Message = "keeps thread-local variables of the wheel with the initial-exec model; musl has no room for those in a running process and refuses to load it"
		if d.Unsure {
			f.Message += " anywhere but in a program of the wheel"
		}
		report("musl-static-tls", f)
		return
	}
	f.Need = fmt.Sprint(d.Size)
	f.Message = fmt.Sprintf("needs %d bytes of static thread-local storage; glibc keeps %d for all libraries that are loaded later", d.Size, manylinux.StaticTLSRoom)
	if d.Reason != "" {
		f.Message = fmt.Sprintf("needs static thread-local storage %s; for libraries that are loaded later glibc has none aligned to more than 64", d.Reason)
	}
	if d.Unsure {
		report("static-tls-size", f)
	} else {
		report("static-tls-room", f)
	}
}

// demands are the demands that matter for the claims: those of code that needs no C
// library on the systems of the claimed ones, by default glibc.
func (s *Subject) demands() []manylinux.Demand {
	if s.Needs.Libc != elfaudit.LibcNone {
		return s.Needs.Demands
	}
	claimed := manylinux.ClaimedLibcs(s.Claims)
	if len(claimed) == 0 {
		claimed = []elfaudit.Libc{elfaudit.LibcGlibc}
	}
	return slices.DeleteFunc(slices.Clone(s.Needs.Demands), func(d manylinux.Demand) bool {
		return d.Libc != "" && !slices.ContainsFunc(claimed, func(l elfaudit.Libc) bool { return l.String() == d.Libc })
	})
}

// checkPatchReleases looks for releases of the musl series that the file name claims
// which are too old for the files. PEP 656 names no patch releases, so the tag is
// right all the same.
func checkPatchReleases(s *Subject, report reporter) {
	claim, ok := s.lowestClaim(tags.Musl)
	if !ok || s.Needs.Libc != elfaudit.LibcMusl && s.Needs.Libc != elfaudit.LibcNone {
		return
	}
	for _, d := range s.Needs.For(elfaudit.LibcMusl).Demands {
		from := d.From
		if d.Kind == manylinux.KindMusl {
			from = d.Version
		}
		since, err := manylinux.ParseMuslRelease(from)
		if err != nil || d.Floor > manylinux.Floor(claim.Libc.Minor) {
			continue // the claim itself is wrong, which another check reports
		}
		supported, ended := s.olderReleases(claim, since)
		f := finding.Finding{File: d.File, Library: d.Library, Version: from, Claimed: claim.Tag}
		what := "has packed relocations (DT_RELR)"
		if d.Kind == manylinux.KindMusl {
			for _, symbol := range d.Symbols {
				f.Symbols = append(f.Symbols, symbol.Name)
			}
			what = "takes " + strings.Join(first(f.Symbols, maxSymbols), ", ")
		}
		switch {
		case len(supported) > 0:
			f.Message = fmt.Sprintf("%s, which musl has from %s on; %s may have that tag and have an older one", what, from, strings.Join(supported, ", "))
			report("musl-symbol", f)
		case len(ended) > 0:
			f.Message = fmt.Sprintf("%s, which musl has from %s on; only %s, past their end of life, have an older one", what, from, strings.Join(ended, ", "))
			report("ended-release", f)
		}
	}
}

// olderReleases lists the releases for a claim whose musl is older than a release of
// musl, and whose support goes on or has ended.
func (s *Subject) olderReleases(claim tags.PlatformTag, first manylinux.MuslRelease) (supported, ended []string) {
	for r := range distro.Releases() {
		has, err := manylinux.ParseMuslRelease(r.LibcVersion)
		if r.Libc.Family != tags.Musl || r.Libc.Minor != claim.Libc.Minor || r.Distro == "musllinux" || err != nil || has >= first {
			continue
		}
		if r.EndOfLife != "" && r.EndOfLife < s.today.Format(time.DateOnly) {
			ended = append(ended, r.Name())
		} else {
			supported = append(supported, r.Name())
		}
	}
	return supported, ended
}
