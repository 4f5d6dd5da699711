// Package compare measures the decoder of package inflate against others.
package compare
