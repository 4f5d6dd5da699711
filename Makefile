# The words for daily work; .ci/run is the gate. See CONTRIBUTING.md.

.PHONY: test short race lint generate bench

test: # everything that runs on this machine
	go test ./...

short: # in half a minute, without what is slow
	go test -short ./...

race: # with the race detector
	go test -race -short ./...

lint: # format, vet, static analysis, tidy modules
	.ci/run format

generate: # tables from internal/tools/data, expected outputs, the drawing, the list of the API
	go generate ./...
	go test ./internal/cli ./wheel/coverage -u

bench: # speed against auditwheel and Python, with published wheels in WHEELS
	go run ./internal/tools/bench -wheels $(or $(WHEELS),../shared/wheels)
