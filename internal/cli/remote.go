package cli

import (
	"context"
	"net/http"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// auditURL audits a wheel behind an address: its directory, its metadata and the
// members that may be machine code are fetched, each in one piece.
func auditURL(ctx context.Context, address string) (*audit.Report, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone() // with the proxy of the environment
	f, err := remote.Open(ctx, address, remote.Options{Client: &http.Client{Transport: transport}})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	members, err := f.Members()
	if err != nil {
		return nil, err
	}
	// Larger members come by reading ahead, so that memory stays bounded.
	const large, most = 16 << 20, 48 << 20
	var spans []remote.Span
	total := int64(0)
	for _, m := range members {
		if audit.MayContainCode(m.Name) && m.Span.Len < large && total+m.Span.Len < most {
			spans = append(spans, m.Span)
			total += m.Span.Len
		}
	}
	if err := f.Prefetch(spans...); err != nil {
		return nil, err
	}
	auditor := audit.New(audit.Options{ByName: true})
	return auditor.Wheel(ctx, f, f.Size(), f.Name())
}
