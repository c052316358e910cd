//go:build !amd64

package retrieval

const wide = false

func scoreWide(*[planes]sketch, *sketch, int, int, *uint16) {}
