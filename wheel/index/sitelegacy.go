package index

// legacyPage is pypi/PROJECT/json, the API of indexes before PEP 691 that many tools
// still ask. It has what file names and metadata say, not what an index knows.
//
// Source: the documentation of the JSON API of the Python Package Index.
type legacyPage struct {
	Info     legacyInfo              `json:"info"`
	Releases map[string][]legacyFile `json:"releases"`
	URLs     []legacyFile            `json:"urls"` // of the newest version
}

type legacyInfo struct {
	Name           string `json:"name"`
	Version        string `json:"version"`
	RequiresPython string `json:"requires_python"`
	Yanked         bool   `json:"yanked"`
}

type legacyFile struct {
	Filename       string   `json:"filename"`
	URL            string   `json:"url"`
	Digests        pageHash `json:"digests"`
	Size           int64    `json:"size"`
	PackageType    string   `json:"packagetype"`
	RequiresPython *string  `json:"requires_python"`
	UploadTime     string   `json:"upload_time_iso_8601"`
	Yanked         bool     `json:"yanked"`
	YankedReason   *string  `json:"yanked_reason"`
}

// legacy writes the pages of all projects.
func (w *siteWriter) legacy(list []project) error {
	if err := w.root.Mkdir(legacyFolder, 0o755); err != nil {
		return err
	}
	for _, p := range list {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if len(p.files) == 0 { // quarantined
			continue
		}
		if err := w.root.Mkdir(legacyFolder+"/"+p.name, 0o755); err != nil {
			return err
		}
		if err := w.writeJSON(legacyFolder+"/"+p.name+"/json", p.legacy(w.filesFrom("../../"))); err != nil {
			return err
		}
	}
	return nil
}

// legacy lists the files by version. The newest final version that is not yanked is
// that of the project, or else the newest.
func (p *project) legacy(files string) legacyPage {
	page := legacyPage{Info: legacyInfo{Name: p.name}, Releases: map[string][]legacyFile{}}
	newest := p.files[len(p.files)-1]
	for _, i := range p.files {
		if !i.Yanked && !i.version.IsPrerelease() {
			newest = i
		}
	}
	for _, i := range p.files {
		f := legacyFile{
			Filename: i.Name, URL: files + escapeURL(i.Name), Digests: pageHash{i.facts.SHA256}, Size: i.facts.Size, PackageType: "sdist",
			UploadTime: i.uploaded(), Yanked: i.Yanked,
		}
		if i.IsWheel {
			f.PackageType = "bdist_wheel"
		}
		if i.RequiresPython != "" {
			f.RequiresPython = &i.RequiresPython
		}
		if i.YankedReason != "" {
			f.YankedReason = &i.YankedReason
		}
		version := i.version.String()
		page.Releases[version] = append(page.Releases[version], f)
		if i.version.Equal(newest.version) {
			page.URLs = append(page.URLs, f)
		}
	}
	page.Info.Version, page.Info.RequiresPython, page.Info.Yanked = newest.version.String(), newest.RequiresPython, newest.Yanked
	return page
}
