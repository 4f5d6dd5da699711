package cli

import (
	"context"
	"net/http"
	"time"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// urlTimeout limits the time for one URL.
const urlTimeout = 10 * time.Minute

// auditURL audits the wheel at a URL. The members that may contain native code are
// fetched first, several at a time. The client uses the proxy of the environment.
func auditURL(ctx context.Context, address string) (*audit.Report, error) {
	f, err := remote.Open(ctx, address, remote.Options{Client: &http.Client{}, Timeout: urlTimeout})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := f.Prefetch(audit.MayContainCode); err != nil {
		return nil, err
	}
	auditor := audit.New(audit.Options{ByName: true})
	return auditor.Wheel(ctx, f, f.Size(), f.Name())
}
