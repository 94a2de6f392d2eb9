// This file lets the Go files beside it declare functions without bodies, for go:linkname.
