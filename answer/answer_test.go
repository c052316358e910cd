package answer

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What is read back is what was written, and writes the same again.
func TestAnswerJSON(t *testing.T) {
	text := rapid.String()
	lines := rapid.SliceOfN(text, 0, 3)
	offset := rapid.IntRange(0, 1<<30)
	citation := rapid.Custom(func(t *rapid.T) Citation {
		return Citation{N: offset.Draw(t, "n"), Article: text.Draw(t, "article"), Start: offset.Draw(t, "start"), End: offset.Draw(t, "end"),
			Quote: text.Draw(t, "quote")}
	})
	claim := rapid.Custom(func(t *rapid.T) Claim {
		return Claim{Text: text.Draw(t, "text"), Citations: rapid.SliceOfN(citation, 1, 3).Draw(t, "citations"), AsOf: text.Draw(t, "as of")}
	})
	source := rapid.Custom(func(t *rapid.T) Source {
		return Source{N: offset.Draw(t, "n"), Article: text.Draw(t, "article"), Title: text.Draw(t, "title"), Publisher: text.Draw(t, "publisher"),
			Published: text.Draw(t, "published"), URL: text.Draw(t, "url"), Brief: rapid.Bool().Draw(t, "brief"), Lang: text.Draw(t, "lang")}
	})
	hit := rapid.Custom(func(t *rapid.T) Hit {
		return Hit{text.Draw(t, "article"), offset.Draw(t, "start"), offset.Draw(t, "end"), rapid.Float64().Draw(t, "score"), text.Draw(t, "quote"),
			text.Draw(t, "why")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a := Answer{ID: text.Draw(t, "id"), Question: text.Draw(t, "question"), Lang: text.Draw(t, "lang"),
			Status: rapid.SampledFrom([]Status{Answered, NotCovered, OutOfScope, NoAdvice}).Draw(t, "status"), Text: text.Draw(t, "text"),
			Claims: rapid.SliceOfN(claim, 0, 3).Draw(t, "claims"), Sources: rapid.SliceOfN(source, 0, 3).Draw(t, "sources"), AsOf: text.Draw(t, "as of"),
			Notes: lines.Draw(t, "notes"), Related: lines.Draw(t, "related"), Hits: rapid.SliceOfN(hit, 0, 3).Draw(t, "hits"), Drafter: text.Draw(t, "drafter"),
			Took: time.Duration(rapid.Int64Range(0, int64(100*time.Hour/time.Microsecond)).Draw(t, "took")) * time.Microsecond}
		first, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		got := Answer{ID: "to be overwritten", Notes: []string{"this too"}}
		if err := json.Unmarshal(first, &got); err != nil {
			t.Fatal(err)
		}
		want := a // with nil for every empty list
		for _, v := range []any{&want.Claims, &want.Sources, &want.Notes, &want.Related, &want.Hits} {
			if s := reflect.ValueOf(v).Elem(); s.Len() == 0 {
				s.SetZero()
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got\n%+v\nwant\n%+v", got, want)
		}
		if second, err := json.Marshal(got); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("written again:\n%s\nbefore:\n%s\n%v", second, first, err)
		}
	})
}

// The round trip above would not miss a field that neither direction knows.
func TestAnswerJSONComplete(t *testing.T) {
	if a, p := reflect.TypeFor[Answer]().NumField(), reflect.TypeFor[published]().NumField(); a != p {
		t.Errorf("Answer has %d fields, its JSON form %d", a, p)
	}
}

func TestAnswerUnmarshal(t *testing.T) {
	var a Answer
	if err := json.Unmarshal([]byte(`{"id":"1","claims":null,"later":{"x":1}}`), &a); err != nil || !reflect.DeepEqual(a, Answer{ID: "1"}) {
		t.Errorf("%+v, %v", a, err)
	}
	for _, bad := range []string{`[]`, `{"claims":{}}`, `{"took_ms":"1"}`, `"x"`} {
		if err := json.Unmarshal([]byte(bad), &a); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}
