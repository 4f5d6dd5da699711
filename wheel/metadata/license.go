package metadata

import (
	_ "embed"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
)

//go:embed data/spdx.txt
var spdxText string

// spdx are the identifiers by themselves in lower case.
type spdx struct{ licenses, exceptions map[string]string }

var knownLicenses = sync.OnceValue(func() spdx {
	list := spdx{map[string]string{}, map[string]string{}}
	into := list.licenses
	for line := range strings.Lines(spdxText) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "#") || line == "[licenses]":
		case line == "[exceptions]":
			into = list.exceptions
		default:
			id := strings.TrimPrefix(line, "-")
			into[strings.ToLower(id)] = id
		}
	}
	return list
})

var errExpression = errors.New("not a license expression; write identifiers of SPDX with AND, OR, WITH and parentheses")

// NormalLicense gives an SPDX license expression with its identifiers as SPDX writes
// them (PEP 639).
func NormalLicense(expression string) (string, error) {
	if len(expression) > maxExpression {
		return "", errExpression
	}
	p := licenseParser{tokens: strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(expression))}
	if err := p.expression(0); err != nil {
		return "", err
	}
	if p.at < len(p.tokens) {
		return "", errExpression
	}
	return strings.NewReplacer("( ", "(", " )", ")").Replace(strings.Join(p.out, " ")), nil
}

// The longest expression in bytes, and how deep its parentheses may be.
const (
	maxExpression = 1 << 14
	maxDepth      = 100
)

type licenseParser struct {
	tokens []string
	at     int
	out    []string
}

// peek gives the next token in lower case; it is empty at the end.
func (p *licenseParser) peek() string {
	if p.at == len(p.tokens) {
		return ""
	}
	return strings.ToLower(p.tokens[p.at])
}

// expression reads terms that AND and OR join.
func (p *licenseParser) expression(depth int) error {
	for {
		if err := p.term(depth); err != nil {
			return err
		}
		word := p.peek()
		if word != "and" && word != "or" {
			return nil
		}
		p.at++
		p.out = append(p.out, strings.ToUpper(word))
	}
}

// term reads a license, with an exception or not, or an expression in parentheses.
func (p *licenseParser) term(depth int) error {
	if p.peek() == "(" && depth < maxDepth {
		p.at++
		p.out = append(p.out, "(")
		if err := p.expression(depth + 1); err != nil {
			return err
		}
		if p.peek() != ")" {
			return errExpression
		}
		p.at++
		p.out = append(p.out, ")")
		return nil
	}
	if err := p.license(p.peek()); err != nil {
		return err
	}
	if p.peek() != "with" {
		return nil
	}
	p.at++
	exception, ok := knownLicenses().exceptions[p.peek()]
	if !ok {
		return errors.New("the word after WITH is not a license exception that SPDX knows")
	}
	p.at++
	p.out = append(p.out, "WITH", exception)
	return nil
}

// license reads an identifier.
func (p *licenseParser) license(word string) error {
	switch word {
	case "", "(", ")", "and", "or", "with":
		return errExpression
	}
	written := p.tokens[p.at]
	p.at++
	if strings.HasPrefix(word, "licenseref-") {
		rest := written[len("licenseref-"):]
		if rest == "" || strings.Trim(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != "" {
			return fmt.Errorf("%q is not a valid license reference", clip(word))
		}
		p.out = append(p.out, "LicenseRef-"+rest)
		return nil
	}
	stem, plus := strings.CutSuffix(word, "+")
	id, ok := knownLicenses().licenses[stem]
	if !ok {
		return fmt.Errorf("%q is not a license that SPDX knows", clip(written))
	}
	if plus {
		id += "+"
	}
	p.out = append(p.out, id)
	return nil
}

// license reads License-Expression and License-File.
func (r *reader) license() {
	if text := r.m.Metadata.LicenseExpression; text != "" {
		normal, err := NormalLicense(text)
		if err != nil {
			r.fault(CodeLicenseExpression, "License-Expression %q: %v", clip(text), err)
		}
		r.m.LicenseExpression = normal
		if r.m.License != "" {
			r.fault(CodeLicenseExpression, "has both License and License-Expression")
		}
	}
	for _, file := range r.m.LicenseFiles {
		switch {
		case strings.Contains(file, ".."), strings.Contains(file, "*"), path.IsAbs(file), strings.Contains(file, `\`), len(file) > 1 && file[1] == ':':
			r.fault(CodeLicenseFile, "License-File %q is not a relative path with slashes", clip(file))
		}
	}
}
