package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"
)

// persons names people by a keyed hash of their id: the same name for the same person as long as the key
// is kept, and no way back from the name to the id without it. An id of Discord is a small number that
// could be tried out, so a hash without a key would hide nobody.
//
// The key lies in the State, made at the first start. Who loses it can no longer tell whose the kept
// answers are: nobody can see their sources in private any more, or have them forgotten other than by
// their age. Who wants to make all that is kept anonymous deletes it.
type persons struct{ key []byte }

// personKey is the State's name for the key, and personKeySize its bytes.
const (
	personKey     = "person_key"
	personKeySize = 32
)

// name returns the name of the person with an id: 32 hexadecimal digits, "" for no id.
func (p persons) name(id string) string {
	if id == "" {
		return ""
	}
	m := hmac.New(sha256.New, p.key)
	io.WriteString(m, "person:"+id)
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// readPersons reads the key, or makes it when there is none. Of several replicas that start together on
// one new State, one makes it and the others wait for it.
func readPersons(ctx context.Context, s State, random io.Reader) (persons, error) {
	for {
		text, err := s.Value(ctx, personKey)
		if err != nil {
			return persons{}, fmt.Errorf("bot: read the key that people are named by: %w", err)
		}
		if text != "" {
			key, err := hex.DecodeString(text)
			if err != nil || len(key) != personKeySize {
				// Not replaced: with another key nobody's answers would be theirs any more.
				return persons{}, errors.New("bot: the key that people are named by is damaged: restore the state from a backup, " +
					"or delete the value " + personKey + ", which makes what is kept of people anonymous")
			}
			return persons{key}, nil
		}
		first, err := s.Once(ctx, "make:"+personKey, 10*time.Second)
		if err != nil {
			return persons{}, fmt.Errorf("bot: make the key that people are named by: %w", err)
		}
		if !first {
			select {
			case <-ctx.Done():
				return persons{}, fmt.Errorf("bot: wait for the key that people are named by: %w", ctx.Err())
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		key := make([]byte, personKeySize)
		if _, err := io.ReadFull(random, key); err != nil {
			return persons{}, fmt.Errorf("bot: make the key that people are named by: %w", err)
		}
		if err := s.SetValue(ctx, personKey, hex.EncodeToString(key)); err != nil {
			return persons{}, fmt.Errorf("bot: keep the key that people are named by: %w", err)
		}
	}
}
