// Package bot is policybot on Discord: questions asked with a slash command, a mention, a direct message
// or a message's menu, answered with the proof one tap away.
//
//	gateway (discordgo) ─┐                                   ┌→ callback: the acknowledgement, within 3 s
//	                     ├→ Interaction → Bot.Handle → Ack ──┤
//	signed HTTP ─────────┘                          └ later ─┴→ answer → render → lint → edit of @original
//
// The core knows no transport: Handle takes what was decoded tolerantly, and gives an acknowledgement that
// needs no work and a function that does the work. Both transports send the acknowledgement and run the
// function in the same bounded pool.
//
// Nothing leaves without passing Lint, which holds the limits of Discord's reference, and every message
// carries allowed_mentions with an empty list: the bot cannot ping. Text of questions, articles and models
// is escaped by Escape; links are those of the library's own sources.
package bot
