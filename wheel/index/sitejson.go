package index

import "time"

// Pages are JSON by PEP 691, in version 1.1 (PEP 700), or 1.3 or 1.4 if they have what
// those brought: provenance (PEP 740) and the status of the project (PEP 792).
// upload-time is the time of the file.

type pageMeta struct {
	APIVersion string `json:"api-version"`
}

var metaOf11 = pageMeta{"1.1"}

// version is the version of the format that has all that the page of a project has.
func (p *project) version(files string) string {
	version := metaOf11.APIVersion
	for _, i := range p.files {
		if i.provenanceURL(files) != "" {
			version = "1.3"
		}
	}
	if p.status != nil {
		version = "1.4"
	}
	return version
}

type rootPage struct {
	Meta     pageMeta      `json:"meta"`
	Projects []rootProject `json:"projects"`
}

type rootProject struct {
	Name string `json:"name"`
}

func rootJSON(list []project) rootPage {
	page := rootPage{metaOf11, []rootProject{}}
	for _, p := range list {
		page.Projects = append(page.Projects, rootProject{p.name})
	}
	return page
}

type projectPage struct {
	Meta     pageMeta       `json:"meta"`
	Name     string         `json:"name"`
	Status   *projectStatus `json:"project-status,omitempty"`
	Versions []string       `json:"versions"`
	Files    []pageFile     `json:"files"`
}

type pageFile struct {
	Filename       string    `json:"filename"`
	URL            string    `json:"url"`
	Hashes         pageHash  `json:"hashes"`
	RequiresPython string    `json:"requires-python,omitempty"`
	Size           int64     `json:"size"`
	UploadTime     string    `json:"upload-time,omitempty"` // none for what index makes itself
	Yanked         any       `json:"yanked,omitempty"`      // true or the reason
	CoreMetadata   *pageHash `json:"core-metadata,omitempty"`
	Provenance     string    `json:"provenance,omitempty"`
}

type pageHash struct {
	SHA256 string `json:"sha256"`
}

// uploaded is the time of the file as PEP 700 writes it.
func (i *Item) uploaded() string {
	return time.Unix(0, i.facts.Modified).UTC().Format("2006-01-02T15:04:05.000000Z")
}

// json lists the versions and the files of a project, which are in order.
func (p *project) json(files string) projectPage {
	page := projectPage{pageMeta{p.version(files)}, p.name, p.status, []string{}, []pageFile{}}
	for at, i := range p.files {
		if at == 0 || !p.files[at-1].version.Equal(i.version) {
			page.Versions = append(page.Versions, i.version.String())
		}
		f := pageFile{
			Filename: i.Name, URL: files + escapeURL(i.Name), Hashes: pageHash{i.facts.SHA256},
			RequiresPython: i.RequiresPython, Size: i.facts.Size, UploadTime: i.uploaded(),
		}
		if i.Yanked {
			f.Yanked = true
			if i.YankedReason != "" {
				f.Yanked = i.YankedReason
			}
		}
		f.Provenance = i.provenanceURL(files)
		if i.hasMetadata() {
			f.CoreMetadata = &pageHash{i.facts.Metadata}
		}
		page.Files = append(page.Files, f)
	}
	for _, r := range p.releases {
		page.Files = append(page.Files, pageFile{Filename: r.name, URL: files + escapeURL(r.name), Hashes: pageHash{digest(r.text)}, Size: int64(len(r.text))})
	}
	return page
}
