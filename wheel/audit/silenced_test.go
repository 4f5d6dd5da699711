package audit

import "github.com/wheeltag/wheeltag/wheel/finding"

// check returns the findings of a subject alone.
func (s *Subject) check() []finding.Finding { return s.ask().findings }
