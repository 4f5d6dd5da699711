// Package auditwheel is a model of auditwheel 6.8.2: [Show] works out what "show
// --json --ldpaths ”" prints for a wheel on a neutral host, by the tool's own
// rules, the wrong ones included, and [Differs] says by code why our platform tag
// is another one. Both serve the comparison alone: no verdict of ours depends on
// anything here.
package auditwheel
