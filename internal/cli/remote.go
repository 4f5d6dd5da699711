package cli

import (
	"context"
	"net/http"
	"time"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// addTimeout adds the flag that limits the time for a URL.
func addTimeout(f *pflag.FlagSet, timeout *time.Duration) {
	f.DurationVar(timeout, "timeout", 10*time.Minute, "give up on a URL after `DURATION`, such as 90s; 0 for no limit")
}

// auditURL audits the wheel at a URL. The members that are going to be read are
// fetched first, several at a time. The client uses the proxy of the environment.
func auditURL(ctx context.Context, address string, timeout time.Duration, o audit.Options) (*audit.Report, error) {
	f, err := remote.Open(ctx, address, remote.Options{Client: &http.Client{}, Timeout: timeout})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	o.ByName = !o.Verify
	wanted := func(name string) bool { return o.Verify || audit.MayContainCode(name) }
	if err := f.Prefetch(wanted); err != nil {
		return nil, err
	}
	return audit.New(o).Wheel(ctx, f, f.Size(), f.Name())
}
