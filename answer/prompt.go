package answer

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// promptFiles are what the model is told. They are golden-tested; schema, prompts and parser (schema.go)
// change together.
//
//go:embed prompt
var promptFiles embed.FS

// PromptVersion names the prompts and the schema by their content: any change of a file changes it.
func PromptVersion() string {
	h := sha256.New()
	entries, err := fs.ReadDir(promptFiles, "prompt")
	if err != nil {
		panic(err) // unreachable: the directory is embedded
	}
	for _, f := range entries { // in order of name
		data, err := fs.ReadFile(promptFiles, "prompt/"+f.Name())
		if err != nil {
			panic(err) // unreachable
		}
		fmt.Fprintf(h, "%s %d\n%s", f.Name(), len(data), data)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// prompts are the prompt files, parsed.
type prompts struct {
	*template.Template
	version string
	system  map[string]string // the system prompts, written
	own     map[string]bool   // runs of words of the system prompts, which no claim may repeat
}

func newPrompts() prompts {
	p := prompts{Template: template.Must(template.ParseFS(promptFiles, "prompt/*.md", "prompt/*.txt")), version: PromptVersion(),
		system: map[string]string{}, own: map[string]bool{}}
	for _, name := range []string{"draft.md", "judge.md", "rewrite.md"} {
		p.system[name] = p.write(name, promptBounds)
		for _, run := range runs(p.system[name]) {
			p.own[run] = true
		}
	}
	return p
}

// promptBounds are the figures that the prompts name, which the program keeps.
var promptBounds = struct{ MaxClaims, MaxCites, MaxText, MaxQueries int }{maxClaims, maxCites, maxClaimText, maxQueries}

func (p prompts) write(name string, data any) string {
	var b strings.Builder
	if err := p.ExecuteTemplate(&b, name, data); err != nil {
		panic(err) // unreachable: the templates are embedded, and tests write all of them
	}
	return b.String()
}

// runLength is how many words in a row make a run.
const runLength = 7

// runs returns all runs of words in a text, folded.
func runs(text string) []string {
	ws := words(text)
	var out []string
	for i := 0; i+runLength <= len(ws); i++ {
		out = append(out, strings.Join(ws[i:i+runLength], " "))
	}
	return out
}

// passage is a part of an article as the model sees it: of one date, whole sentences.
type passage struct {
	N         int
	article   *corpus.Article
	span      corpus.Span
	asOf      corpus.Period
	sentences []corpus.Span // of the article's Text, without those that give instructions
	withheld  []corpus.Span // sentences that give instructions, which the model does not see

	Date, Source, Title, Lang, Text string
}

// Bounds of what the model is given.
const (
	maxPassages = 24
	maxPassage  = 1800 // bytes of one
	neighbour   = 260  // bytes of a sentence beside a passage that is taken along, for whom it speaks of
	maxHistory  = 3    // earlier questions
)

// passagesFor makes numbered passages of what was found, the sentences that the extractive drafter would
// quote first, within a budget of tokens.
func passagesFor(chosen []candidate, hits []retrieval.Hit, bounds corpus.Period, budget int) []passage {
	var out []passage
	add := func(a *corpus.Article, sp corpus.Span) {
		for _, piece := range pieces(a, sp) {
			if within(bounds, a.AsOf(piece)) {
				out = put(out, a, piece)
			}
		}
	}
	for _, c := range chosen {
		sp := c.span
		for _, h := range hits {
			if h.Chunk.Article == c.article && h.Chunk.Start <= sp.Start && sp.End <= h.Chunk.End {
				sp = h.Chunk.Span
				break
			}
		}
		add(c.article, sp)
	}
	for _, h := range hits {
		add(h.Chunk.Article, h.Chunk.Span)
	}
	var fit []passage
	for _, p := range out {
		if len(fit) == maxPassages {
			break
		}
		p.fill()
		if len(p.sentences) == 0 {
			continue
		}
		if cost := tokens(p.Text) + tokens(p.Source) + tokens(p.Title) + 30; cost > budget {
			continue
		} else {
			budget -= cost
		}
		p.N = len(fit) + 1
		fit = append(fit, p)
	}
	return fit
}

// pieces cuts a passage so that each piece has one date, and takes whole dated statements.
func pieces(a *corpus.Article, sp corpus.Span) []corpus.Span {
	var out []corpus.Span
	at := sp.Start
	gap := func(to int) {
		if at < to && strings.TrimSpace(a.Text[at:to]) != "" {
			out = append(out, corpus.Span{Start: at, End: to})
		}
	}
	for _, s := range a.Statements {
		if s.End <= sp.Start || s.Start >= sp.End {
			continue
		}
		gap(s.Start)
		out = append(out, s.Span)
		at = max(at, s.End)
	}
	if len(out) == 0 {
		return []corpus.Span{widened(a, sp)}
	}
	gap(sp.End)
	return out
}

// widened takes a short sentence before and after a passage along.
func widened(a *corpus.Article, sp corpus.Span) corpus.Span {
	lo, hi := max(0, sp.Start-neighbour), min(len(a.Text), sp.End+neighbour)
	for lo < sp.Start && !utf8.RuneStart(a.Text[lo]) {
		lo++
	}
	for hi > sp.End && hi < len(a.Text) && !utf8.RuneStart(a.Text[hi]) {
		hi--
	}
	out := sp
	if before := corpus.Sentences(a.Text[lo:sp.Start], a.Lang); len(before) > 1 || len(before) == 1 && lo == 0 {
		out.Start = lo + before[len(before)-1].Start
	}
	if after := corpus.Sentences(a.Text[sp.End:hi], a.Lang); len(after) > 1 || len(after) == 1 && hi == len(a.Text) {
		out.End = sp.End + after[0].End
	}
	if whole := a.AsOf(sp); a.AsOf(corpus.Span{Start: out.Start, End: sp.Start + 1}) != whole || a.AsOf(corpus.Span{Start: sp.End - 1, End: out.End}) != whole {
		return sp
	}
	return out
}

// put adds a piece, joined to one that it overlaps or follows in the same article and of the same date.
func put(ps []passage, a *corpus.Article, sp corpus.Span) []passage {
	asOf := a.AsOf(sp)
	for i := range ps {
		p := &ps[i]
		if p.article != a || p.asOf != asOf {
			continue
		}
		if p.span.Start <= sp.Start && sp.End <= p.span.End {
			return ps
		}
		lo, hi := min(p.span.Start, sp.Start), max(p.span.End, sp.End)
		touch := sp.Start <= p.span.End && p.span.Start <= sp.End
		if touch && hi-lo <= maxPassage {
			p.span = corpus.Span{Start: lo, End: hi}
			return ps
		}
		// What is there already is not shown twice.
		if sp.Start < p.span.End && p.span.Start < sp.End {
			if sp.Start < p.span.Start {
				sp.End = p.span.Start
			} else {
				sp.Start = p.span.End
			}
			if strings.TrimSpace(a.Text[sp.Start:sp.End]) == "" {
				return ps
			}
		}
	}
	return append(ps, passage{article: a, span: sp, asOf: asOf})
}

// fill writes what the model sees of a passage.
func (p *passage) fill() {
	a := p.article
	var b strings.Builder
	for _, s := range corpus.Sentences(a.Text[p.span.Start:p.span.End], a.Lang) {
		sp := corpus.Span{Start: p.span.Start + s.Start, End: p.span.Start + s.End}
		text := a.Text[sp.Start:sp.End]
		if instructs(text) {
			p.withheld = append(p.withheld, sp)
			continue
		}
		p.sentences = append(p.sentences, sp)
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(asData(text))
	}
	p.Text = b.String()
	p.Date, p.Lang = p.asOf.String(), asAttribute(a.Lang)
	if p.Date == "" {
		p.Date = "unknown"
	}
	p.Source, p.Title = asAttribute(a.Publisher), asAttribute(a.Title)
	if instructs(a.Title) {
		p.Title = ""
	}
	if instructs(a.Publisher) {
		p.Source = ""
	}
}

// asData makes text from articles and people one line that cannot forge a delimiter of the prompts: no
// control, bidi or invisible characters, no angle brackets of any kind, none of the marks with which chat
// templates tell roles apart.
func asData(s string) string {
	return dataMarks.Replace(Clean(s))
}

// dataMarks are the marks that data may not hold, and what stands for them.
var dataMarks = strings.NewReplacer(
	"<", "‹", ">", "›", "＜", "‹", "＞", "›", "﹤", "‹", "﹥", "›", "⟨", "‹", "⟩", "›", "〈", "‹", "〉", "›", "〈", "‹", "〉", "›",
	"❮", "‹", "❯", "›", "❬", "‹", "❭", "›", "≺", "‹", "≻", "›", "˂", "‹", "˃", "›",
	"[INST]", "(INST)", "[/INST]", "(/INST)", "```", "'''",
)

// asAttribute is asData for between quotation marks.
func asAttribute(s string) string {
	return clip(attributeMarks.Replace(asData(s)), 160)
}

var attributeMarks = strings.NewReplacer(`"`, "'", "“", "'", "”", "'")

// draftRequest writes the request for a draft.
func (p prompts) draftRequest(pl plan, q Question, ps []passage, now time.Time) ModelRequest {
	ask := struct {
		Today    string
		Passages []passage
		History  []string
		Lang     string
		Question string
	}{now.UTC().Format(time.DateOnly), ps, earlier(q.History), pl.lang, asData(pl.text)}
	return ModelRequest{
		System:   p.system["draft.md"],
		Messages: []Message{{Role: "user", Text: p.write("ask.txt", ask)}},
	}
}

// earlier returns the newest earlier questions as data. What was answered is left out: it was said from
// passages that are found again when they matter, and an answer is a way to smuggle words in.
func earlier(history []Turn) []string {
	var out []string
	for _, t := range history[max(0, len(history)-maxHistory):] {
		if s := asData(clip(Clean(t.Q), 400)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Words with which text speaks to a machine that reads it.
var (
	dropVerbs  = lang.SetOf(`ignore disregard forget override bypass ignora ignore ignoren olvida olvide olviden desestima desestime descarta omite`)
	dropThings = lang.SetOf(`instruction instructions prompt prompts rules rule guideline guidelines directive directives commands programming
context restrictions everything instrucciones instruccion reglas indicaciones directrices ordenes restricciones`)
	dropWhich = lang.SetOf(`all any the your previous prior above earlier my these those preceding other every system original initial former foregoing
todas todos las los tus sus anteriores previas cualquier estas mis cada`)
	sayVerbs  = lang.SetOf(`reply respond answer print output write repeat responde responda responded contesta conteste imprime repite escribe`)
	roles     = lang.SetOf(`system assistant user sistema asistente usuario`)
	sayHow    = lang.SetOf(`with that only exactly in solo solamente unicamente con que exactamente`)
	clauseNew = lang.SetOf(`please now and must should then also but simply just you por favor ahora y debes debe entonces tambien pero`)
)

// instructs reports whether a sentence gives instructions to a machine that reads it rather than saying
// something: to drop its instructions, to take on a part, to reply in some way. Such sentences of an
// article are neither shown to a model nor cited by it. It is a sieve, no proof: Verify is what holds.
func instructs(text string) bool {
	toks := lang.Tokens(text)
	w := spaced(toks)
	if hasAny(w, " system prompt ", " as an ai ", " you are now ", " you are an ai ", " your instructions ", " your guidelines ", " your programming ", " as a language model ", " in your response ", " in your answer ", " in your reply ", " in your output ", " your response must ", " your answer must ", " and nothing else ", " en tu respuesta ",
		" do anything now ", " tus instrucciones ", " ahora eres un ", " ahora eres una ", " eres una ia ", " prompt del sistema ") {
		return true
	}
	begins := func(i int) bool {
		return i == 0 || clauseNew.Has(toks[i-1].Fold) || strings.ContainsAny(text[toks[i-1].End:toks[i].Start], ".,;:!?\"“”'‘()[]{}<>-–—*#=|\n")
	}
	for i, t := range toks {
		if !begins(i) {
			continue
		}
		switch {
		case dropVerbs.Has(t.Fold):
			which := false
			for j := i + 1; j < len(toks) && j <= i+6; j++ {
				if dropThings.Has(toks[j].Fold) && (which || j == i+1) {
					return true
				}
				which = which || dropWhich.Has(toks[j].Fold)
			}
		case roles.Has(t.Fold) && strings.HasPrefix(strings.TrimLeft(text[t.End:], " \t]>*|"), ":") && (i == 0 || !strings.ContainsAny(text[toks[i-1].End:t.Start], ",")):
			return true // a turn of a conversation that never was
		case sayVerbs.Has(t.Fold) && i+1 < len(toks) && sayHow.Has(toks[i+1].Fold):
			return true
		}
	}
	return false
}
