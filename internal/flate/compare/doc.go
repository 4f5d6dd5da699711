// Package compare measures the decoder of package flate against others.
package compare
