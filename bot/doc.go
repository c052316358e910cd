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
//
// Who sees what: an answer is public unless its asker or the server's settings make it private, and private
// when the settings cannot be read. Sources and votes are for those who can see the answer, sharing is for
// its asker and happens once, notices are for the person they are about. In a channel that its managers did
// not choose a mention gets no reply at all; a command gets a private one.
//
// What goes wrong is said: an engine that fails, a panic, a queue that is full or an answer that is no longer
// kept each become a sentence in the person's language, with a reference that is found in the log. A State
// that fails keeps nobody from an answer, only from the buttons below it. An event is claimed in the State
// before it is worked on, so that a redelivery or a second replica does not answer it again.
//
// What is kept of people goes by a keyed hash (persons); logs hold neither that nor what was asked.
package bot
