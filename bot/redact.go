package bot

import (
	"regexp"
	"strings"
)

// redact masks, in a text that others made, the bot's token and every interaction's: the part of a path
// after /interactions/{id}/ and /webhooks/{id}/. What comes from a library or a server passes here before
// it reaches a log or an error.
func redact(s, token string) string {
	if token != "" {
		s = strings.ReplaceAll(s, token, "[token]")
	}
	for _, mark := range []string{"interactions", "webhooks", "Bot "} {
		if strings.Contains(s, mark) {
			return regexp.MustCompile(`((?:/|%2[Ff])(?:interactions|webhooks)(?:/|%2[Ff])[^/%\s"?]*(?:/|%2[Ff])|\bBot\s+)[^/%\s"?]+`).ReplaceAllString(s, "$1[token]")
		}
	}
	return s
}
