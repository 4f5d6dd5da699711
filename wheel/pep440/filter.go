package pep440

// Filter returns the versions that satisfy the set, in their order. With
// [PrereleasesDefault] the result has no pre-releases as long as it has a
// final release, unless the set names a pre-release itself.
func (s SpecifierSet) Filter(versions []Version, pre Prereleases) []Version {
	return filter(s, versions, pre, func(v Version) verdict {
		return verdict{
			matched:    s.Contains(v, pre),
			prerelease: v.IsPrerelease(),
			final:      !v.IsPrerelease(),
		}
	})
}

// FilterStrings is [SpecifierSet.Filter] for text, which it tests as
// [SpecifierSet.ContainsString] does. Text that is not a version counts neither
// as a pre-release nor as a final release.
func (s SpecifierSet) FilterStrings(texts []string, pre Prereleases) []string {
	return filter(s, texts, pre, func(text string) verdict {
		return s.judge(text, pre)
	})
}

func filter[T any](s SpecifierSet, items []T, pre Prereleases, judge func(T) verdict) []T {
	var all, stable []T
	found := false
	for _, item := range items {
		d := judge(item)
		if !d.matched {
			continue
		}
		all = append(all, item)
		if !d.prerelease {
			stable = append(stable, item)
		}
		found = found || d.final
	}
	if pre == PrereleasesDefault && found && !s.mentionsPrerelease() {
		return stable
	}
	return all
}
