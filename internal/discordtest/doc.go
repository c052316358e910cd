// Package discordtest is a fake Discord for tests and load generators, named like httptest: the REST interface
// and the gateway on one loopback port, and persons who use them.
//
//	s := discordtest.NewServer(t, discordtest.Options{Hosts: []string{"example.org"}})
//	guild := s.Guild("Clinic")
//	help := guild.Channel("help")
//	alice := s.User("alice", discordtest.Locale("es-ES"))
//
//	… start the bot with s.API ("http://127.0.0.1:port/api/v10") and s.Token …
//	s.WaitReady(1)
//
//	ask := alice.In(help).Slash("ask", discordtest.Opt("question", "How many visas in 2023?"))
//	reply := ask.WaitReply()                        // what stands in place of "thinking…"
//	sources := alice.In(help).Press(reply, "Sources").WaitReply()
//	form := alice.In(help).Press(reply, "Follow up").WaitModal()
//	alice.In(help).SubmitModal(form, map[string]string{"question": "and in 2022?"}).WaitReply()
//	alice.In(help).Select(reply, "Why?", []string{"Outdated"}).WaitReply()
//	alice.In(help).MessageMenu("Check against the sources", post.Message).WaitReply()
//	alice.In(help).Mention("how many?").WaitAnswer()
//	alice.DM("how many?").WaitAnswer()
//	choices := alice.In(help).Autocomplete("sources", "topic", "vis").WaitChoices()
//	golden(t, s.Transcript())
//
// # What it answers
//
// Any /api/vN prefix, or none. An interaction lives as on Discord: 3 seconds to the first response (by the
// server's clock, which stands still until Advance; or ExpireAck), 15 minutes for edits and follow-ups
// (ExpireToken), a second acknowledgement is refused with 40060, a deferral fixes whether the answer is
// ephemeral, the first follow-up after a deferral is its edit. Ephemeral messages cannot be fetched. What the
// bot reads of others' messages is empty unless it is mentioned or in direct messages. READY, RESUME with
// replay, heartbeats, shards, intents and the close codes are as documented; guild events go to the guild's
// shard, direct messages to shard 0. A client that closes with 1000 or 1001 has no session to resume.
//
// Without SetEndpoint interactions are delivered over the gateway; with it, as signed POSTs, which carry the time
// of the server's clock: a bot that looks at its own finds them too old after an Advance of minutes.
//
// # What it checks
//
// Every body is checked against Discord's OpenAPI description when that lies in shared/specs beside the
// checkout, and always against the limits of Discord's reference; a body against either is answered 400 (50035)
// and is a problem. House rules are problems only: allowed_mentions has to be {"parse":[]} in every message and
// edit, no text may hold a live mention, a link to a host outside Options.Hosts, a control or a bidirectional
// override; a custom_id is made of ids. So are unknown routes, a User-Agent that is not "DiscordBot (…", an edit
// that asks for ephemeral where everyone sees the message, and secrets in a body. A problem fails the test.
//
// # What goes wrong
//
//	s.Fault("POST", "/interactions/{id}/{token}/callback", discordtest.Fault{Cut: true, After: true})
//	s.Fault("", "", discordtest.Fault{Status: 429, Scope: "global", RetryAfter: 20 * time.Millisecond, Times: 3})
//	s.Limit("PATCH", "/webhooks/{app}/{token}/messages/@original", 1, 50*time.Millisecond, "")
//	s.NextOpenings(discordtest.OpenReconnect(), discordtest.OpenSilent(), discordtest.OpenClosed(4014))
//	s.Reconnect(-1); s.InvalidateSession(0, false); s.CloseGateway(-1, 4009); s.CutGateway(-1); s.Zombie(-1)
//	s.Revoke()
//	channel.Deny(discordtest.SendMessages)
//	ask.Redeliver()
//	alice.In(help).Slash("ask", …, discordtest.Without("member"))
//
// Wait methods block until something happens, never for a time, and end the test when Options.Patience or the
// test's deadline is over; they belong into the test's own goroutine, as t.FailNow does. Their forms with a
// context (Ack, Reply, FollowUp, Answer) return errors instead, for programs that use New. Under Options.Scale
// nothing is recorded and memory is bounded.
//
// Locks: one lock guards the server's state; a connection's own lock is taken under it, never the other way.
package discordtest
