//go:build linux || darwin || freebsd

package app

import "syscall"

// freeSpace returns the bytes that may still be written below dir.
func freeSpace(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
