package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Register makes commands the application's global commands when they differ from those that were
// registered last; registered tells whether it had to. It always sends the whole set, because Discord
// removes what is not in it.
//
// What was registered last is remembered in state as a hash of the commands, of the application and of
// the address they went to. When it cannot be remembered, registered is true beside the error, and the
// next start registers again, which does no harm.
func Register(ctx context.Context, rest *REST, state State, app string, commands []Command) (registered bool, err error) {
	_, hash, err := commandsJSON(commands)
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256([]byte(rest.base.String() + "\n" + app + "\n" + hash))
	want := hex.EncodeToString(sum[:])
	key := "discord.commands." + app
	last, err := state.Value(ctx, key)
	if err != nil {
		return false, fmt.Errorf("discord: commands registered last: %w", err)
	}
	if last == want {
		return false, nil
	}
	if err := rest.PutCommands(ctx, app, commands); err != nil {
		return false, err
	}
	if err := state.SetValue(ctx, key, want); err != nil {
		return true, fmt.Errorf("discord: commands are registered, but not remembered: %w", err)
	}
	return true, nil
}
